public import ConvoTensor

/// What ``Accumulation`` makes of the elements up to each place.
public enum AccumulationKind: Sendable, Hashable {
  /// Their sum.
  case sum
  /// Their product.
  case product
}

/// Running sums or products along an axis, in double precision.
///
/// - Shapes: any of at least one axis → the same.
public struct Accumulation: TensorOperation {
  /// What is made of the elements.
  public var kind: AccumulationKind
  /// The operand.
  public var input: Tensor
  /// The axis along which they run; negative from the end.
  public var axis: Int
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(kind: AccumulationKind, input: Tensor, axis: Int) {
    self.kind = kind
    self.input = input
    self.axis = axis
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    _ = try input.shape.axis(axis)
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let lines: AxisLines
    do { lines = AxisLines(input.shape, try input.shape.axis(axis)) } catch { throw .shape(error) }
    let kind = kind
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        try Workers.parallel(
          count: lines.count, grain: 1, nanoseconds: 2 * Double(lines.extent),
          threads: (settings ?? .current).threads
        ) { range, _ in
          for line in range {
            let start = lines.start(of: line)
            var total = kind == .sum ? 0.0 : 1.0
            for i in 0..<lines.extent {
              // A line may be long; what is left behind is thrown away.
              if i & 0xF_FFFF == 0, Cancellation.isRequested { return }
              let place = start + i * lines.step
              if kind == .sum { total += Double(x[place]) } else { total *= Double(x[place]) }
              y[place] = Float(total)
            }
          }
        }
      }
    }
  }
}
