internal import CKernels
public import ConvoTensor

/// A function of two numbers that ``Binary`` applies element by element.
public enum BinaryKind: Sendable, Hashable, CaseIterable {
  /// a + b
  case add
  /// a − b
  case subtract
  /// a · b
  case multiply
  /// a / b, as IEEE has it when b is 0.
  case divide
  /// The next whole number below a / b.
  case floorDivide
  /// a − b · ⌊a / b⌋, with the sign of b.
  case remainder
  /// aᵇ
  case power
  /// The smaller one; NaN if either is.
  case minimum
  /// The larger one; NaN if either is.
  case maximum
  /// 1 where a = b, else 0.
  case equal
  /// 1 where a ≠ b, else 0.
  case notEqual
  /// 1 where a < b, else 0.
  case less
  /// 1 where a ≤ b, else 0.
  case lessOrEqual
  /// 1 where a > b, else 0.
  case greater
  /// 1 where a ≥ b, else 0.
  case greaterOrEqual
}

/// Combines two operands element by element, with NumPy's broadcasting.
///
/// - Shapes: any two that fit → the shape both are stretched to.
public struct Binary: TensorOperation {
  /// The function.
  public var kind: BinaryKind
  /// The first operand.
  public var left: Operand
  /// The second operand.
  public var right: Operand
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(kind: BinaryKind, left: Operand, right: Operand) {
    self.kind = kind
    self.left = left
    self.right = right
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    try left.shape.broadcast(with: right.shape)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let shape = try? outputShape() else { return nil }
    return .broadcast([(left.shape, left.axes), (right.shape, right.axes)], to: shape)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let shape = output.shape
    try left.withFloats { (a) throws(OperationError) in
      try right.withFloats { (b) throws(OperationError) in
        try output.fillAddress { (c) throws(OperationError) in
          try run(a, left.shape, b, right.shape, c, shape)
        }
      }
    }
  }

  /// Overwrites an operand that has the result's shape and that nobody else holds, else allocates.
  public mutating func result() throws(OperationError) -> Tensor {
    let shape: Shape
    do { shape = try outputShape() } catch { throw .shape(error) }
    let axes = outputAxes()
    if var target = left.takenIfReusable(as: shape) {
      try right.withFloats { (b) throws(OperationError) in
        try target.fillAddress { (c) throws(OperationError) in
          try run(UnsafePointer(c), shape, b, right.shape, c, shape)
        }
      }
      if let axes { target.axes = axes }
      return target
    }
    if var target = right.takenIfReusable(as: shape) {
      try left.withFloats { (a) throws(OperationError) in
        try target.fillAddress { (c) throws(OperationError) in
          try run(a, left.shape, UnsafePointer(c), shape, c, shape)
        }
      }
      if let axes { target.axes = axes }
      return target
    }
    return try freshResult()
  }

  private func run(
    _ a: UnsafePointer<Float>, _ left: Shape, _ b: UnsafePointer<Float>, _ right: Shape,
    _ c: UnsafeMutablePointer<Float>, _ output: Shape
  ) throws(OperationError) {
    if output.count == 0 { return }
    let settings = settings ?? .current
    let kernel = kind.kernel(settings.kernels.table.pointee.elementwise)
    let (leftStep, rightStep) = (left.count == 1 ? 0 : 1, right.count == 1 ? 0 : 1)
    if (leftStep == 0 || left == output) && (rightStep == 0 || right == output) {
      // Nothing to stretch but numbers: no loops to plan, which small operands would feel.
      return try Workers.parallel(
        count: output.count, grain: 1024, nanoseconds: kernel.nanoseconds, longest: Workers.longestStream,
        threads: settings.threads
      ) { range, _ in
        let first = range.lowerBound
        kernel.run(a + first * leftStep, leftStep, b + first * rightStep, rightStep, c + first, range.count)
      }
    }
    let loop = BroadcastLoop(
      [left, right], output: output, nanoseconds: kernel.nanoseconds, settings: settings)
    try loop.run([a, b], c) { operands, steps, output, count in
      kernel.run(operands[0], steps[0], operands[1], steps[1], output, count)
    }
  }
}

/// A function of two numbers, over a range.
typealias BinaryKernel =
  @convention(c) (UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int) ->
  Void

extension BinaryKind {
  /// The kernel, and about how many nanoseconds an element takes on one thread.
  func kernel(_ table: elementwise_kernels) -> (run: BinaryKernel, nanoseconds: Double) {
    switch self {
    case .add: (table.binary_add, 0.3)
    case .subtract: (table.binary_subtract, 0.3)
    case .multiply: (table.binary_multiply, 0.3)
    case .divide: (table.binary_divide, 0.4)
    case .floorDivide: (table.binary_floor_divide, 1)
    case .remainder: (table.binary_remainder, 1)
    case .power: (table.binary_power, 2)
    case .minimum: (table.binary_minimum, 0.3)
    case .maximum: (table.binary_maximum, 0.3)
    case .equal: (table.binary_equal, 0.3)
    case .notEqual: (table.binary_not_equal, 0.3)
    case .less: (table.binary_less, 0.3)
    case .lessOrEqual: (table.binary_less_or_equal, 0.3)
    case .greater: (table.binary_greater, 0.3)
    case .greaterOrEqual: (table.binary_greater_or_equal, 0.3)
    }
  }
}
