internal import ConvoEngine
internal import ConvoTensor

/// `Linear(in_size, out_size)` with its weight `O I` and its bias.
struct LinearBody: LayerBody {
  let kindName = "Linear"
  var inputSize: Int?
  let outputSize: Int
  let hasBias: Bool
  /// What the random weight is made from, so that a copy settles to the same one.
  let seed: UInt64
  var weight: Tensor?
  var bias: Tensor?

  init(_ inputSize: Int?, _ outputSize: Int, _ hasBias: Bool, seed: UInt64) throws {
    for (name, value) in [("in_size", inputSize ?? 1), ("out_size", outputSize)] where value < 1 {
      throw ShapeError.tooSmall(parameter: name, value: value, minimum: 1)
    }
    self.outputSize = outputSize
    self.hasBias = hasBias
    self.seed = seed
    if let inputSize { try settle(inputSize) }
  }

  var isSettled: Bool { weight != nil }

  var text: String {
    "Linear(\(inputSize.map(String.init) ?? "none"), \(outputSize)\(hasBias ? "" : ", bias=false"))"
  }

  mutating func settle(for input: Shape, phantom: Bool) throws {
    try settle(input.rank <= 1 ? input.count : input.extents.dropFirst().reduce(1, *), phantom: phantom)
  }

  private mutating func settle(_ size: Int, phantom: Bool = false) throws {
    guard size >= 1 else { throw ShapeError.empty(operation: "Linear") }
    let shape = try Shape([outputSize, size])
    let axes = Axes([.output, .input])
    var random = RandomSource(seed: seed)
    weight =
      phantom
      ? try Tensor(phantom: shape, axes: axes)
      : try random.normal(shape, standardDeviation: Float((1 / Double(size)).squareRoot()), axes: axes)
    bias = hasBias ? try Tensor(repeating: 0, .vector(outputSize)) : nil
    inputSize = size
  }

  func operation(on input: Tensor) throws -> any TensorOperation {
    guard let weight else { throw unsettled }
    return Linear(input: input, weight: weight, bias: bias)
  }

  private var unsettled: Failure {
    Failure("in_size is none: it is settled at first use, and the layer has not been used")
  }

  var parameters: [(name: String, tensor: Tensor)] {
    [weight.map { ("W", $0) }, bias.map { ("b", $0) }].compactMap(\.self)
  }

  var parameterNames: [String] { hasBias ? ["W", "b"] : ["W"] }

  var attributeNames: [String] { ["W", "b", "in_size", "out_size"] }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "W":
      guard let weight else { throw unsettled }
      return .tensor(weight)
    case "b":
      guard hasBias else { return Value.none }
      guard let bias else { throw unsettled }
      return .tensor(bias)
    case "in_size": return inputSize.map { .number(Double($0)) } ?? Value.none
    case "out_size": return .number(Double(outputSize))
    default: return nil
    }
  }

  mutating func setAttribute(_ name: String, _ value: Value) throws {
    switch name {
    case "W":
      var tensor = try ParameterTensor.read(value, "W")
      guard tensor.rank == 2, tensor.shape[0] == outputSize,
        inputSize.map({ $0 == tensor.shape[1] }) ?? (tensor.shape[1] >= 1)
      else {
        throw Failure(
          "W has shape [\(outputSize), \(inputSize.map(String.init) ?? "in")], the value has \(tensor.shape)")
      }
      tensor.axes = Axes([.output, .input])
      inputSize = tensor.shape[1]
      weight = tensor
      if hasBias, bias == nil { bias = try Tensor(repeating: 0, .vector(outputSize)) }
    case "b":
      guard hasBias else { throw Failure("the layer was made with bias=false") }
      bias = try ParameterTensor.read(value, "b", [outputSize])
    default: throw Failure("\(name) of a layer cannot be changed; W and b can")
    }
  }
}
