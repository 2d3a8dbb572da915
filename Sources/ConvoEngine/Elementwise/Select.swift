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
    let extents = output.shape.extents
    let nest = LoopNest(
      extents: extents,
      strides: [condition, first, second].map {
        LoopNest.strides(of: $0.shape.extents, stretchedTo: extents)
      } + [output.shape.strides])
    let (s0, s1, s2) = (nest.innerStride(0), nest.innerStride(1), nest.innerStride(2))
    condition.withFloats { c in
      first.withFloats { a in
        second.withFloats { b in
          output.fill { target in
            let y = target.baseAddress.unsafelyUnwrapped
            nest.forEachRow(in: 0..<nest.outerCount) { offsets in
              let (c, a, b, y) = (c + offsets[0], a + offsets[1], b + offsets[2], y + offsets[3])
              for i in 0..<nest.inner { y[i] = c[i * s0] != 0 ? a[i * s1] : b[i * s2] }
            }
          }
        }
      }
    }
  }
}
