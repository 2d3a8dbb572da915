internal import CKernels
public import ConvoTensor

/// A fully connected layer: each row of the flattened input times the transposed weight, plus the bias.
///
///     output[n, o] = bias[o] + Σᵢ input[n, i] · weight[o, i]
///
/// - Shapes: input `[N, …]`, all axes but the first flattened to F (one axis is one row), weight `[out, F]`, bias `[out]`
///   → `[N, out]`.
public struct Linear: TensorOperation {
  /// The rows.
  public var input: Tensor
  /// One row of factors for each output.
  public var weight: Tensor
  /// What is added to each output.
  public var bias: Tensor?
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, weight: Tensor, bias: Tensor? = nil) {
    self.input = input
    self.weight = weight
    self.bias = bias
  }

  private var rows: Int { input.rank > 1 ? input.shape[0] : 1 }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard input.rank > 0 else {
      throw .rank(operand: "x", expected: "N×F, or F for one row", found: input.shape)
    }
    guard weight.rank == 2 else { throw .rank(operand: "W", expected: "out×in", found: weight.shape) }
    let features = try Shape(input.rank > 1 ? Array(input.shape.extents.dropFirst()) : input.shape.extents)
      .count
    guard features == weight.shape[1] else { throw .inner(input.shape, weight.shape) }
    if let bias, bias.shape.extents != [weight.shape[0]] {
      throw .bias(expected: weight.shape[0], found: bias.shape)
    }
    return try Shape([rows, weight.shape[0]])
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { Axes([.batch, .feature]) }

  /// The multiplications with an addition.
  public var multiplyAdds: Int {
    input.count.multipliedReportingOverflow(by: weight.shape.extents.first ?? 0).partialValue
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let settings = settings ?? .current
    let (rows, outputs) = (output.shape[0], output.shape[1])
    let product = MatrixMultiplication(
      rows: rows, columns: outputs, depth: weight.shape[1], rightIsTransposed: true, settings: settings)
    let add = settings.kernels.table.pointee.elementwise.binary_add
    try input.withAddress { (x) throws(OperationError) in
      try weight.withAddress { (w) throws(OperationError) in
        try output.fillAddress { (y) throws(OperationError) in
          try product.run(x, w, y)
          guard let bias else { return }
          try bias.withAddress { (b) throws(OperationError) in
            try Workers.parallel(
              count: rows, grain: 1, nanoseconds: 0.2 * Double(outputs), threads: settings.threads
            ) { range, _ in
              for row in range { add(y + row * outputs, 1, b, 1, y + row * outputs, outputs) }
            }
          }
        }
      }
    }
  }
}
