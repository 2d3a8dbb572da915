internal import ConvoEngine
internal import ConvoTensor

/// `Linear(in_size, out_size)` with its weight `O I` and its bias.
struct LinearBody: WeightedBody {
  let kindName = "Linear"
  var inputSize: Int?
  let outputSize: Int
  let hasBias: Bool
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

  var text: String {
    "Linear(\(inputSize.map(String.init) ?? "none"), \(outputSize)\(hasBias ? "" : ", bias=false"))"
  }

  mutating func settle(for input: Tensor, phantom: Bool) throws {
    try settle(input.rank <= 1 ? input.count : input.shape.extents.dropFirst().reduce(1, *), phantom: phantom)
  }

  private mutating func settle(_ size: Int, phantom: Bool = false) throws {
    guard size >= 1 else { throw ShapeError.empty(operation: "Linear") }
    try initialize(Shape([outputSize, size]), fanIn: size, phantom: phantom)
    inputSize = size
  }

  func operation(on input: Tensor) throws -> any TensorOperation {
    guard let weight else { throw unsettled }
    return Linear(input: input, weight: weight, bias: bias)
  }

  var biasCount: Int { outputSize }

  var weightAxes: Axes { Axes([.output, .input]) }

  var unsettled: Failure {
    Failure("in_size is none: it is settled at first use, and the layer has not been used")
  }

  var properties: [(name: String, value: Value)] {
    [
      ("in_size", inputSize.map { .number(Double($0)) } ?? Value.none),
      ("out_size", .number(Double(outputSize))),
    ]
  }

  mutating func adopt(_ shape: Shape) throws {
    guard shape.rank == 2, shape[0] == outputSize, inputSize.map({ $0 == shape[1] }) ?? (shape[1] >= 1) else {
      throw Failure(
        "W has shape [\(outputSize), \(inputSize.map(String.init) ?? "in")], the value has \(shape)")
    }
    inputSize = shape[1]
  }
}
