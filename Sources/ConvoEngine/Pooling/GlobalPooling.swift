public import ConvoTensor

/// Pools each channel to one number.
///
/// - Shapes: `[N, C, H, W]` → `[N, C, 1, 1]`; `[C, H, W]` → `[C, 1, 1]`.
public struct GlobalPooling: TensorOperation {
  /// Whether the largest element or the mean is kept.
  public var kind: PoolingKind
  /// The operand.
  public var input: Tensor
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(kind: PoolingKind, input: Tensor) {
    self.kind = kind
    self.input = input
  }

  private var reduction: Reduction {
    var reduction = Reduction(
      kind: kind == .maximum ? .maximum : .mean, input: input, axes: [-2, -1], keepsDimensions: true)
    reduction.settings = settings
    return reduction
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    try input.checkPictures(operand: "x")
    return try reduction.outputShape()
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { .pictures(rank: input.rank) }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    try reduction.evaluate(into: &output)
  }
}

/// What a pooling window keeps.
public enum PoolingKind: Sendable, Hashable {
  /// The largest element; NaN if there is one.
  case maximum
  /// The mean.
  case average
}
