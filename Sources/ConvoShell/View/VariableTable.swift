internal import ConvoInterpreter
internal import ConvoTensor

/// The table of `whos`: name, axes and shape, bytes, how it was made, and a total.
struct VariableTable {
  var view: TensorView
  var presenter: any Presenter

  func lines(_ variables: [(name: String, value: Value)]) -> [StyledText] {
    if variables.isEmpty { return [StyledText("no variables", .faint)] }
    let rows = variables.map {
      (name: $0.name, what: what($0.value), bytes: bytes($0.value), made: made($0.value))
    }
    let nameWidth = min(max(8, view.width / 3), rows.map { DisplayWidth.of($0.name) }.max() ?? 0)
    let room = max(8, view.width - nameWidth - 2 - 12)
    let whatWidth = min(40, room, rows.map { DisplayWidth.of($0.what) }.max() ?? 0)
    var result = rows.map { row in
      let size = row.bytes.map(NumberText.bytes) ?? ""
      let head = StyledText(ValueLines.clipped(row.name, to: nameWidth), .name).padded(to: nameWidth) + "  "
      if size.isEmpty && row.made.isEmpty {
        return head + StyledText(ValueLines.clipped(row.what, to: whatWidth))
      }
      let line =
        head + StyledText(ValueLines.clipped(row.what, to: whatWidth)).padded(to: whatWidth)
        + StyledText(String(repeating: " ", count: max(2, 12 - size.utf8.count)) + size)
      return row.made.isEmpty || view.width - line.width < 10
        ? line
        : line + StyledText("  " + ValueLines.clipped(row.made, to: view.width - line.width - 2), .faint)
    }
    let total = rows.compactMap(\.bytes).reduce(0, +)
    if total > 0 {
      let label = "\(variables.count) variable\(variables.count == 1 ? "" : "s")"
      let size = NumberText.bytes(total)
      result.append(
        StyledText(label, .faint).padded(to: nameWidth + 2 + whatWidth)
          + StyledText(String(repeating: " ", count: max(2, 12 - size.utf8.count)) + size, .strong))
    }
    return result
  }

  private func what(_ value: Value) -> String {
    switch value {
    case .tensor(let tensor): tensor.axesText
    default: ValueLines.summary(value, presenter)
    }
  }

  private func bytes(_ value: Value) -> Int? {
    switch value {
    case .tensor(let tensor): tensor.count * MemoryLayout<Float>.stride
    case .record(let record): record.pairs.reduce(0) { $0 + (bytes($1.value) ?? 0) }
    case .list(let values): values.compactMap(bytes).reduce(nil) { ($0 ?? 0) + $1 }
    default: nil
    }
  }

  private func made(_ value: Value) -> String {
    guard case .tensor(let tensor) = value, let origin = tensor.origin else { return "" }
    return origin.text
  }
}
