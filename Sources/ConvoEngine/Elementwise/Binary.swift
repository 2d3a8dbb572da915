public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    let extents = output.shape.extents
    let nest = LoopNest(
      extents: extents,
      strides: [
        LoopNest.strides(of: left.shape.extents, stretchedTo: extents),
        LoopNest.strides(of: right.shape.extents, stretchedTo: extents),
        output.shape.strides,
      ])
    let kind = kind
    let (sa, sb) = (nest.innerStride(0), nest.innerStride(1))
    left.withFloats { a in
      right.withFloats { b in
        output.fill { target in
          let c = target.baseAddress.unsafelyUnwrapped
          nest.forEachRow(in: 0..<nest.outerCount) { offsets in
            Binary.apply(kind, a + offsets[0], sa, b + offsets[1], sb, c + offsets[2], nest.inner)
          }
        }
      }
    }
  }

  /// The plain definition along one row.
  static func apply(
    _ kind: BinaryKind, _ a: UnsafePointer<Float>, _ sa: Int, _ b: UnsafePointer<Float>, _ sb: Int,
    _ c: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    switch kind {
    case .add: for i in 0..<count { c[i] = a[i * sa] + b[i * sb] }
    case .subtract: for i in 0..<count { c[i] = a[i * sa] - b[i * sb] }
    case .multiply: for i in 0..<count { c[i] = a[i * sa] * b[i * sb] }
    case .divide: for i in 0..<count { c[i] = a[i * sa] / b[i * sb] }
    case .floorDivide: for i in 0..<count { c[i] = Binary.floorDivide(a[i * sa], b[i * sb]) }
    case .remainder: for i in 0..<count { c[i] = Binary.remainder(a[i * sa], b[i * sb]) }
    case .power: for i in 0..<count { c[i] = powf(a[i * sa], b[i * sb]) }
    case .minimum:
      for i in 0..<count {
        let (p, q) = (a[i * sa], b[i * sb])
        c[i] = p.isNaN || p < q ? p : q
      }
    case .maximum:
      for i in 0..<count {
        let (p, q) = (a[i * sa], b[i * sb])
        c[i] = p.isNaN || p > q ? p : q
      }
    case .equal: for i in 0..<count { c[i] = a[i * sa] == b[i * sb] ? 1 : 0 }
    case .notEqual: for i in 0..<count { c[i] = a[i * sa] != b[i * sb] ? 1 : 0 }
    case .less: for i in 0..<count { c[i] = a[i * sa] < b[i * sb] ? 1 : 0 }
    case .lessOrEqual: for i in 0..<count { c[i] = a[i * sa] <= b[i * sb] ? 1 : 0 }
    case .greater: for i in 0..<count { c[i] = a[i * sa] > b[i * sb] ? 1 : 0 }
    case .greaterOrEqual: for i in 0..<count { c[i] = a[i * sa] >= b[i * sb] ? 1 : 0 }
    }
  }

  /// a − b · ⌊a / b⌋ exactly, with the sign of b: NaN when b is 0 or a infinite, a or ±∞ when b is infinite.
  static func remainder(_ a: Float, _ b: Float) -> Float {
    let rest = fmodf(a, b)
    if rest == 0 { return copysignf(0, b) }
    return (rest < 0) != (b < 0) ? rest + b : rest
  }

  /// ⌊a / b⌋ of the exact quotient, as Python has it; a / b when b is 0.
  static func floorDivide(_ a: Float, _ b: Float) -> Float {
    if b == 0 { return a / b }
    var rest = fmodf(a, b)
    if rest != 0 && (rest < 0) != (b < 0) { rest += b }
    let quotient = (a - rest) / b
    if quotient == 0 { return copysignf(0, a / b) }
    let floored = quotient.rounded(.down)
    return quotient - floored > 0.5 ? floored + 1 : floored
  }
}
