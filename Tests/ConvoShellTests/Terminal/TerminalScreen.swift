@testable import ConvoShell

/// What a terminal shows after the bytes that a program has written: letters with their looks, and the cursor.
///
/// It knows the sequences that convo uses for `xterm-256color`, wraps like xterm, and answers nothing.
struct TerminalScreen {
  /// One column of one row.
  struct Cell: Equatable {
    /// A letter with its combining marks; empty for the right half of a wide one.
    var text = " "
    /// The numbers of the last `ESC [ … m`, such as `36`; empty for the terminal's own look.
    var look = ""
  }

  private(set) var cells: [[Cell]]
  private(set) var row = 0
  private(set) var column = 0
  private var look = ""
  private var saved = (row: 0, column: 0)
  /// Which rows were full when the next letter came.
  private var runsOn: [Bool]
  /// A full row moves the cursor only with the next letter.
  private var isWrapPending = false
  private var pending: [UInt8] = []

  init(columns: Int, rows: Int) {
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    runsOn = Array(repeating: false, count: rows)
  }

  private var columns: Int { cells[0].count }
  private var rows: Int { cells.count }

  /// The rows as text, without the blanks at their ends.
  var lines: [String] {
    cells.map { row in
      var text = row.map(\.text).joined()
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  /// The rows down to the last that is not empty.
  var text: String {
    var lines = lines
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// The looks of the letters of the last row that holds `text`, or nil.
  func looks(of text: String) -> [String]? {
    let wanted = text.map(String.init)
    for row in cells.reversed() {
      for start in row.indices where start + wanted.count <= row.count {
        let part = row[start..<(start + wanted.count)]
        if part.map(\.text) == wanted { return part.map(\.look) }
      }
    }
    return nil
  }

  /// Another size. Rows that ran into the next are broken anew, and the cursor stays at its letter, as most terminals do.
  mutating func resize(columns: Int, rows: Int) {
    var lines: [[Cell]] = [[]]
    var cursor = (line: 0, offset: 0)
    for index in cells.indices {
      if index == row { cursor = (lines.count - 1, lines[lines.count - 1].count + column) }
      var content = cells[index]
      if !runsOn[index] { while content.last == Cell() { content.removeLast() } }
      lines[lines.count - 1] += content
      if !runsOn[index] { lines.append([]) }
    }
    lines.removeLast()
    while lines.count > cursor.line + 1, lines.last == [] { lines.removeLast() }
    (cells, runsOn) = ([], [])
    for (index, line) in lines.enumerated() {
      var rest = line[...]
      let firstRow = cells.count
      repeat {
        let part = Array(rest.prefix(columns))
        rest = rest.dropFirst(columns)
        cells.append(part + Array(repeating: Cell(), count: columns - part.count))
        runsOn.append(!rest.isEmpty)
      } while !rest.isEmpty
      if index == cursor.line {
        (row, column) = (firstRow + cursor.offset / columns, cursor.offset % columns)
      }
    }
    while cells.count <= max(row, rows - 1) {
      cells.append(Array(repeating: Cell(), count: columns))
      runsOn.append(false)
    }
    let above = max(0, row + 1 - rows)
    cells = Array(cells[above...].prefix(rows))
    runsOn = Array(runsOn[above...].prefix(rows))
    row -= above
    isWrapPending = false
  }

  /// Takes what the program wrote; a sequence or letter that is cut short waits for its rest.
  mutating func write(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var index = 0
    while index < pending.count, let length = length(at: index) {
      let unit = pending[index..<(index + length)]
      index += length
      switch unit[unit.startIndex] {
      case 0x1B: control(Array(unit.dropFirst()))
      case 0x0D: move(row, 0)
      case 0x0A: lineFeed()
      case 0x08: move(row, column - 1)
      case 0x09: move(row, min(columns - 1, column / 8 * 8 + 8))
      case 0x00..<0x20: break
      default: for scalar in String(decoding: unit, as: UTF8.self).unicodeScalars { put(scalar) }
      }
    }
    pending.removeFirst(index)
  }

  /// The bytes of the letter or sequence that begins at `index`; nil while it is not whole.
  private func length(at index: Int) -> Int? {
    let first = pending[index]
    let left = pending.count - index
    guard first == 0x1B else {
      let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      return length <= left ? length : nil
    }
    guard left > 1 else { return nil }
    if pending[index + 1] != 0x5B { return (0x20...0x2F).contains(pending[index + 1]) ? 3 : 2 }
    return pending[(index + 2)...].firstIndex { (0x40...0x7E).contains($0) }.map { $0 - index + 1 }
  }

  private mutating func move(_ row: Int, _ column: Int) {
    self.row = min(max(row, 0), rows - 1)
    self.column = min(max(column, 0), columns - 1)
    isWrapPending = false
  }

  private mutating func lineFeed() {
    isWrapPending = false
    if row + 1 < rows {
      row += 1
    } else {
      cells.removeFirst()
      cells.append(Array(repeating: Cell(), count: columns))
      runsOn.removeFirst()
      runsOn.append(false)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = DisplayWidth.of(scalar)
    if width == 0 {
      let target = isWrapPending ? column : max(0, column - 1)
      let base = cells[row][target].text.isEmpty && target > 0 ? target - 1 : target
      cells[row][base].text.unicodeScalars.append(scalar)
      return
    }
    if isWrapPending || column + width > columns {
      runsOn[row] = true
      lineFeed()
      column = 0
    }
    cells[row][column] = Cell(text: String(scalar), look: look)
    if width == 2 { cells[row][column + 1] = Cell(text: "", look: look) }
    isWrapPending = column + width == columns
    column = min(columns - 1, column + width)
  }

  private mutating func control(_ bytes: [UInt8]) {
    let final = bytes.last.map { Character(Unicode.Scalar($0)) } ?? " "
    guard bytes.first == 0x5B else {
      switch final {
      case "7": saved = (row, column)
      case "8": move(saved.row, saved.column)
      case "M": move(row - 1, column)
      default: break
      }
      return
    }
    let text = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    if text.hasPrefix("?") { return }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let first = numbers.first ?? 0
    let count = max(1, first)
    switch final {
    case "A": move(row - count, column)
    case "B": move(row + count, column)
    case "C": move(row, column + count)
    case "D": move(row, column - count)
    case "G": move(row, count - 1)
    case "H", "f": move(count - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case "J":
      erase(row, first == 0 ? column..<columns : 0..<columns)
      for line in cells.indices where first == 2 || line > row { erase(line, 0..<columns) }
    case "K": erase(row, first == 0 ? column..<columns : first == 1 ? 0..<(column + 1) : 0..<columns)
    case "P":
      let rest = Array(cells[row][min(columns, column + count)...])
      cells[row].replaceSubrange(column..., with: rest + blanks(columns - column - rest.count))
    case "@":
      let rest = cells[row][column..<max(column, columns - count)]
      cells[row].replaceSubrange(column..., with: (blanks(count) + rest).prefix(columns - column))
    case "X": erase(row, column..<min(columns, column + count))
    case "m": look = first == 0 && numbers.count <= 1 ? "" : text
    default: break
    }
  }

  private func blanks(_ count: Int) -> [Cell] { Array(repeating: Cell(), count: max(0, count)) }

  private mutating func erase(_ line: Int, _ range: Range<Int>) {
    for index in range { cells[line][index] = Cell() }
    runsOn[line] = false
  }
}
