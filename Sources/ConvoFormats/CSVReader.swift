import ConvoTensor

/// Reads the rows of a table, twice: to count the cells, and to turn them into numbers.
struct CSVReader {
  private let lines: CSVLines
  private(set) var warnings: [FormatWarning] = []

  init(_ bytes: UnsafeRawBufferPointer) { lines = CSVLines(bytes) }

  /// Whether bytes from the start of a file are text whose first or second line holds numbers only.
  static func recognises(_ prefix: FilePrefix) -> Bool {
    guard prefix.isText else { return false }
    return prefix.bytes.withUnsafeBytes { buffer in
      let lines = CSVLines(buffer)
      var place = lines.start
      guard let first = lines.next(&place) else { return false }
      let separator = lines.separator(of: first)
      // A line that goes on behind the bytes is judged by its whole cells.
      let isNumeric = { (line: CSVLines.Line) in
        let isCut = buffer.count < prefix.fileSize && line.range.upperBound == buffer.count
        var cells = lines.cells(of: line, separator)
        if isCut, cells.count > 1 { cells.removeLast() }
        return cells.allSatisfy { lines.number($0) != nil }
      }
      if isNumeric(first) { return true }
      guard let second = lines.next(&place) else { return false }
      return isNumeric(second)
    }
  }

  /// The table.
  mutating func read() throws(FormatProblem) -> Tensor {
    var start = lines.start
    var place = start
    guard let first = lines.next(&place) else {
      throw .damaged(format: "CSV", what: "it holds no numbers", at: nil)
    }
    let separator = lines.separator(of: first)
    if lines.cells(of: first, separator).allSatisfy({ lines.number($0) == nil }) {
      warnings.append(.skipped("the header in line \(first.number)"))
      start = place
    }
    let (rows, columns) = try measure(from: start, separator)
    guard rows > 0 else { throw .damaged(format: "CSV", what: "it holds no numbers", at: nil) }
    var tensor = try Tensor.unfilled(
      [rows, columns], format: "CSV", holding: "the table [\(rows), \(columns)]")
    try tensor.fill { (floats) throws(FormatProblem) in
      place = start
      var index = 0
      while let line = lines.next(&place) {
        var failure: FormatProblem?
        lines.eachCell(of: line, separator) { cell in
          if let value = lines.number(cell) {
            floats[index] = value
          } else if failure == nil {
            let what = "\(lines.words(cell)) in column \(index % columns + 1) is no number"
            failure = .damaged(format: "CSV", what: what, at: .line(line.number))
          }
          index += 1
        }
        if let failure { throw failure }
      }
    }
    return tensor
  }

  private func measure(
    from start: CSVLines.Place, _ separator: UInt8
  ) throws(FormatProblem) -> (rows: Int, columns: Int) {
    var place = start
    var (rows, columns) = (0, 0)
    while let line = lines.next(&place) {
      var count = 0
      lines.eachCell(of: line, separator) { _ in count += 1 }
      if rows == 0 { columns = count }
      guard count == columns else {
        let what = "the row has \(count) cells, the first row has \(columns)"
        throw .damaged(format: "CSV", what: what, at: .line(line.number))
      }
      rows += 1
    }
    return (rows, columns)
  }
}
