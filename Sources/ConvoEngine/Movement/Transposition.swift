public import ConvoTensor

/// Puts the axes of a tensor in another order.
///
/// - Shapes: `[e₀, e₁, …]` → `[e[axes₀], e[axes₁], …]`.
public struct Transposition: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// Which axis of the input each axis of the output is; an empty list turns the order around.
  public var axes: [Int]
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, axes: [Int]) {
    self.input = input
    self.axes = axes
  }

  private func order() throws(ShapeError) -> [Int] {
    if axes.isEmpty { return (0..<input.rank).reversed() }
    guard axes.count == input.rank else { throw .axisCount(expected: input.rank, found: axes.count) }
    var order: [Int] = []
    for axis in axes {
      let resolved = try input.shape.axis(axis)
      if order.contains(resolved) { throw .repeatedAxis(axis) }
      order.append(resolved)
    }
    return order
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    try Shape(try order().map { input.shape[$0] })
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    (try? order()).map { order in Axes(order.map { input.axes.names[$0] }) }
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let order: [Int]
    do { order = try self.order() } catch { throw .shape(error) }
    let strides = input.shape.strides
    let copy = StridedCopy(
      extents: output.shape.extents, from: order.map { strides[$0] }, to: output.shape.strides,
      settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try copy.run(x, y) }
    }
  }
}
