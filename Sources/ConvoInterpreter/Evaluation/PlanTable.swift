/// Lays the operations of a plan out as a table.
enum PlanTable {
  /// The lines of the table, with totals when there is more than one row.
  static func lines(_ rows: [PlanRow]) -> [String] {
    var cells = [["#", "operation", "output", "params", "MACs", "recept.", "step", "memory"]]
    for (index, row) in rows.enumerated() {
      cells.append([
        String(index + 1), row.name, row.output, String(row.parameters),
        row.multiplyAdds == 0 ? "–" : count(row.multiplyAdds), row.receptiveField.map(String.init) ?? "",
        row.step.map(String.init) ?? "", NumberText.bytes(row.bytes),
      ])
    }
    if rows.count > 1 {
      cells.append([
        "", "total", "", String(rows.map(\.parameters).reduce(0, +)),
        count(rows.reduce(0) { $0.addingReportingOverflow($1.multiplyAdds).partialValue }), "", "",
        NumberText.bytes(rows.reduce(0) { $0.addingReportingOverflow($1.bytes).partialValue }),
      ])
    }
    var widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    // Long names go on in the next line, so that the table fits into a narrow terminal.
    let others = widths.reduce(2 * (widths.count - 1), +) - widths[1]
    widths[1] = min(widths[1], max(shortestName, narrow - others))
    return cells.flatMap { row in
      broken(row[1], at: widths[1]).enumerated().map { index, name in
        var line = ""
        for (column, cell) in row.enumerated() {
          let cell = column == 1 ? name : index == 0 ? cell : ""
          let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
          // Words stand left, numbers right.
          line += (column == 1 || column == 2 ? cell + space : space + cell) + "  "
        }
        while line.last == " " { line.removeLast() }
        return line
      }
    }
  }

  /// Columns of a narrow terminal, and what a name gets in any case.
  private static let narrow = 80
  private static let shortestName = 12

  /// A name in pieces of up to `width` characters, broken after spaces.
  private static func broken(_ name: String, at width: Int) -> [String] {
    var pieces: [String] = []
    for word in name.split(separator: " ") {
      if let last = pieces.last, last.count + 1 + word.count <= width {
        pieces[pieces.count - 1] = last + " " + word
      } else {
        pieces.append(String(word))
      }
    }
    return pieces.isEmpty ? [""] : pieces
  }

  /// `26.0 M`, `1.82 G`, `936`
  static func count(_ number: Int) -> String {
    guard number >= 10_000 else { return String(number) }
    var value = Double(number)
    var unit = 0
    let units = ["", " k", " M", " G", " T", " P", " E"]
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return Decimals.fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0) + units[unit]
  }
}
