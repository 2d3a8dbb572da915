internal import ConvoFormats

/// How a run of text looks, apart from any terminal.
public struct Style: Sendable, Hashable {
  /// A colour of a letter or of its ground.
  public enum Color: Sendable, Hashable {
    /// One of the 16 colours that the user's terminal theme sets: 1 red, 2 green, 3 yellow, 4 blue, 5 magenta, 6 cyan.
    case theme(UInt8)
    /// A colour of a picture or of a weight.
    case rgb(UInt8, UInt8, UInt8)
  }
  /// The letters' colour, or the terminal's own.
  public var foreground: Color?
  /// The ground's colour, or the terminal's own.
  public var background: Color?
  /// Bold letters.
  public var isBold = false
  /// Faint letters.
  public var isDim = false

  /// A look; without arguments the terminal's own.
  public init(
    _ foreground: Color? = nil, on background: Color? = nil, bold: Bool = false, dim: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.isBold = bold
    self.isDim = dim
  }

  /// As the terminal writes anyway.
  public static let plain = Style()
  /// `error:` and the carets.
  public static let error = Style(.theme(1), bold: true)
  /// `warning:`
  public static let warning = Style(.theme(3), bold: true)
  /// `note:` and what only frames the text.
  public static let frame = Style(.theme(4))
  /// `help:`
  public static let help = Style(.theme(2))
  /// What matters most of a line.
  public static let strong = Style(bold: true)
  /// What matters least of a line.
  public static let faint = Style(dim: true)
  /// A variable's name before its summary.
  public static let name = Style(.theme(6), bold: true)
  /// Something that needs a look: NaN in a tensor.
  public static let alarm = Style(.theme(1))
}

/// Text in runs of one look each; what it looks like on a terminal is decided when it is rendered.
public struct StyledText: Sendable, Equatable, ExpressibleByStringLiteral {
  /// Some text of one look.
  public struct Run: Sendable, Equatable {
    /// The text.
    public var text: String
    /// Its look.
    public var style: Style
  }
  /// The runs in order.
  public private(set) var runs: [Run] = []

  /// Nothing yet.
  public init() {}

  /// Text of one look.
  public init(_ text: String, _ style: Style = .plain) {
    append(text, style)
  }

  /// Plain text.
  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// Adds text of one look. What would control a terminal becomes visible, but for newlines and tabs.
  public mutating func append(_ text: String, _ style: Style = .plain) {
    add(text.visibleLines, style)
  }

  /// Adds typed text of one look as it is: the editor itself makes it visible, each character in its column.
  mutating func append(typed text: String, _ style: Style) { add(text, style) }

  private mutating func add(_ text: String, _ style: Style) {
    guard !text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].style == style {
      runs[last].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  /// Adds styled text.
  public mutating func append(_ other: StyledText) {
    for run in other.runs { add(run.text, run.style) }
  }

  /// Both, one after the other.
  public static func + (left: StyledText, right: StyledText) -> StyledText {
    var result = left
    result.append(right)
    return result
  }

  /// Whether there is no text.
  public var isEmpty: Bool { runs.isEmpty }

  /// The text without its looks.
  public var string: String { runs.map(\.text).joined() }

  /// The number of columns on a terminal, for text of one line.
  public var width: Int { runs.reduce(0) { $0 + DisplayWidth.of($1.text) } }

  /// Fills with blanks up to `width` columns.
  public func padded(to width: Int) -> StyledText {
    let missing = width - self.width
    return missing > 0 ? self + StyledText(String(repeating: " ", count: missing)) : self
  }
}
