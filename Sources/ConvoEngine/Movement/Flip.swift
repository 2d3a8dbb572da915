public import ConvoTensor

/// Turns the order of the elements around along some axes.
///
/// - Shapes: any → the same.
public struct Flip: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The axes to turn; `nil` for all.
  public var axes: [Int]?
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, axes: [Int]?) {
    self.input = input
    self.axes = axes
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    _ = try input.shape.axes(axes)
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    var strides = input.shape.strides
    var offset = 0
    do {
      for axis in try input.shape.axes(axes) {
        offset += (input.shape[axis] - 1) * strides[axis]
        strides[axis] = -strides[axis]
      }
    } catch { throw .shape(error) }
    let copy = StridedCopy(
      extents: output.shape.extents, from: strides, to: output.shape.strides, settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try copy.run(x + offset, y) }
    }
  }
}
