internal import ConvoEngine
internal import ConvoTensor

/// `Conv2D(in_channels, out_channels, ksize, …)` with its weight `O I kh kw` and its bias, and `ConvTranspose2D`, whose
/// weight is `I O kh kw`.
struct ConvolutionBody: WeightedBody {
  /// How the window is laid over the picture.
  enum Direction: Sendable, Equatable {
    /// Each output is the sum over a window of the input.
    case forward
    /// Each input is spread over a window of the output, which grows by `outputPadding` on the far sides.
    case transposed(outputPadding: Extent2)
  }
  let direction: Direction
  var inputChannels: Int?
  let outputChannels: Int
  let extent: Extent2
  let stride: Extent2
  let padding: Padding
  let dilation: Extent2
  let groups: Int
  let hasBias: Bool
  let seed: UInt64
  var weight: Tensor?
  var bias: Tensor?

  init(
    _ inputChannels: Int?, _ outputChannels: Int, _ extent: Extent2, _ stride: Extent2, _ padding: Padding,
    _ dilation: Extent2, _ groups: Int, _ hasBias: Bool, seed: UInt64, direction: Direction = .forward
  ) throws {
    self.direction = direction
    for (name, value) in [
      ("in_channels", inputChannels ?? 1), ("out_channels", outputChannels),
      ("ksize", min(extent.height, extent.width)),
      ("stride", min(stride.height, stride.width)), ("dilation", min(dilation.height, dilation.width)),
      ("groups", groups),
    ] where value < 1 {
      throw ShapeError.tooSmall(parameter: name, value: value, minimum: 1)
    }
    guard outputChannels % groups == 0 else {
      throw ShapeError.groups(groups: groups, channels: outputChannels, operand: "out_channels")
    }
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.extent = extent
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.hasBias = hasBias
    self.seed = seed
    if let inputChannels { try settle(inputChannels) }
  }

  var kindName: String { direction == .forward ? "Conv2D" : "ConvTranspose2D" }

  /// The extents of the weight for a number of input channels.
  private func weightExtents(_ channels: Int) -> [Int] {
    let ends =
      direction == .forward ? [outputChannels, channels / groups] : [channels, outputChannels / groups]
    return ends + [extent.height, extent.width]
  }

  var weightAxes: Axes {
    direction == .forward ? .weight : Axes([.input, .output, .windowHeight, .windowWidth])
  }

  var text: String {
    var words = [inputChannels.map(String.init) ?? "none", String(outputChannels), extent.written]
    if stride != Extent2(1) { words.append("stride=\(stride.written)") }
    if padding.written != "0" { words.append("pad=\(padding.written)") }
    if dilation != Extent2(1) { words.append("dilation=\(dilation.written)") }
    if groups != 1 { words.append("groups=\(groups)") }
    if !hasBias { words.append("bias=false") }
    if case .transposed(let extra) = direction, extra != Extent2(0) {
      words.append("output_pad=\(extra.written)")
    }
    return "\(kindName)(\(words.joined(separator: ", ")))"
  }

  mutating func settle(for input: Tensor, phantom: Bool) throws {
    try input.checkPictures(operand: "x")
    try settle(input.shape[input.rank - 3], phantom: phantom)
  }

  private mutating func settle(_ channels: Int, phantom: Bool = false) throws {
    guard channels >= 1, channels % groups == 0 else {
      throw ShapeError.groups(groups: groups, channels: channels, operand: "x")
    }
    let shape = try Shape(weightExtents(channels))
    try initialize(shape, fanIn: channels / groups * extent.height * extent.width, phantom: phantom)
    inputChannels = channels
  }

  func operation(on input: Tensor) throws -> any TensorOperation {
    guard let weight else { throw unsettled }
    switch direction {
    case .forward:
      return Convolution(
        input: input, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    case .transposed(let outputPadding):
      return TransposedConvolution(
        input: input, weight: weight, bias: bias, stride: stride, padding: padding,
        outputPadding: outputPadding, dilation: dilation, groups: groups)
    }
  }

  var biasCount: Int { outputChannels }

  var unsettled: Failure {
    Failure(
      "in_channels is none: it is settled at first use, and the layer has not been used",
      helps: [
        .init("\(kindName)(3, \(outputChannels), \(extent.written))", gives: "a layer with its weights")
      ])
  }

  var properties: [(name: String, value: Value)] {
    [
      ("in_channels", inputChannels.map { .number(Double($0)) } ?? Value.none),
      ("out_channels", .number(Double(outputChannels))), ("ksize", extent.languageValue),
      ("stride", stride.languageValue), ("pad", padding.languageValue), ("dilation", dilation.languageValue),
      ("groups", .number(Double(groups))),
    ]
  }

  mutating func adopt(_ shape: Shape) throws {
    let found = shape.extents
    let channels = inputChannels ?? Self.inputChannels(of: found, direction, groups)
    guard found.count == 4, let channels, channels >= 1, found == weightExtents(channels) else {
      let known = inputChannels.map { weightExtents($0).map(String.init) }
      let open = weightExtents(0).enumerated().map { index, extent in
        index == (direction == .forward ? 1 : 0) ? "in" : String(extent)
      }
      throw Failure("W has shape [\((known ?? open).joined(separator: ", "))], the value has \(shape)")
    }
    inputChannels = channels
  }
}

extension ConvolutionBody {
  /// How many input channels a weight of these extents is for.
  private static func inputChannels(of extents: [Int], _ direction: Direction, _ groups: Int) -> Int? {
    guard extents.count == 4 else { return nil }
    guard direction == .forward else { return extents[0] }
    let (channels, overflow) = extents[1].multipliedReportingOverflow(by: groups)
    return overflow ? nil : channels
  }
}

extension Extent2 {
  /// A number where both sides agree, else `[rows, columns]`.
  var languageValue: Value {
    height == width ? .number(Double(height)) : .list([.number(Double(height)), .number(Double(width))])
  }
}

extension Padding {
  /// As it is written in the language.
  var languageValue: Value {
    switch self {
    case .same: return .string("same")
    case .explicit(let padding):
      if padding.top == padding.bottom, padding.left == padding.right {
        return Extent2(height: padding.top, width: padding.left).languageValue
      }
      func pair(_ a: Int, _ b: Int) -> Value { .list([.number(Double(a)), .number(Double(b))]) }
      return .list([pair(padding.top, padding.bottom), pair(padding.left, padding.right)])
    }
  }
}
