import ConvoTensor

/// Reads the rows of a table, twice: to count the cells, and to turn them into numbers.
struct CSVReader {
  private var lines: CSVLines
  private let options: TableOptions
  private(set) var warnings: [FormatWarning] = []

  init(_ bytes: UnsafeRawBufferPointer, _ options: TableOptions = TableOptions()) {
    lines = CSVLines(bytes)
    self.options = options
  }

  /// Whether bytes from the start of a file are text whose first or second line holds numbers only.
  static func recognises(_ prefix: FilePrefix) -> Bool {
    guard prefix.isText else { return false }
    return prefix.bytes.withUnsafeBytes { buffer in
      var reader = CSVReader(buffer)
      var place = reader.lines.start
      guard let first = reader.lines.next(&place) else { return false }
      let second = reader.lines.next(&place)
      let isCut = buffer.count < prefix.fileSize
      reader.chooseSeparator(first, second, isCut: isCut)
      return reader.isNumeric(first, isCut: isCut)
        || second.map { reader.isNumeric($0, isCut: isCut) } ?? false
    }
  }

  /// Takes the first of comma, semicolon, tab and bar that stands in the first line and makes numbers of the second, else
  /// a blank if that does.
  private mutating func chooseSeparator(_ first: CSVLines.Line, _ second: CSVLines.Line?, isCut: Bool = false)
  {
    let signs = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
    let candidates = signs.filter { lines.holds($0, first) }
    for separator in candidates + [0x20] {
      lines.separator = separator
      if isNumeric(second ?? first, isCut: isCut) { return }
    }
    lines.separator = candidates.first ?? 0x20
  }

  /// Whether a line holds numbers and missing values only. A line that goes on behind the bytes is judged by its whole
  /// cells.
  private func isNumeric(_ line: CSVLines.Line, isCut: Bool) -> Bool {
    var cells = lines.cells(of: line)
    if isCut, line.range.upperBound == lines.bytes.count, cells.count > 1 { cells.removeLast() }
    return cells.allSatisfy { lines.value($0) != nil } && cells.contains { lines.number($0) != nil }
  }

  /// Whether a line names columns: a cell is no number, or the first is empty.
  private func isHeader(_ line: CSVLines.Line) -> Bool {
    let cells = lines.cells(of: line)
    return (cells.count > 1 && cells[0].isEmpty) || cells.contains { lines.value($0) == nil }
  }

  /// The table.
  mutating func read() throws(FormatProblem) -> Tensor {
    if let separator = options.separator { lines.separator = separator }
    var start = lines.start
    var place = start
    guard let first = lines.next(&place) else {
      throw .damaged(format: "CSV", what: "it holds no numbers", at: nil)
    }
    if options.separator == nil {
      var next = place
      chooseSeparator(first, lines.next(&next))
    }
    if options.header ?? isHeader(first) {
      if options.header == nil { warnings.append(.skipped("the header in line \(first.number)")) }
      start = place
    }
    let (rows, columns) = try measure(from: start)
    guard rows > 0 else { throw .damaged(format: "CSV", what: "it holds no numbers", at: nil) }
    var tensor = try Tensor.unfilled(
      [rows, columns], format: "CSV", holding: "the table [\(rows), \(columns)]")
    try tensor.fill { (floats) throws(FormatProblem) in
      place = start
      var index = 0
      while let line = lines.next(&place) {
        var failure: FormatProblem?
        lines.eachCell(of: line) { cell in
          if let value = lines.value(cell) {
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

  private func measure(from start: CSVLines.Place) throws(FormatProblem) -> (rows: Int, columns: Int) {
    var place = start
    var (rows, columns) = (0, 0)
    while let line = lines.next(&place) {
      if line.isOpen {
        throw .damaged(format: "CSV", what: "a quote is not closed", at: .line(line.number))
      }
      var count = 0
      lines.eachCell(of: line) { _ in count += 1 }
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
