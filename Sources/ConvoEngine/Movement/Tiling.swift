public import ConvoTensor

/// Repeats a tensor along its axes, as NumPy's `tile`.
///
/// - Shapes: `[e₀, e₁, …]` → `[r₀·e₀, r₁·e₁, …]`; the shorter of shape and repetitions gets ones in front.
public struct Tiling: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// How often each axis is repeated, the last one last.
  public var repetitions: [Int]
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, repetitions: [Int]) {
    self.input = input
    self.repetitions = repetitions
  }

  private var rank: Int { max(input.rank, repetitions.count) }
  private var padded: [Int] { [Int](repeating: 1, count: rank - input.rank) + input.shape.extents }
  private var times: [Int] { [Int](repeating: 1, count: rank - repetitions.count) + repetitions }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    var extents: [Int] = []
    for (extent, times) in zip(padded, times) {
      guard times >= 0 else { throw .tooSmall(parameter: "reps", value: times, minimum: 0) }
      let (product, overflow) = extent.multipliedReportingOverflow(by: times)
      if overflow { throw .tooLarge([extent, times]) }
      extents.append(product)
    }
    return try Shape(extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    Axes([AxisName](repeating: .unnamed, count: rank - input.rank) + input.axes.names)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    // Each axis becomes two, its repetitions and itself; the first stands still in the input.
    let own = [Int](repeating: 0, count: rank - input.rank) + input.shape.strides
    var extents: [Int] = []
    var from: [Int] = []
    var to: [Int] = []
    for (axis, step) in output.shape.strides.enumerated() {
      extents += [times[axis], padded[axis]]
      from += [0, own[axis]]
      to += [step * padded[axis], step]
    }
    let copy = StridedCopy(extents: extents, from: from, to: to, settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try copy.run(x, y) }
    }
  }
}
