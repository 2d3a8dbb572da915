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

  /// The UTF-8 bytes of the input that some rows show, the newlines between them included.
  func bytes(ofRows range: Range<Int>) -> Range<Int> {
    rows[range.lowerBound].bytes.lowerBound..<rows[range.upperBound - 1].bytes.upperBound
  }

  /// - Parameters:
  ///   - text: the input.
  ///   - cursor: the position of the cursor in UTF-8 bytes.
  ///   - prompt: the width of the prompt, behind which the first line begins.
  ///   - indent: the column in which the other lines begin; what a line does not have room for begins in column 0.
  ///   - columns: the width of the terminal.
  init(_ text: String, cursor: Int, prompt: Int, indent: Int, columns: Int) {
    var builder = Builder(indent: indent, columns: columns, prompt: prompt)
    var text = text
    text.withUTF8 { builder.lay($0) }
    rows = builder.rows
    place(cursor, text, indent: indent, columns: columns)
  }

  /// The column behind a character that begins in `column`; tabs stop at every eighth column of the text.
  static func column(after scalar: Unicode.Scalar, at column: Int, indent: Int, columns: Int) -> Int {
    let width = scalar == "\t" ? 8 - (column - indent) & 7 : DisplayWidth.of(scalar)
    return min(columns, column + width)
  }

  /// Finds the row and the column of a position.
  private mutating func place(_ cursor: Int, _ text: String, indent: Int, columns: Int) {
    var (low, high) = (0, rows.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle].bytes.lowerBound <= cursor { low = middle } else { high = middle }
    }
    cursorRow = low
    cursorColumn = rows[low].column
    let start = text.utf8.index(text.startIndex, offsetBy: rows[low].bytes.lowerBound)
    let end = text.utf8.index(
      start, offsetBy: min(cursor, rows[low].bytes.upperBound) - rows[low].bytes.lowerBound)
    for scalar in text.unicodeScalars[start..<end] {
      cursorColumn = LineLayout.column(after: scalar, at: cursorColumn, indent: indent, columns: columns)
    }
  }

  /// Breaks a text into rows. Letters of one column, nearly all of any text, are taken a row at a time.
  private struct Builder {
    let indent: Int
    let columns: Int
    var rows: [Row] = []
    var row: Row

    init(indent: Int, columns: Int, prompt: Int) {
      (self.indent, self.columns) = (indent, columns)
      row = Row(bytes: 0..<0, column: prompt, end: prompt)
    }

    mutating func endRow(at end: Int, next: Int, isContinued: Bool) {
      row.bytes = row.bytes.lowerBound..<end
      row.isContinued = isContinued
      rows.append(row)
      let column = isContinued ? 0 : indent
      row = Row(bytes: next..<next, column: column, end: column)
    }

    mutating func lay(_ bytes: UnsafeBufferPointer<UInt8>) {
      var position = 0
      while position < bytes.count {
        var end = position
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] < 0x7F { end += 1 }
        while end - position >= columns - row.end {
          position += columns - row.end
          row.end = columns
          endRow(at: position, next: position, isContinued: true)
        }
        row.end += end - position
        position = end
        if end < bytes.count { position = layOther(bytes, at: end) }
      }
      row.bytes = row.bytes.lowerBound..<position
      rows.append(row)
    }

    /// A newline, a tab, or a character that may take any width; returns where the next one begins.
    private mutating func layOther(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
      if bytes[position] == 0x0A {
        endRow(at: position, next: position + 1, isContinued: false)
        return position + 1
      }
      var decoder = UTF8()
      var rest = bytes[position...].makeIterator()
      guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return position + 1 }
      let width = scalar == "\t" ? 0 : DisplayWidth.of(scalar)
      if row.end + min(width, columns) > columns { endRow(at: position, next: position, isContinued: true) }
      row.end = LineLayout.column(after: scalar, at: row.end, indent: indent, columns: columns)
      let next = position + UTF8.width(scalar)
      if row.end == columns { endRow(at: next, next: next, isContinued: true) }
      return next
    }
  }
}
