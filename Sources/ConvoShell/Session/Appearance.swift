/// How a session's text is to look where it goes.
public struct Appearance: Sendable {
  /// The colours of results.
  public var output: ColorDepth
  /// The colours of diagnostics.
  public var diagnostics: ColorDepth
  /// The columns and rows of the terminal, or what stands for them where there is none.
  public var columns: Int
  /// Whether diagnostics go to a terminal, and are broken between words to fit its columns.
  public var wrapsDiagnostics = false
  /// Whether results go to a terminal, and are broken between elements to fit its columns.
  public var wrapsResults = false
  /// The rows that a drawing may take.
  public var rows: Int
  /// How pictures reach the terminal.
  public var graphics = GraphicsProtocol.blocks
  /// The pixels of a cell, where pictures are pixels.
  public var cell = CellSize.usual
  /// The number of the next picture, 1 to 255, where tmux stands between the program and the terminal.
  var tmuxPicture: UInt8?
  /// The signs that charts are drawn with.
  public var glyphs = ChartGlyphs.fine

  /// Plain text of 110 columns, unless told otherwise.
  public init(
    output: ColorDepth = .none, diagnostics: ColorDepth = .none, columns: Int = 110, rows: Int = 40
  ) {
    self.output = output
    self.diagnostics = diagnostics
    self.columns = columns
    self.rows = rows
  }
}
