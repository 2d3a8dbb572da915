internal import CKernels
public import ConvoTensor

/// Takes elements of the first operand where a condition is not zero, of the second elsewhere (`where`).
///
/// - Shapes: any three that fit → the shape all are stretched to.
public struct Select: TensorOperation {
  /// Zero means the second operand; NaN is not zero.
  public var condition: Operand
  /// Taken where the condition holds.
  public var first: Operand
  /// Taken elsewhere.
  public var second: Operand
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(condition: Operand, first: Operand, second: Operand) {
    self.condition = condition
    self.first = first
    self.second = second
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    try condition.shape.broadcast(with: first.shape).broadcast(with: second.shape)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let shape = try? outputShape() else { return nil }
    return .broadcast(
      [(first.shape, first.axes), (second.shape, second.axes), (condition.shape, condition.axes)],
      to: shape)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let settings = settings ?? .current
    let select = settings.kernels.table.pointee.elementwise.select
    let loop = BroadcastLoop(
      [condition.shape, first.shape, second.shape], output: output.shape, nanoseconds: 0.4,
      settings: settings)
    try condition.withFloats { (c) throws(OperationError) in
      try first.withFloats { (a) throws(OperationError) in
        try second.withFloats { (b) throws(OperationError) in
          try output.fillAddress { (y) throws(OperationError) in
            try loop.run([c, a, b], y) { operands, steps, output, count in
              select(operands[0], steps[0], operands[1], steps[1], operands[2], steps[2], output, count)
            }
          }
        }
      }
    }
  }
}
