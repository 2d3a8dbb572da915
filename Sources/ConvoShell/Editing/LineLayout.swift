/// Where an input stands on the screen: its rows, and the place of the cursor.
struct LineLayout {
  /// One row of the screen.
  struct Row: Equatable {
    /// The UTF-8 bytes of the input that it shows, without a newline at the end.
    var bytes: Range<Int>
    /// The column of its first character.
    var column: Int
    /// The column behind its last character.
    var end: Int
    /// Whether the next row goes on with the same line.
    var isContinued = false
  }

  private(set) var rows: [Row] = []
  /// Where the cursor stands.
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0

  /// The row and the column behind the last character.
  var endRow: Int { rows.count - 1 }
  var endColumn: Int { rows[rows.count - 1].end }

  /// - Parameters:
  ///   - text: the input; lines after the first begin in column 0.
  ///   - cursor: the position of the cursor in UTF-8 bytes.
  ///   - indent: the width of the prompt.
  ///   - columns: the width of the terminal.
  init(_ text: String, cursor: Int, indent: Int, columns: Int) {
    var row = Row(bytes: 0..<0, column: indent, end: indent)
    var position = 0
    var rows: [Row] = []
    var place = (row: 0, column: 0)
    func endRow(at end: Int, next: Int, isContinued: Bool) {
      row.bytes = row.bytes.lowerBound..<end
      row.isContinued = isContinued
      rows.append(row)
      row = Row(bytes: next..<next, column: 0, end: 0)
    }
    for scalar in text.unicodeScalars {
      let length = UTF8.width(scalar)
      let width = scalar == "\n" ? 0 : scalar == "\t" ? 8 - row.end & 7 : DisplayWidth.of(scalar)
      if row.end + min(width, columns) > columns, scalar != "\t" {
        endRow(at: position, next: position, isContinued: true)
      }
      if position == cursor { place = (rows.count, row.end) }
      position += length
      if scalar == "\n" {
        endRow(at: position - length, next: position, isContinued: false)
        continue
      }
      row.end = min(columns, row.end + width)
      if row.end == columns { endRow(at: position, next: position, isContinued: true) }
    }
    if position <= cursor { place = (rows.count, row.end) }
    row.bytes = row.bytes.lowerBound..<position
    self.rows = rows + [row]
    (cursorRow, cursorColumn) = place
  }
}
