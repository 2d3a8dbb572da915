internal import CKernels
public import ConvoTensor

/// Applies a function of one number to every element.
///
/// Each element's result is the same wherever it stands and whatever the number of threads; between CPU variants it may
/// differ within the bound. In units in the last place, over all floats, denormal results included:
///
/// | functions | error |
/// |---|---|
/// | negate, abs, sign, floor, ceil, round, relu, clip, not | exact |
/// | sqrt, leakyRelu | ½ |
/// | sin, cos (below 2²⁰; beyond, the C library's) | 1 |
/// | exp, log | 2 |
/// | sigmoid, tanh, elu | 3 |
/// | silu, softplus | 4 |
/// | gelu | 6 |
///
/// - Shapes: any → the same.
public struct Unary: TensorOperation {
  /// The function.
  public var kind: UnaryKind
  /// The operand.
  public var input: Tensor
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(kind: UnaryKind, input: Tensor) {
    self.kind = kind
    self.input = input
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape { input.shape }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    try input.withAddress { (from) throws(OperationError) in
      try output.fillAddress { (to) throws(OperationError) in try run(from, to, input.count) }
    }
  }

  /// Overwrites the operand where nobody else holds it, else allocates.
  public mutating func result() throws(OperationError) -> Tensor {
    guard input.isUniquelyReferenced() else { return try freshResult() }
    var target = input.taken()
    let count = target.count
    try target.fillAddress { (to) throws(OperationError) in try run(UnsafePointer(to), to, count) }
    return target
  }

  private func run(
    _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int
  ) throws(OperationError) {
    let settings = settings ?? .current
    let kernel = kind.kernel(settings.kernels.table.pointee.elementwise)
    try Workers.parallel(
      count: count, grain: 1024, nanoseconds: kernel.nanoseconds, longest: Workers.longestStream,
      threads: settings.threads
    ) { range, _ in
      kernel.run(from + range.lowerBound, to + range.lowerBound, range.count, kernel.p, kernel.q)
    }
  }
}
