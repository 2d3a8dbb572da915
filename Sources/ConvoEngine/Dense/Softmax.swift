internal import CKernels
public import ConvoTensor

/// Turns the numbers along an axis into probabilities, or their logarithms.
///
///     output[i] = exp(x[i] − max x) / Σⱼ exp(x[j] − max x)
///
/// The sum is made in double precision. Each result is within 3 ulp of `exp(d) / Σ` for differences d to the largest as
/// they round; a logarithm is within 2⁻²³ · (|d| + |ln Σ|).
///
/// - Shapes: any → the same.
public struct Softmax: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The axis along which the results sum to 1.
  public var axis: Int
  /// Whether the result is the logarithm.
  public var logarithmic: Bool
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, axis: Int = -1, logarithmic: Bool = false) {
    self.input = input
    self.axis = axis
    self.logarithmic = logarithmic
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
    let along: Int
    do { along = try shape.axis(axis) } catch { throw .shape(error) }
    let settings = settings ?? .current
    let kernels = settings.kernels.table.pointee.normalization
    let flag: Int32 = logarithmic ? 1 : 0
    let length = shape[along]
    let step = shape.strides[along]
    let outer = shape.count / (length * step)
    if step == 1 && length >= Softmax.longRow {
      for row in 0..<outer { try runLongRow(x + row * length, y + row * length, length, settings) }
      return
    }
    if step == 1 {
      try Workers.parallel(
        count: outer, grain: 1, nanoseconds: 0.65 * Double(length) + 10,
        longest: 4 * Workers.longestStream, threads: settings.threads
      ) { range, _ in
        let start = range.lowerBound * length
        kernels.softmax_rows(x + start, y + start, range.count, length, flag)
      }
      return
    }
    let width = softmax_width
    let strips = (step + width - 1) / width
    try Workers.parallel(
      count: outer * strips, grain: 1, nanoseconds: 0.4 * Double(length * min(width, step)),
      longest: 4 * Workers.longestStream,
      threads: settings.threads
    ) { range, _ in
      for item in range {
        let first = item % strips * width
        let start = item / strips * length * step + first
        kernels.softmax_columns(x + start, y + start, length, step, min(width, step - first), flag)
      }
    }
  }

  /// Rows of this length and more are shared among threads: 1 MiB, the L2 cache of a core.
  private static let longRow = 1 << 18
  /// The elements that a part of such a row has.
  private static let part = 1 << 15

  /// The largest, the sum and the quotients, each part by part; the parts' sums are added in their order.
  private func runLongRow(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ length: Int, _ settings: EngineSettings
  ) throws(OperationError) {
    let table = settings.kernels.table.pointee
    let flag: Int32 = logarithmic ? 1 : 0
    let parts = (length + Softmax.part - 1) / Softmax.part
    func share(_ nanoseconds: Double, _ body: (_ part: Int, _ start: Int, _ count: Int) -> Void)
      throws(OperationError)
    {
      try Workers.parallel(
        count: parts, grain: 1, nanoseconds: nanoseconds * Double(Softmax.part),
        longest: Workers.longestStream, threads: settings.threads
      ) { range, _ in
        for part in range {
          let start = part * Softmax.part
          body(part, start, min(Softmax.part, length - start))
        }
      }
    }
    var numbers = [Double](repeating: 0, count: parts)
    try numbers.withUnsafeMutableBufferPointer { (buffer) throws(OperationError) in
      let numbers = buffer.baseAddress.unsafelyUnwrapped
      try share(0.05) { part, start, count in
        table.reduction.rows_maximum(x + start, 1, count, count, nil, numbers + part)
      }
      var largest = -Double.infinity
      for part in 0..<parts where !(numbers[part] <= largest) { largest = numbers[part] }
      try share(0.3) { part, start, count in
        numbers[part] = table.normalization.softmax_part(x + start, y + start, count, Float(largest), flag)
      }
      let total = (0..<parts).reduce(0.0) { $0 + numbers[$1] }
      try share(0.2) { _, start, count in table.normalization.softmax_scale(y + start, count, total, flag) }
    }
  }
}
