public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A function of one number that the C library computes in double precision.
public enum ElementFunctionKind: Sendable, Hashable, CaseIterable {
  /// tan x, x in radians
  case tan
  /// The angle whose sine is x.
  case asin
  /// The angle whose cosine is x.
  case acos
  /// The angle whose tangent is x.
  case atan
  /// (eˣ − e⁻ˣ) / 2
  case sinh
  /// (eˣ + e⁻ˣ) / 2
  case cosh
  /// The logarithm to base 2.
  case log2
  /// The logarithm to base 10.
  case log10
  /// ln(1 + x), exact for small x.
  case log1p
  /// eˣ − 1, exact for small x.
  case expm1
  /// ∛x
  case cbrt
  /// The error function.
  case erf
  /// The whole number towards zero.
  case truncate
  /// 1 where x is not a number, 0 elsewhere.
  case isNaN
  /// 1 where x is infinite, 0 elsewhere.
  case isInfinite
  /// 1 where x is finite, 0 elsewhere.
  case isFinite

  /// The function itself.
  public func callAsFunction(_ x: Double) -> Double { function(of: self)(x) }
}

/// The function of a kind; outside of the enumeration, whose cases would hide the names of the C library.
private func function(of kind: ElementFunctionKind) -> @Sendable (Double) -> Double {
  switch kind {
  case .tan: { tan($0) }
  case .asin: { asin($0) }
  case .acos: { acos($0) }
  case .atan: { atan($0) }
  case .sinh: { sinh($0) }
  case .cosh: { cosh($0) }
  case .log2: { log2($0) }
  case .log10: { log10($0) }
  case .log1p: { log1p($0) }
  case .expm1: { expm1($0) }
  case .cbrt: { cbrt($0) }
  case .erf: { erf($0) }
  // Without the sign of a zero.
  case .truncate: { $0.rounded(.towardZero) + 0 }
  case .isNaN: { $0.isNaN ? 1 : 0 }
  case .isInfinite: { $0.isInfinite ? 1 : 0 }
  case .isFinite: { $0.isFinite ? 1 : 0 }
  }
}

/// Applies a function of the C library to every element: computed in double precision, rounded once to a float.
///
/// - Shapes: any → the same.
public struct ElementFunction: TensorOperation {
  /// The function.
  public var kind: ElementFunctionKind
  /// The operand.
  public var input: Tensor
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(kind: ElementFunctionKind, input: Tensor) {
    self.kind = kind
    self.input = input
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape { input.shape }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try run(x, y, input.count) }
    }
  }

  /// Overwrites the operand where nobody else holds it, else allocates.
  public mutating func result() throws(OperationError) -> Tensor {
    guard input.isUniquelyReferenced() else { return try freshResult() }
    var target = input.taken()
    let count = target.count
    try target.fillAddress { (y) throws(OperationError) in try run(UnsafePointer(y), y, count) }
    return target
  }

  private func run(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) throws(OperationError) {
    let apply = function(of: kind)
    try Workers.parallel(
      count: count, grain: 1024, nanoseconds: 15, longest: Workers.longestStream,
      threads: (settings ?? .current).threads
    ) { range, _ in
      for i in range { y[i] = Float(apply(Double(x[i]))) }
    }
  }
}

/// The angle of the point (x, y), in radians from −π to π, in double precision, rounded once to a float.
///
/// - Shapes: any two that fit → the shape both are stretched to.
public struct ArcTangent2: TensorOperation {
  /// The distance upwards.
  public var y: Operand
  /// The distance to the right.
  public var x: Operand
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(y: Operand, x: Operand) {
    self.y = y
    self.x = x
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape { try y.shape.broadcast(with: x.shape) }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let shape = try? outputShape() else { return nil }
    return .broadcast([(y.shape, y.axes), (x.shape, x.axes)], to: shape)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let loop = BroadcastLoop(
      [y.shape, x.shape], output: output.shape, nanoseconds: 25, settings: settings ?? .current)
    try y.withFloats { (a) throws(OperationError) in
      try x.withFloats { (b) throws(OperationError) in
        try output.fillAddress { (target) throws(OperationError) in
          try loop.run([a, b], target) { operands, steps, result, count in
            for i in 0..<count {
              result[i] = Float(
                ArcTangent2.angle(
                  Double(operands[0][i * steps[0]]), Double(operands[1][i * steps[1]])))
            }
          }
        }
      }
    }
  }

  /// The same for two numbers.
  public static func angle(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
}
