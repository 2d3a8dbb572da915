internal import ConvoEngine
internal import ConvoTensor

/// `BatchNorm2D(channels, eps=1e-5)` with the statistics of each channel.
struct BatchNormalizationBody: LayerBody {
  let kindName = "BatchNorm2D"
  var channels: Int?
  let epsilon: Double
  /// `scale`, `shift`, `mean` and `var`, each with one number for each channel.
  private var tensors: [String: Tensor] = [:]

  /// The parameters in the order in which they are listed, with what they start as.
  static let names: [(name: String, start: Float)] = [("scale", 1), ("shift", 0), ("mean", 0), ("var", 1)]

  init(_ channels: Int?, _ epsilon: Double) throws {
    if let channels, channels < 1 {
      throw ShapeError.tooSmall(parameter: "channels", value: channels, minimum: 1)
    }
    guard epsilon >= 0 else { throw Failure("eps must be at least 0, not \(NumberText.plain(epsilon))") }
    self.epsilon = epsilon
    if let channels { try settle(channels) }
  }

  var isSettled: Bool { channels != nil }

  var text: String {
    "BatchNorm2D(\(channels.map(String.init) ?? "none")\(epsilon == 1e-5 ? "" : ", eps=\(NumberText.plain(epsilon))"))"
  }

  mutating func settle(for input: Tensor, phantom: Bool) throws {
    try input.checkPictures(operand: "x")
    try settle(input.shape[input.rank - 3], phantom: phantom)
  }

  private mutating func settle(_ count: Int, phantom: Bool = false) throws {
    for (name, start) in Self.names {
      tensors[name] = try Tensor(repeating: start, .vector(count), axes: Axes([.channel]))
    }
    channels = count
  }

  func operation(on input: Tensor) throws -> any TensorOperation {
    guard let scale = tensors["scale"], let shift = tensors["shift"], let mean = tensors["mean"],
      let variance = tensors["var"]
    else { throw unsettled }
    return BatchNormalization(
      input: input, scale: scale, shift: shift, mean: mean, variance: variance, epsilon: Float(epsilon))
  }

  /// The weight and bias of a convolution that does both: `W·s` and `(b − mean)·s + shift`, `s = scale / √(var + eps)`.
  func folded(_ weight: Tensor, _ bias: Tensor?) throws -> (weight: Tensor, bias: Tensor)? {
    guard let outputs = channels, weight.rank == 4, weight.shape[0] == outputs,
      let scale = tensors["scale"]?.toArray(),
      let shift = tensors["shift"]?.toArray(), let mean = tensors["mean"]?.toArray(),
      let variance = tensors["var"]?.toArray()
    else { return nil }
    let offsets = bias?.toArray() ?? [Float](repeating: 0, count: outputs)
    var factors: [Float] = []
    var sums: [Float] = []
    for channel in 0..<outputs {
      let factor = Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
      let offset = (Double(offsets[channel]) - Double(mean[channel])) * factor
      factors.append(Float(factor))
      sums.append(Float(offset + Double(shift[channel])))
    }
    var scaled = Binary(
      kind: .multiply, left: .tensor(weight),
      right: .tensor(try Tensor(factors, Shape([outputs, 1, 1, 1]))))
    return (try scaled.result(), try Tensor(sums, .vector(outputs)))
  }

  private var unsettled: Failure {
    Failure("channels is none: it is settled at first use, and the layer has not been used")
  }

  var parameters: [(name: String, tensor: Tensor)] {
    Self.names.compactMap { entry in tensors[entry.name].map { (entry.name, $0) } }
  }

  var parameterNames: [String] { Self.names.map(\.name) }

  var attributeNames: [String] { parameterNames + ["channels", "eps"] }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "channels": return channels.map { .number(Double($0)) } ?? Value.none
    case "eps": return .number(epsilon)
    case _ where parameterNames.contains(name):
      guard let tensor = tensors[name] else { throw unsettled }
      return .tensor(tensor)
    default: return nil
    }
  }

  mutating func setAttribute(_ name: String, _ value: Value) throws {
    guard parameterNames.contains(name) else {
      throw Failure("\(name) of a layer cannot be changed; scale, shift, mean and var can")
    }
    var tensor = try ParameterTensor.read(value, name, channels.map { [$0] })
    guard tensor.rank == 1, tensor.count >= 1 else {
      throw Failure("\(name) has shape [channels], the value has \(tensor.shape)")
    }
    if channels == nil { try settle(tensor.count) }
    tensor.axes = Axes([.channel])
    tensors[name] = tensor
  }
}
