internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoTensor

/// Lines that say what a variable holds.
enum ValueLines {
  /// The line of an assignment: `image  H380 W512 C3  …`, `n  3`.
  static func announcement(
    _ name: String, _ value: Value, view: TensorView, presenter: any Presenter
  ) -> StyledText {
    if case .tensor(let tensor) = value { return view.summary(name, tensor) }
    let head = StyledText(clipped(name, to: max(8, view.width / 2)), .name).padded(to: 5) + "  "
    return head + StyledText(clipped(summary(value, presenter), to: view.width - head.width))
  }

  /// One line without a name.
  static func summary(_ value: Value, _ presenter: any Presenter) -> String {
    switch value {
    case .tensor(let tensor): return tensor.axesText
    case .record(let record):
      return "record of \(record.count): " + record.keys.prefix(12).map(\.visible).joined(separator: ", ")
        + (record.count > 12 ? ", …" : "")
    case .string(let text): return ValueText.quoted(text)
    case .list(let items) where items.count > 32: return "list of \(items.count)"
    default:
      return ValueText.text(of: value, presenter).split(separator: "\n").map { line in
        String(line.drop { $0 == " " })
      }.joined(separator: " ")
    }
  }

  /// One line for each key of a record, as a table.
  static func lines(of record: Record, view: TensorView) -> [StyledText] {
    let pairs = record.pairs
    let width = min(max(8, view.width / 2), 40, pairs.map { DisplayWidth.of($0.key.visible) }.max() ?? 0)
    var narrower = view
    narrower.width = max(8, view.width - width - 2)
    let axes = pairs.compactMap { pair in
      if case .tensor(let tensor) = pair.value { return DisplayWidth.of(tensor.axesText) }
      return nil
    }
    narrower.axesWidth = min(max(16, axes.max() ?? 0), max(16, narrower.width / 3))
    let presenter = PlainText()
    return pairs.map { key, value in
      let name = StyledText(clipped(key, to: width), .name).padded(to: width) + "  "
      if case .tensor(let tensor) = value { return name + narrower.summary("", tensor) }
      return name + StyledText(clipped(summary(value, presenter), to: narrower.width))
    }
  }

  static func clipped(_ text: String, to width: Int) -> String {
    let text = text.visible
    return DisplayWidth.of(text) <= width
      ? text : DisplayWidth.slice(text, from: 0, width: max(1, width - 1)) + "…"
  }
}

/// Tells how values read where nothing is shown.
final class PlainText: Presenter {
  func echo(_ value: Value) {}
  func announce(_ name: String, _ value: Value) {}
  func write(_ line: String) {}
  func warn(_ message: String) {}
  func text(of tensor: Tensor) -> String {
    TensorText.isShort(tensor) ? TensorText.elements(of: tensor) : tensor.axesText
  }
  func present(_ report: Report) {}
}
