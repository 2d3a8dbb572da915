internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// What is kept of a convolution or a max-pooling to explain single values of its result.
///
/// The input is held weakly: a result does not keep the memory of what it was made from.
struct Explanation: Sendable {
  enum Operation: Sendable {
    case convolution(
      weight: Tensor, bias: Tensor?, stride: Extent2, padding: Padding, dilation: Extent2, groups: Int)
    case maximum(Window, coversAll: Bool)
  }
  let operation: Operation
  let input: WeakTensor
  /// What was applied to the sum: `relu`.
  var activation: String?
  /// The members of a `Sequential` that made it of its input: `net[1] |> net[2]`.
  var steps: String?

  /// What explains the result of an operation, if anything does.
  init?(_ operation: any TensorOperation) {
    switch operation {
    case let convolution as Convolution:
      input = WeakTensor(convolution.input)
      self.operation = .convolution(
        weight: convolution.weight, bias: convolution.bias, stride: convolution.stride,
        padding: convolution.padding,
        dilation: convolution.dilation, groups: convolution.groups)
    case let pooling as Pooling where pooling.kind == .maximum:
      input = WeakTensor(pooling.input)
      self.operation = .maximum(pooling.window, coversAll: pooling.coverAll)
    default: return nil
    }
  }

  /// The lines that explain the element of `output` at `index`.
  ///
  /// Where the input is gone they still show its window, the kernel, and how to keep the input. `isFree` says whether a name
  /// is no variable yet. Numbers stand side by side as far as `columns` have room for them.
  func lines(
    title: String, output: Tensor, index: [Int], columns: Int, isFree: (String) -> Bool
  ) throws -> [String] {
    let origin = output.origin
    let name = origin?.operands.first?.name
    let shape = input.shape
    let extent = Extent2(height: shape[shape.rank - 2], width: shape[shape.rank - 1])
    let place = Patch.Place(
      window, extent, row: index[index.count - 2], column: index[index.count - 1])
    let channels = channels(of: index)
    let batch = index.count == 4 ? index[0] : 0
    let indices =
      (index.count == 4 ? ["\(batch)"] : []) + [
        channels.count == 1 ? "\(channels.lowerBound)" : "\(channels.lowerBound):\(channels.upperBound)",
        place.slices(extent),
      ]
    var lines = try heading(title, output, index)
    lines.append(
      "window \(name ?? "input")[\(indices.joined(separator: ", "))] of \(input.axes.text(shape))"
        + (place.reachesOver(extent) ? ", the rest is padding" : ""))
    let tensor = input.tensor
    let patches = tensor.map { tensor in channels.map { Patch(tensor, batch: batch, channel: $0, place) } }
    lines += body(patches, place, index, Double(try value(output, index)), columns)
    let size = Extent2(height: output.shape[output.rank - 2], width: output.shape[output.rank - 1])
    var rounding = SizeFormula.Rounding.down
    if case .maximum(let window, coversAll: true) = operation, window.padding != .same { rounding = .up }
    lines.append(SizeFormula(rows: window, place, extent, gives: size.height, rounding).text)
    lines.append(SizeFormula(columns: window, place, extent, gives: size.width, rounding).text)
    if tensor == nil { lines += missing(title, origin, isFree) }
    return lines
  }

  private var window: Window {
    switch operation {
    case .convolution(let weight, _, let stride, let padding, let dilation, _):
      let extent = Extent2(height: weight.shape[2], width: weight.shape[3])
      return Window(extent: extent, stride: stride, padding: padding, dilation: dilation)
    case .maximum(let window, _): return window
    }
  }

  /// The channels of the input that an element sees.
  private func channels(of index: [Int]) -> Range<Int> {
    let channel = index[index.count - 3]
    guard case .convolution(let weight, _, _, _, _, let groups) = operation else {
      return channel..<channel + 1
    }
    let first = channel / (weight.shape[0] / groups) * weight.shape[1]
    return first..<first + weight.shape[1]
  }

