internal import ConvoEngine
internal import ConvoTensor

/// What is kept of a convolution or a max-pooling to explain single values of its result.
///
/// The input is held weakly: a result does not keep the memory of what it was made from.
struct Explanation: Sendable {
  enum Operation: Sendable {
    case convolution(
      weight: Tensor, bias: Tensor?, stride: Extent2, padding: Padding, dilation: Extent2, groups: Int)
    case maximum(Window)
  }
  let operation: Operation
  let input: WeakTensor
  /// What was applied to the sum: `relu`.
  var activation: String?

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
      self.operation = .maximum(pooling.window)
    default: return nil
    }
  }

  /// The lines that explain the element of `output` at `index`.
  func lines(title: String, output: Tensor, index: [Int]) throws -> [String] {
    guard let input = input.tensor else {
      throw Failure(
        "the input of \(title) is gone or has changed; keep it in a variable to explain what it gave")
    }
    let inputExtent = Extent2(height: input.shape[input.rank - 2], width: input.shape[input.rank - 1])
    switch operation {
    case .convolution(let weight, let bias, let stride, let padding, let dilation, let groups):
      let extent = Extent2(height: weight.shape[2], width: weight.shape[3])
      let window = Window(extent: extent, stride: stride, padding: padding, dilation: dilation)
      let outputChannel = index[index.count - 3]
      let channels = weight.shape[1]
      let firstChannel = outputChannel / (weight.shape[0] / groups) * channels
      let place = try Patch.Place(
        window, inputExtent, row: index[index.count - 2], column: index[index.count - 1])
      let offset = bias.map { Double($0.toArray()[outputChannel]) } ?? 0
      var blocks: [[String]] = []
      var total = 0.0
      for channel in 0..<channels {
        let patch = Patch(
          input, batch: index.count == 4 ? index[0] : 0, channel: firstChannel + channel, place)
        let kernel = Patch(weight, batch: outputChannel, channel: channel, .whole(extent))
        let products = zip(patch.values, kernel.values).map { ($0 ?? 0) * ($1 ?? 0) }
        total += products.reduce(0, +)
        if channel < 4 {
          blocks.append(product(patch, kernel, products, channel: channels > 1 ? channel : nil))
        }
      }
      var lines = try heading(title, output, index)
      lines += blocks.flatMap(\.self)
      if channels > 4 { lines.append("… and \(channels - 4) more channels") }
      let sum = "Σ \(NumberText.plain(rounded(total))) + bias \(NumberText.plain(offset))"
      let applied = activation.map { " → \($0)" } ?? ""
      lines.append(sum + " = \(NumberText.plain(rounded(total + offset)))" + applied)
      return lines + [
        place.formula("H", inputExtent.height, window, isRow: true),
        place.formula("W", inputExtent.width, window, isRow: false),
      ]
    case .maximum(let window):
      let place = try Patch.Place(
        window, inputExtent, row: index[index.count - 2], column: index[index.count - 1])
      let patch = Patch(input, batch: index.count == 4 ? index[0] : 0, channel: index[index.count - 3], place)
      var lines = try heading(title, output, index)
      lines += patch.text()
      lines.append("the largest of the window" + (activation.map { " → \($0)" } ?? ""))
      return lines
    }
  }

  private func heading(_ title: String, _ output: Tensor, _ index: [Int]) throws -> [String] {
    var slicing = Slicing(input: output, items: index.map { .index($0) })
    let value = try slicing.result().item ?? .nan
    let place = index.map(String.init).joined(separator: ", ")
    return ["\(title)[\(place)] = \(NumberText.plain(Double(value)))"]
  }

  private func rounded(_ value: Double) -> Double { Double(Float(value)) }

  /// Patch × kernel = products, side by side.
  private func product(_ patch: Patch, _ kernel: Patch, _ products: [Double], channel: Int?) -> [String] {
    let left = patch.text()
    let middle = kernel.text()
    let right = Patch(values: products.map { $0 }, extent: patch.extent).text()
    let label = channel.map { "c\($0)  " } ?? ""
    return left.indices.map { row in
      let isMiddle = row == left.count / 2
      let head = row == 0 ? label : String(repeating: " ", count: label.count)
      return "  " + head + left[row] + (isMiddle ? "  ×  " : "     ") + middle[row]
        + (isMiddle ? "  =  " : "     ")
        + right[row]
    }
  }
}

/// The elements under one window, nil where it reaches over the edge.
struct Patch {
  /// Where a window lies on its input.
  struct Place {
    let extent: Extent2
    let top: Int
    let left: Int
    let dilation: Extent2
    let padding: Padding2
    let output: Extent2

    init(_ window: Window, _ input: Extent2, row: Int, column: Int) throws {
      let resolved = try window.resolved(on: input)
      extent = window.extent
      padding = resolved.padding
      output = resolved.output
      top = row * window.stride.height - resolved.padding.top
      left = column * window.stride.width - resolved.padding.left
      dilation = window.dilation
    }

    private init(whole extent: Extent2) {
      self.extent = extent
      top = 0
      left = 0
      dilation = Extent2(1)
      padding = .none
      output = Extent2(1)
    }

    static func whole(_ extent: Extent2) -> Place { Place(whole: extent) }

    /// `H: 378 = ⌊(380 + 0 + 0 − 1·(3 − 1) − 1) / 1⌋ + 1`
    func formula(_ axis: String, _ input: Int, _ window: Window, isRow: Bool) -> String {
      let (before, after) = isRow ? (padding.top, padding.bottom) : (padding.left, padding.right)
      let (kernel, step) = isRow ? (extent.height, window.stride.height) : (extent.width, window.stride.width)
      let spread = isRow ? dilation.height : dilation.width
      let result = isRow ? output.height : output.width
      return
        "\(axis): \(result) = ⌊(\(input) + \(before) + \(after) − \(spread)·(\(kernel) − 1) − 1) / \(step)⌋ + 1"
    }
  }

  let values: [Double?]
  let extent: Extent2

  init(values: [Double?], extent: Extent2) {
    self.values = values
    self.extent = extent
  }

  /// Reads the elements of one channel.
  init(_ tensor: Tensor, batch: Int, channel: Int, _ place: Place) {
    let (height, width) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
    let channels = tensor.shape[tensor.rank - 3]
    let plane = height * width
    var values: [Double?] = []
    let base = (batch * channels + channel) * plane
    unsafe tensor.withUnsafeFloats { floats in
      for u in 0..<place.extent.height {
        for v in 0..<place.extent.width {
          let (row, column) = (place.top + u * place.dilation.height, place.left + v * place.dilation.width)
          let isInside = row >= 0 && row < height && column >= 0 && column < width
          values.append(isInside ? Double(unsafe floats[base + row * width + column]) : nil)
        }
      }
    }
    self.values = values
    self.extent = place.extent
  }

  /// One line for each row, columns aligned; `·` is padding. Windows wider or taller than 9 are cut.
  func text() -> [String] {
    let words = values.map { $0.map { NumberText.significant($0, digits: 4) } ?? "·" }
    let (rows, columns) = (min(extent.height, 9), min(extent.width, 9))
    var width = 0
    for row in 0..<rows {
      for column in 0..<columns { width = max(width, words[row * extent.width + column].count) }
    }
    var lines = (0..<rows).map { row in
      let cells = (0..<columns).map { column in
        let word = words[row * extent.width + column]
        return String(repeating: " ", count: width - word.count) + word
      }
      return cells.joined(separator: " ") + (columns < extent.width ? " …" : "")
    }
    if rows < extent.height { lines.append("…") }
    return lines
  }
}
