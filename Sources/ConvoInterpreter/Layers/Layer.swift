internal import ConvoEngine
internal import ConvoTensor

/// A callable with parameters: `Conv2D(3, 8, 3)`.
///
/// Layers are values: binding one to a name copies it. What a variable holds settles its sizes in place at first use.
public final class Layer: @unchecked Sendable {
  /// What the layer is and holds. Confined to the thread of the session.
  private var body: any LayerBody
  private var unsettledBody: (any LayerBody)?

  init(_ body: any LayerBody) {
    self.body = body
  }

  /// `Conv2D`
  public var kindName: String { body.kindName }

  /// How it was made: `Conv2D(3, 8, 3, stride=2)`.
  public var text: String { body.text }

  /// The names after a point.
  public var attributeNames: [String] { body.attributeNames }

  /// The layers and functions of a `Sequential`.
  var members: [Value]? { (body as? SequentialBody)?.members }

  /// Another layer with the same settings and parameters; their storage is shared until one changes.
  func copy() -> Layer {
    let copy = Layer(body.copied())
    copy.folding = folding
    return copy
  }

  /// The parameters in order: `W`, `b`.
  func parameters() -> [(name: String, tensor: Tensor)] { body.parameters }

  /// The names of the parameters, also before their sizes are settled.
  var parameterNames: [String] { body.parameterNames }

  /// Takes over what another layer of the same kind holds.
  func become(_ other: Layer) {
    folding = Folding()
    body = other.body
  }

  func attribute(_ name: String) throws -> Value? { try body.attribute(name) }

  func setAttribute(_ name: String, _ value: Value) throws {
    folding = Folding()
    try body.setAttribute(name, value)
  }

  func changeMember(_ index: Int, _ change: (inout Value) throws -> Void) throws {
    guard var sequential = body as? SequentialBody else { return }
    try change(&sequential.members[index])
    body = sequential
  }

  /// What the layer does to an input, after settling sizes that were left open.
  func prepare(
    _ input: Value, _ evaluator: Evaluator
  ) throws -> (operation: any TensorOperation, input: Tensor, parameters: Int) {
    let tensor: Tensor
    do { tensor = try Tensor(argument: input) } catch {
      throw Failure(
        "a layer is called with a tensor, not \(input.brief)",
        labels: [.init(operand: "x", text: input.typeName)])
    }
    if !body.isSettled {
      var settled = body
      try settled.settle(for: tensor, phantom: evaluator.mode != .normal)
      unsettledBody = body
      evaluator.noteSettling(of: self)
      body = settled
    }
    return (try body.operation(on: tensor), tensor, body.parameters.reduce(0) { $0 + $1.tensor.count })
  }

  /// Whether a convolution before this layer may take it over.
  var absorbs: Bool { body is BatchNormalizationBody || members != nil }

  /// Whether it is a pooling of windows.
  var pools: Bool { body is PoolingBody }

  /// A convolution with this batch norm in its weight and bias; nil where this layer is none, or does not fit.
  ///
  /// The folded weight is kept as long as nobody changes the one that it was made from.
  func folded(into convolution: Convolution) throws -> Convolution? {
    guard let norm = body as? BatchNormalizationBody else { return nil }
    var result = convolution
    if let known = folding.known, known.weight.isSame(as: convolution.weight),
      known.bias.map({ bias in convolution.bias.map { bias.isSame(as: $0) } ?? false })
        ?? (convolution.bias == nil)
    {
      (result.weight, result.bias) = (known.foldedWeight, known.foldedBias)
      return result
    }
    guard let (weight, bias) = try norm.folded(convolution.weight, convolution.bias) else { return nil }
    folding.known = Folded(
      weight: WeakTensor(convolution.weight), bias: convolution.bias.map { WeakTensor($0) },
      foldedWeight: weight,
      foldedBias: bias)
    (result.weight, result.bias) = (weight, bias)
    return result
  }

  private struct Folded {
    let weight: WeakTensor
    let bias: WeakTensor?
    let foldedWeight: Tensor
    let foldedBias: Tensor
  }

  /// What was folded last; copies of a layer share it until one of them changes.
  private final class Folding {
    var known: Folded?
  }
  private var folding = Folding()

  /// Takes the settling of a failed statement back.
  func unsettle() {
    if let unsettledBody { body = unsettledBody }
    unsettledBody = nil
  }
}

/// What a kind of layer is made of.
protocol LayerBody: Sendable {
  /// `Conv2D`
  var kindName: String { get }
  /// How it is written.
  var text: String { get }
  /// The names after a point.
  var attributeNames: [String] { get }
  /// The tensors that training would change, by name.
  var parameters: [(name: String, tensor: Tensor)] { get }
  /// The names of the parameters, also before their sizes are settled.
  var parameterNames: [String] { get }
  /// Whether every size is known.
  var isSettled: Bool { get }
  /// Fixes the sizes that were left open, from the first input; `phantom` parameters are never filled.
  mutating func settle(for input: Tensor, phantom: Bool) throws
  /// What the layer does to an input.
  func operation(on input: Tensor) throws -> any TensorOperation
  /// The value of an attribute.
  func attribute(_ name: String) throws -> Value?
  /// Changes an attribute, after checking its shape.
  mutating func setAttribute(_ name: String, _ value: Value) throws
  /// An independent copy.
  func copied() -> any LayerBody
}

extension LayerBody {
  var isSettled: Bool { true }
  mutating func settle(for input: Tensor, phantom: Bool) throws {}
  func copied() -> any LayerBody { self }
  var parameters: [(name: String, tensor: Tensor)] { [] }
  var parameterNames: [String] { [] }
}
