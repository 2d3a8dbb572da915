internal import ConvoEngine
internal import ConvoTensor

/// `Conv2D(in_channels, out_channels, ksize, …)` with its weight `O I kh kw` and its bias, and `ConvTranspose2D`, whose
/// weight is `I O kh kw`.
struct ConvolutionBody: LayerBody {
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
  /// What the random weight is made from, so that a copy settles to the same one.
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

  var isSettled: Bool { weight != nil }

  /// The extents of the weight for a number of input channels.
  private func weightExtents(_ channels: Int) -> [Int] {
    let ends =
      direction == .forward ? [outputChannels, channels / groups] : [channels, outputChannels / groups]
    return ends + [extent.height, extent.width]
  }

  /// The names of the weight's axes.
  private var weightAxes: Axes {
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

  mutating func settle(for input: Shape, phantom: Bool) throws {
    guard input.rank == 3 || input.rank == 4 else {
      throw ShapeError.rank(operand: "x", expected: "N×C×H×W or C×H×W", found: input)
    }
    try settle(input[input.rank - 3], phantom: phantom)
  }

  /// LeCun normal: mean 0, standard deviation √(1 / fan_in), fan_in the inputs that one output sees.
  private mutating func settle(_ channels: Int, phantom: Bool = false) throws {
    guard channels >= 1, channels % groups == 0 else {
      throw ShapeError.groups(groups: groups, channels: channels, operand: "x")
    }
    let shape = try Shape(weightExtents(channels))
    let fanIn = channels / groups * extent.height * extent.width
    var random = RandomSource(seed: seed)
    weight =
      phantom
      ? try Tensor(phantom: shape, axes: weightAxes)
      : try random.normal(
        shape, standardDeviation: Float((1 / Double(fanIn)).squareRoot()), axes: weightAxes)
    bias = hasBias ? try Tensor(repeating: 0, .vector(outputChannels)) : nil
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

  private var unsettled: Failure {
    Failure(
      "in_channels is none: it is settled at first use, and the layer has not been used",
      helps: [
        .init("\(kindName)(3, \(outputChannels), \(extent.written))", gives: "a layer with its weights")
      ])
  }

  var parameters: [(name: String, tensor: Tensor)] {
    [weight.map { ("W", $0) }, bias.map { ("b", $0) }].compactMap(\.self)
  }

  var parameterNames: [String] { hasBias ? ["W", "b"] : ["W"] }

  var attributeNames: [String] {
    ["W", "b", "in_channels", "out_channels", "ksize", "stride", "pad", "dilation", "groups"]
  }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "W":
      guard let weight else { throw unsettled }
      return .tensor(weight)
    case "b":
      guard hasBias else { return Value.none }
      guard let bias else { throw unsettled }
      return .tensor(bias)
    case "in_channels": return inputChannels.map { .number(Double($0)) } ?? Value.none
    case "out_channels": return .number(Double(outputChannels))
    case "ksize": return extent.languageValue
    case "stride": return stride.languageValue
    case "pad": return padding.languageValue
    case "dilation": return dilation.languageValue
    case "groups": return .number(Double(groups))
    default: return nil
    }
  }

  mutating func setAttribute(_ name: String, _ value: Value) throws {
    switch name {
    case "W":
      var tensor = try ParameterTensor.read(value, "W")
      let found = tensor.shape.extents
      let channels = inputChannels ?? Self.inputChannels(of: found, direction, groups)
      guard found.count == 4, let channels, channels >= 1, found == weightExtents(channels) else {
        let known = inputChannels.map { weightExtents($0).map(String.init) }
        let open = weightExtents(0).enumerated().map { index, extent in
          index == (direction == .forward ? 1 : 0) ? "in" : String(extent)
        }
        throw Failure(
          "W has shape [\((known ?? open).joined(separator: ", "))], the value has \(tensor.shape)")
      }
      tensor.axes = weightAxes
      inputChannels = channels
      weight = tensor
      if hasBias, bias == nil { bias = try Tensor(repeating: 0, .vector(outputChannels)) }
    case "b":
      guard hasBias else { throw Failure("the layer was made with bias=false") }
      bias = try ParameterTensor.read(value, "b", [outputChannels])
    default:
      throw Failure("\(name) of a layer cannot be changed; W and b can")
    }
  }
}

extension ConvolutionBody {
  /// How many input channels a weight of these extents is for.
  private static func inputChannels(of extents: [Int], _ direction: Direction, _ groups: Int) -> Int? {
    guard extents.count == 4 else { return nil }
    return direction == .forward ? extents[1] * groups : extents[0]
  }
}

/// Reads tensors that are assigned to a layer.
enum ParameterTensor {
  /// The value as a tensor, of the given shape where there is one.
  static func read(_ value: Value, _ name: String, _ extents: [Int]? = nil) throws -> Tensor {
    let tensor: Tensor
    do { tensor = try Tensor(argument: value) } catch {
      throw Failure(error.isComplete ? error.message : "\(name) must be a tensor, not \(value.brief)")
    }
    if let extents, tensor.shape.extents != extents {
      throw Failure("\(name) has shape \(extents), the value has \(tensor.shape)")
    }
    return tensor
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
