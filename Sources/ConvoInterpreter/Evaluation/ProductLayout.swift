/// Lays out patch × kernel = products for a few channels, all in the same way.
///
/// Side by side where the terminal has room for that, with fewer digits if need be; else the products below the other two;
/// else all three below one another.
struct ProductLayout {
  /// A channel with the blocks of its product.
  struct Row {
    /// `c0`, or nothing where there is one channel.
    var label: String
    /// The patch, the kernel and their products.
    var blocks: [Patch]
  }
  private enum Way {
    case beside
    case productsBelow
    case allBelow
  }
  private let rows: [Row]
  private let columns: Int
  private let way: Way
  private let digits: Patch.Digits

  /// A layout for so many columns.
  init(_ rows: [Row], columns: Int) {
    let indent = 2 + (rows.map { $0.label.count + ($0.label.isEmpty ? 0 : 2) }.max() ?? 0)
    self.rows = rows
    self.columns = columns
    func width(_ row: Row, _ count: Int, _ digits: Patch.Digits) -> Int {
      let blocks = row.blocks.prefix(count).map { $0.text(columns: .max, digits).map(\.count).max() ?? 0 }
      return blocks.reduce(5 * (count - 1), +)
    }
    for digits in Patch.Digits.allCases
    where rows.allSatisfy({ width($0, 3, digits) <= columns - indent }) {
      (way, self.digits) = (.beside, digits)
      return
    }
    for digits in Patch.Digits.allCases
    where rows.allSatisfy({ width($0, 2, digits) <= columns - indent - 3 }) {
      (way, self.digits) = (.productsBelow, digits)
      return
    }
    (way, digits) = (.allBelow, .four)
  }

  /// The lines of all channels.
  var lines: [String] { rows.flatMap(lines) }

  private func lines(_ row: Row) -> [String] {
    let label = row.label.isEmpty ? "" : row.label + "  "
    let room = columns - 2 - label.count - (way == .beside ? 0 : 3)
    let blocks = row.blocks.map { $0.text(columns: way == .allBelow ? room : .max, digits) }
    var lines: [String]
    switch way {
    case .beside: lines = beside(blocks, ["×", "="])
    case .productsBelow:
      lines = beside(Array(blocks.prefix(2)), ["×"]).map { "   " + $0 } + marked(blocks[2], "=")
    case .allBelow: lines = blocks[0].map { "   " + $0 } + marked(blocks[1], "×") + marked(blocks[2], "=")
    }
    for index in lines.indices {
      let head = index == 0 ? label : String(repeating: " ", count: label.count)
      lines[index] = "  " + head + lines[index]
    }
    return lines
  }

  /// Blocks of as many lines each, with a sign between two in the middle line.
  private func beside(_ blocks: [[String]], _ signs: [String]) -> [String] {
    let widths = blocks.map { $0.map(\.count).max() ?? 0 }
    let height = blocks[0].count
    return (0..<height).map { row in
      var line = ""
      for (index, block) in blocks.enumerated() {
        if index > 0 { line += row == height / 2 ? "  \(signs[index - 1])  " : "     " }
        let isLast = index == blocks.count - 1
        line += block[row] + String(repeating: " ", count: isLast ? 0 : widths[index] - block[row].count)
      }
      return line
    }
  }

  /// A block with a sign before its first line.
  private func marked(_ block: [String], _ sign: String) -> [String] {
    block.enumerated().map { ($0 == 0 ? "\(sign)  " : "   ") + $1 }
  }
}
