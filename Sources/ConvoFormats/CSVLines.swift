/// A text as lines of cells.
///
/// A cell in quotes may hold separators and line ends; a quote opens only where a cell begins.
struct CSVLines {
  /// Where the next line begins, and its number, counted from 1.
  struct Place {
    var offset: Int
    var number: Int
  }

  /// A line that holds cells, without its line end and without a comment behind them.
  struct Line {
    let range: Range<Int>
    let number: Int
    /// Whether the text ends within quotes that the line opens.
    let isOpen: Bool
  }

  let bytes: UnsafeRawBufferPointer
  /// What stands between cells; blanks count once, however many there are.
  var separator: UInt8 = 0x20

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The start of the text, behind a byte order mark if there is one.
  var start: Place { Place(offset: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, number: 1) }

  /// The next line that is neither blank nor a comment.
  func next(_ place: inout Place) -> Line? {
    while place.offset < bytes.count {
      let (line, hasComment) = takeLine(&place)
      if !trimmed(line.range).isEmpty { return line }
      // Between tabs, blank cells are cells.
      if separator == 0x09, !hasComment, bytes[line.range].contains(0x09) { return line }
    }
    return nil
  }

  private func takeLine(_ place: inout Place) -> (line: Line, hasComment: Bool) {
    let (first, number) = (place.offset, place.number)
    var end = first
    var comment: Int?
    var isQuoted = false
    scan: while end < bytes.count {
      let byte = bytes[end]
      // All that matters here stands before the digits.
      if byte <= UInt8(ascii: "#") {
        switch byte {
        case 0x0a, 0x0d:
          if !isQuoted { break scan }
          if !isFirstOfTwo(end) { place.number += 1 }
        case UInt8(ascii: "\"") where comment == nil:
          if !isQuoted {
            isQuoted = opensCell(end, from: first)
          } else if end + 1 < bytes.count, bytes[end + 1] == byte {
            end += 1
          } else {
            isQuoted = false
          }
        case UInt8(ascii: "#") where comment == nil && !isQuoted:
          if beginsComment(end, from: first) { comment = end }
        default: break
        }
      }
      end += 1
    }
    place.offset = end + (isFirstOfTwo(end) ? 2 : 1)
    place.number += 1
    return (Line(range: first..<(comment ?? end), number: number, isOpen: isQuoted), comment != nil)
  }

  /// Whether a carriage return and a newline make one line end.
  private func isFirstOfTwo(_ index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index] == 0x0d && bytes[index + 1] == 0x0a
  }

  private func opensCell(_ index: Int, from first: Int) -> Bool {
    index == first || bytes[index - 1] == separator || CSVLines.ends(cell: bytes[index - 1])
  }

  /// Whether the byte ends a cell, whatever the separator is.
  private static func ends(cell byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
      || byte == UInt8(ascii: "|")
  }

  /// Whether a `#` begins a comment, and does not belong to a name such as `C#` or to what spreadsheets write for errors.
  private func beginsComment(_ index: Int, from first: Int) -> Bool {
    if index > first {
      let before = bytes[index - 1]
      if before == UInt8(ascii: ".") || before | 0x20 >= UInt8(ascii: "a") { return false }
    }
    let errors = ["#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!"]
    return !errors.contains { error in
      let end = index + error.utf8.count
      guard end <= bytes.count, bytes[index..<end].elementsEqual(error.utf8) else { return false }
      return end == bytes.count || bytes[end] < 0x20
        || (bytes[end] != 0x20 && CSVLines.ends(cell: bytes[end])) || bytes[end] == separator
    }
  }

  /// Whether the byte stands in a line outside of quotes.
  func holds(_ byte: UInt8, _ line: Line) -> Bool {
    var index = line.range.lowerBound
    while index < line.range.upperBound {
      if bytes[index] == UInt8(ascii: "\""), opensCell(index, from: line.range.lowerBound) {
        index = endOfQuotes(index, line.range.upperBound)
        continue
      }
      if bytes[index] == byte { return true }
      index += 1
    }
    return false
  }

  /// Hands each cell to `body`, without the blanks and the quotes around it.
  @inline(__always)
  func eachCell(of line: Line, _ body: (Range<Int>) -> Void) {
    let whole = separator == 0x20 ? trimmed(line.range) : line.range
    var first = whole.lowerBound
    let end = whole.upperBound
    while true {
      var last = first
      while last < end, bytes[last] == 0x20 { last += 1 }
      if last < end, bytes[last] == UInt8(ascii: "\"") { last = endOfQuotes(last, end) }
      while last < end, bytes[last] != separator { last += 1 }
      body(unquoted(trimmed(first..<last)))
      if last >= end { return }
      first = last + 1
      if separator == 0x20 {
        while first < end, bytes[first] == 0x20 { first += 1 }
      }
    }
  }

  func cells(of line: Line) -> [Range<Int>] {
    var result: [Range<Int>] = []
    eachCell(of: line) { result.append($0) }
    return result
  }

  /// A cell as an error shows it.
  func words(_ cell: Range<Int>) -> String {
    let shown = String(decoding: bytes[cell].prefix(20), as: UTF8.self)
    return shown.debugDescription + (cell.count > 20 ? "…" : "")
  }

  /// Behind the quote that closes the one at `index`.
  private func endOfQuotes(_ index: Int, _ end: Int) -> Int {
    var index = index + 1
    while index < end {
      if bytes[index] == UInt8(ascii: "\"") {
        guard index + 1 < end, bytes[index + 1] == UInt8(ascii: "\"") else { return index + 1 }
        index += 1
      }
      index += 1
    }
    return end
  }

  @inline(__always)
  private func unquoted(_ cell: Range<Int>) -> Range<Int> {
    let quote = UInt8(ascii: "\"")
    guard cell.count >= 2, bytes[cell.lowerBound] == quote, bytes[cell.upperBound - 1] == quote else {
      return cell
    }
    return trimmed(cell.lowerBound + 1..<cell.upperBound - 1)
  }

  @inline(__always)
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
    while low < high, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
    return low..<high
  }
}
