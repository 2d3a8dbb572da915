internal import ConvoInterpreter
internal import ConvoTensor

/// Lines that say what a variable holds.
enum ValueLines {
  /// The line of an assignment: `image  H380 W512 C3  …`, `n  3`.
  static func announcement(
    _ name: String, _ value: Value, view: TensorView, presenter: any Presenter, time: String?
  ) -> StyledText {
    if case .tensor(let tensor) = value { return view.summary(name, tensor, time: time) }
    let head = StyledText(name, .name).padded(to: 5) + "  "
    return head + StyledText(clipped(summary(value, presenter), to: view.width - head.width))
  }

  /// One line without a name.
  static func summary(_ value: Value, _ presenter: any Presenter) -> String {
    switch value {
    case .tensor(let tensor): return tensor.axesText
    case .record(let record):
      return "record of \(record.count): " + record.keys.prefix(12).joined(separator: ", ")
        + (record.count > 12 ? ", …" : "")
    case .string(let text): return ValueText.quoted(text)
    case .list(let items) where items.count > 32: return "list of \(items.count)"
    default:
      return ValueText.text(of: value, presenter).split(separator: "\n").map { line in
        String(line.drop { $0 == " " })
      }.joined(separator: " ")
    }
  }

  /// One line for each key of a record.
  static func lines(of record: Record, view: TensorView) -> [StyledText] {
    let width = min(40, record.keys.map { DisplayWidth.of($0) }.max() ?? 0)
    let presenter = PlainText()
    return record.pairs.map { key, value in
      let name = StyledText(key, .name).padded(to: width)
      if case .tensor(let tensor) = value {
        // Its elements are still in the file; only the shape is known.
        if tensor.isPhantom {
          let size = NumberText.bytes(tensor.count * MemoryLayout<Float>.stride)
          return name + StyledText("  \(tensor.shape)  \(size)  not read yet")
        }
        var narrower = view
        narrower.width = max(20, view.width - name.width - 2)
        return name + "  " + narrower.summary("", tensor)
      }
      return name + StyledText("  " + clipped(summary(value, presenter), to: view.width - name.width - 2))
    }
  }

  static func clipped(_ text: String, to width: Int) -> String {
    DisplayWidth.of(text) <= width ? text : DisplayWidth.slice(text, from: 0, width: max(1, width - 1)) + "…"
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
