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
    guard input.rank >= 2 else {
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
    if output.count == 0 { return }
    let channels = input.shape[axis]
    let area = input.shape.strides[axis]
    let (scales, shifts) = factors()
    input.withAddress { x in
      output.fillAddress { y in
        for plane in 0..<(input.count / area) {
          let (factor, constant) = (scales[plane % channels], shifts[plane % channels])
          for i in (plane * area)..<((plane + 1) * area) {
            y[i] = x[i].multiplied(by: factor, plus: constant)
          }
        }
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

extension Float {
  /// `self · factor + summand`, rounded once.
  @inline(__always)
  func multiplied(by factor: Float, plus summand: Float) -> Float {
    summand.addingProduct(self, factor)
  }
}
