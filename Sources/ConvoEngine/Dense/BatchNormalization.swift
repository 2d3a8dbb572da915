internal import CKernels
public import ConvoTensor

/// Normalises each channel with given statistics, then scales and shifts it.
///
///     output[n, c, …] = (input[n, c, …] − mean[c]) / √(variance[c] + epsilon) · scale[c] + shift[c]
///
/// - Shapes: input `[N, C, …]`, or `[C, H, W]` when it has three axes, each parameter `[C]` → as the input.
public struct BatchNormalization: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The factor for each channel.
  public var scale: Tensor
  /// What is added to each channel.
  public var shift: Tensor
  /// The mean of each channel.
  public var mean: Tensor
  /// The variance of each channel.
  public var variance: Tensor
  /// What is added to the variance.
  public var epsilon: Float
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(
    input: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5
  ) {
    self.input = input
    self.scale = scale
    self.shift = shift
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }

  private var axis: Int { input.rank == 3 ? 0 : 1 }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard input.rank >= 2, !input.axes.isChannelsLast else {
      throw .rank(operand: "x", expected: "N×C×H×W, C×H×W or N×C", found: input.shape)
    }
    let channels = input.shape[axis]
    for (name, tensor) in [("scale", scale), ("shift", shift), ("mean", mean), ("var", variance)]
    where tensor.shape.extents != [channels] {
      throw .length(operand: name, expected: channels, found: tensor.shape)
    }
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// The multiplications with an addition.
  public var multiplyAdds: Int { input.count }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try run(x, y, input.shape) }
    }
  }

  /// Overwrites the operand where nobody else holds it, else allocates.
  public mutating func result() throws(OperationError) -> Tensor {
    do { _ = try outputShape() } catch { throw .shape(error) }
    guard var target = input.takenWhereUnique() else { return try freshResult() }
    try target.overwrite(run)
    return target
  }

  private func run(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ shape: Shape
  ) throws(OperationError) {
    if shape.count == 0 { return }
    let settings = settings ?? .current
    let affine = settings.kernels.table.pointee.elementwise.unary_affine
    let axis = shape.rank == 3 ? 0 : 1
    let (channels, area) = (shape[axis], shape.strides[axis])
    let (scales, shifts) = factors()
    // A large plane is cut, so that threads can share it.
    let pieces = max(1, area / 16_384)
    try Workers.parallel(
      count: shape.count / area * pieces, grain: 1, nanoseconds: 0.25 * Double(area / pieces) + 2,
      longest: Workers.longestStream, threads: settings.threads
    ) { range, _ in
      for item in range {
        let (plane, piece) = (item / pieces, item % pieces)
        let first = area * piece / pieces
        let start = plane * area + first
        affine(
          x + start, y + start, area * (piece + 1) / pieces - first, scales[plane % channels],
          shifts[plane % channels])
      }
    }
  }

  /// One factor and one summand for each channel, worked out in double precision.
  private func factors() -> (scales: [Float], shifts: [Float]) {
    let (scale, shift, mean, variance) = (
      scale.toArray(), shift.toArray(), mean.toArray(), variance.toArray()
    )
    var factors: [Float] = []
    var summands: [Float] = []
    for c in scale.indices {
      let factor = Double(scale[c]) / (Double(variance[c]) + Double(epsilon)).squareRoot()
      factors.append(Float(factor))
      summands.append(Float(Double(shift[c]) - Double(mean[c]) * factor))
    }
    return (factors, summands)
  }
}