  /// The window's elements with what is done to them; the kernel alone where they are gone.
  private func body(
    _ patches: [Patch]?, _ place: Patch.Place, _ index: [Int], _ value: Double, _ columns: Int
  ) -> [String] {
    let applied = activation.map { " → \($0)" } ?? ""
    guard case .convolution(let weight, let bias, _, _, _, _) = operation else {
      guard let patch = patches?.first else { return [] }
      let largest = patch.values.indices.max {
        (patch.values[$0] ?? -.infinity) < (patch.values[$1] ?? -.infinity)
      }
      let (row, column) = place.element(largest ?? 0)
      return patch.text(columns: columns - 2).map { "  " + $0 } + [
        "the largest of the window, at row \(row), column \(column)" + applied
      ]
    }
    let outputChannel = index[index.count - 3]
    let offset = bias.map { Double($0.toArray()[outputChannel]) } ?? 0
    let count = weight.shape[1]
    var lines: [String] = []
    var rows: [ProductLayout.Row] = []
    var total = 0.0
    for channel in 0..<count {
      let kernel = Patch(weight, batch: outputChannel, channel: channel, .whole(place.extent))
      let label = count > 1 ? channel : nil
      guard let patch = patches?[channel] else {
        if channel < 4 { lines += only(kernel, channel: label, columns) }
        continue
      }
      let products = zip(patch.values, kernel.values).map { ($0 ?? 0) * ($1 ?? 0) }
      total += products.reduce(0, +)
      if channel < 4 {
        let blocks = [patch, kernel, Patch(values: products.map { $0 }, extent: patch.extent)]
        rows.append(.init(label: label.map { "c\($0)" } ?? "", blocks: blocks))
      }
    }
    lines += ProductLayout(rows, columns: columns).lines
    if count > 4 { lines.append("… and \(Wording.count(count - 4, "more channel"))") }
    let end = " + bias \(NumberText.plain(offset))"
    if patches == nil { return lines + ["Σ input × kernel\(end)\(applied) = \(NumberText.plain(value))"] }
    let sum = "Σ \(NumberText.plain(rounded(total)))\(end) = \(NumberText.plain(rounded(total + offset)))"
    return lines + [sum + applied]
  }

  /// Why the elements of the input are not shown, and what to type to see them.
  private func missing(_ title: String, _ origin: Origin?, _ isFree: (String) -> Bool) -> [String] {
    guard let origin, let operand = origin.operands.first else {
      return ["The input is gone: keep it in a variable to see its values."]
    }
    if let name = operand.name {
      return ["\(name) has changed since: its values are not what \(title) was made of."]
    }
    // The same statement in two steps: what stood in the place of the input gets a name.
    let isName = Tokenizer.tokens(of: SourceText(name: "", title)).map(\.kind) == [.name]
    guard let text = operand.origin?.text, !text.isEmpty, !text.hasPrefix("…"),
      let free = ["input", "t", "t1", "t2"].first(where: isFree), let rest = rest(of: origin, text, free),
      let target = isName ? title : ["y", "output", "t3"].first(where: isFree)
    else { return ["The input was never kept: give it a name to see its values."] }
    return [
      "The input had no name and is gone. To see its values:", "  \(free) = \(text)", "  \(target) = \(rest)",
    ]
  }

  /// The expression that makes the result of its input under another name; nil where the input does not stand in it.
  private func rest(of origin: Origin, _ input: String, _ name: String) -> String? {
    if let steps { return "\(name) |> \(steps)" }
    guard origin.text != input, let range = origin.text.firstRange(of: input) else { return nil }
    return origin.text[..<range.lowerBound] + name + origin.text[range.upperBound...]
  }

  private func value(_ output: Tensor, _ index: [Int]) throws -> Float {
    var slicing = Slicing(input: output, items: index.map { .index($0) })
    return try slicing.result().item ?? .nan
  }

  private func heading(_ title: String, _ output: Tensor, _ index: [Int]) throws -> [String] {
    let place = index.map(String.init).joined(separator: ", ")
    return ["\(title)[\(place)] = \(NumberText.plain(Double(try value(output, index))))"]
  }

  private func rounded(_ value: Double) -> Double { Double(Float(value)) }

  /// The kernel of a channel.
  private func only(_ kernel: Patch, channel: Int?, _ columns: Int) -> [String] {
    let label = channel.map { "c\($0)  " } ?? ""
    let room = columns - 10 - label.utf8.count
    return kernel.text(columns: room).enumerated().map { row, text in
      let word = row == 0 && channel ?? 0 == 0 ? "kernel  " : "        "
      return "  " + word + (row == 0 ? label : String(repeating: " ", count: label.count)) + text
    }
  }
}
