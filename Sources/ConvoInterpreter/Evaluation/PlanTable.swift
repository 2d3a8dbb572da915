/// Lays the operations of a plan out as a table.
enum PlanTable {
  /// The lines of the table, with totals when there is more than one row.
  ///
  /// Where it is wider than `columns`, long names go on in the next line, and then the columns that matter least are left
  /// out.
  static func lines(_ rows: [PlanRow], columns: Int) -> [String] {
    var cells = [["#", "operation", "output", "params", "MACs", "recept.", "step", "memory"]]
    for (index, row) in rows.enumerated() {
      cells.append([
        String(index + 1), row.name, row.output, String(row.parameters),
        row.multiplyAdds == 0 ? "–" : count(row.multiplyAdds), row.receptiveField.map(String.init) ?? "",
        row.step?.description ?? "", NumberText.bytes(row.bytes),
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
    var shown = Array(cells[0].indices)
    // What all shown columns but that of the names take, with the gaps.
    var others: Int { shown.reduce(2 * (shown.count - 1)) { $0 + widths[$1] } - widths[1] }
    for column in leastFirst where others + shortestName > columns { shown.removeAll { $0 == column } }
    widths[1] = min(widths[1], max(shortestName, columns - others))
    var lines = cells.flatMap { row in
      broken(row[1], at: widths[1]).enumerated().map { index, name in
        var line = ""
        for column in shown {
          let cell = column == 1 ? name : index == 0 ? row[column] : ""
          let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
          // Words stand left, numbers right.
          line += (column == 1 || column == 2 ? cell + space : space + cell) + "  "
        }
        while line.last == " " { line.removeLast() }
        return line
      }
    }
    let buffers = rows.map(\.buffers).reduce(0, +)
    if buffers > 0 { lines.append("and \(buffers) buffers: mean and var, not trained") }
    let missing = cells[0].indices.filter { !shown.contains($0) }.map { cells[0][$0] }
    if !missing.isEmpty {
      lines.append("no room for")
      for name in missing {
        if lines[lines.count - 1].count + name.count + 1 > columns { lines.append(" ") }
        lines[lines.count - 1] += " " + name
      }
    }
    return lines
  }

  /// What a name gets in any case.
  private static let shortestName = 12
  /// The columns in the order in which they are left out: step, memory, multiply-adds, parameters, receptive field, number.
  private static let leastFirst = [6, 7, 4, 3, 5, 0]

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
