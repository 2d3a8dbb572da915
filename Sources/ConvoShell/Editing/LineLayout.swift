/// Where each character of an input stands on the screen, by the rules with which libedit draws it.
struct LineLayout {
  /// One character with its place.
  struct Cell {
    var scalar: Unicode.Scalar
    var row: Int
    var column: Int
  }

  private(set) var cells: [Cell] = []
  /// Where the cursor stands.
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0
  /// The row and the column behind the last character.
  private(set) var endRow = 0
  private(set) var endColumn = 0
  /// Whether there are characters that libedit draws in its own way, such as `^A`.
  private(set) var hasStrangeCharacters = false

  /// - Parameters:
  ///   - text: the input; lines after the first begin in column 0.
  ///   - cursor: the position of the cursor in UTF-8 bytes.
  ///   - indent: the width of the prompt.
  ///   - columns: the width of the terminal.
  init(_ text: String, cursor: Int, indent: Int, columns: Int) {
    var row = 0
    var column = indent
    var position = 0
    func wrapped() {
      if column >= columns {
        row += 1
        column = 0
      }
    }
    for scalar in text.unicodeScalars {
      if position == cursor { (cursorRow, cursorColumn) = (row, column) }
      position += UTF8.width(scalar)
      switch scalar {
      case "\n":
        cells.append(Cell(scalar: scalar, row: row, column: column))
        row += 1
        column = 0
      case "\t":
        cells.append(Cell(scalar: scalar, row: row, column: column))
        repeat {
          column += 1
          wrapped()
        } while column & 7 != 0
      default:
        if scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0) {
          hasStrangeCharacters = true
        }
        let width = DisplayWidth.of(scalar)
        if column + width > columns {
          row += 1
          column = 0
        }
        cells.append(Cell(scalar: scalar, row: row, column: column))
        column += width
        wrapped()
      }
    }
    if position <= cursor { (cursorRow, cursorColumn) = (row, column) }
    (endRow, endColumn) = (row, column)
  }
}
