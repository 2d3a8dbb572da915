internal import ConvoEngine
internal import ConvoTensor

/// A layer with a weight `W` and, where it wants one, a bias `b`, which may still wait for the input that settles them.
protocol WeightedBody: LayerBody {
  var hasBias: Bool { get }
  /// What the random weight is made from, so that a copy settles to the same one.
  var seed: UInt64 { get }
  var weight: Tensor? { get set }
  var bias: Tensor? { get set }
  /// The numbers of the bias.
  var biasCount: Int { get }
  /// The names of the weight's axes.
  var weightAxes: Axes { get }
  /// What is said when a parameter is asked for before it is settled.
  var unsettled: Failure { get }
  /// What the layer knows beside its parameters.
  var properties: [(name: String, value: Value)] { get }
  /// Looks at the shape of a weight that is assigned, and settles by it what is open.
  mutating func adopt(_ shape: Shape) throws
}

extension WeightedBody {
  var isSettled: Bool { weight != nil }

  /// LeCun normal: mean 0, standard deviation √(1 / fan_in), fan_in the inputs that one output sees. The bias is 0.
  mutating func initialize(_ shape: Shape, fanIn: Int, phantom: Bool) throws {
    var random = RandomSource(seed: seed)
    weight =
      phantom
      ? try Tensor(phantom: shape, axes: weightAxes)
      : try random.normal(
        shape, standardDeviation: Float((1 / Double(fanIn)).squareRoot()), axes: weightAxes)
    bias = hasBias ? try Tensor(repeating: 0, .vector(biasCount)) : nil
  }

  var parameters: [(name: String, tensor: Tensor)] {
    [weight.map { ("W", $0) }, bias.map { ("b", $0) }].compactMap(\.self)
  }

  var parameterNames: [String] { hasBias ? ["W", "b"] : ["W"] }

  var attributeNames: [String] { ["W", "b"] + properties.map(\.name) }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "W":
      guard let weight else { throw unsettled }
      return .tensor(weight)
    case "b":
      guard hasBias else { return Value.none }
      guard let bias else { throw unsettled }
      return .tensor(bias)
    default: return properties.first { $0.name == name }?.value
    }
  }

  mutating func setAttribute(_ name: String, _ value: Value) throws {
    switch name {
    case "W":
      var tensor = try ParameterTensor.read(value, "W")
      try adopt(tensor.shape)
      tensor.axes = weightAxes
      weight = tensor
      if hasBias, bias == nil { bias = try Tensor(repeating: 0, .vector(biasCount)) }
    case "b":
      guard hasBias else { throw Failure("the layer was made with bias=false") }
      bias = try ParameterTensor.read(value, "b", [biasCount])
    default: throw Failure("\(name) of a layer cannot be changed; W and b can")
    }
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
