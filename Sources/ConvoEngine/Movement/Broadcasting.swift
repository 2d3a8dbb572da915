public import ConvoTensor

/// Stretches a tensor to a larger shape: axes of extent 1 are repeated, missing ones come in front.
///
/// - Shapes: any that fits → `shape`.
public struct Broadcasting: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The shape to fill.
  public var shape: Shape
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, shape: Shape) {
    self.input = input
    self.shape = shape
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard try input.shape.broadcast(with: shape) == shape else { throw .broadcast(input.shape, shape) }
    return shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { .broadcast([(input.shape, input.axes)], to: shape) }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let copy = StridedCopy(
      extents: shape.extents,
      from: LoopNest.strides(of: input.shape.extents, stretchedTo: shape.extents), to: shape.strides,
      settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try copy.run(x, y) }
    }
  }
}
