public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Applies a function of one number to every element.
///
/// - Shapes: any → the same.
public struct Unary: TensorOperation {
  /// The function.
  public var kind: UnaryKind
  /// The operand.
  public var input: Tensor

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
    let kind = kind
    input.withUnsafeFloats { source in
      output.fill { target in
        if let from = source.baseAddress, let to = target.baseAddress {
          Unary.apply(kind, from, to, source.count)
        }
      }
    }
  }

  /// The plain definition, element by element; `from` and `to` may be the same.
  static func apply(
    _ kind: UnaryKind, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    switch kind {
    case .negate: for i in 0..<count { y[i] = -x[i] }
    case .abs: for i in 0..<count { y[i] = Swift.abs(x[i]) }
    case .sign:
      for i in 0..<count { y[i] = x[i] > 0 ? 1 : (x[i] < 0 ? -1 : (x[i].isNaN ? x[i] : 0)) }
    case .exp: for i in 0..<count { y[i] = expf(x[i]) }
    case .log: for i in 0..<count { y[i] = logf(x[i]) }
    case .sqrt: for i in 0..<count { y[i] = x[i].squareRoot() }
    case .sin: for i in 0..<count { y[i] = sinf(x[i]) }
    case .cos: for i in 0..<count { y[i] = cosf(x[i]) }
    case .floor: for i in 0..<count { y[i] = x[i].rounded(.down) }
    case .ceil: for i in 0..<count { y[i] = x[i].rounded(.up) }
    case .round: for i in 0..<count { y[i] = x[i].rounded(.toNearestOrEven) }
    case .relu: for i in 0..<count { y[i] = x[i] < 0 ? 0 : x[i] }
    case .leakyRelu(let slope): for i in 0..<count { y[i] = x[i] < 0 ? slope * x[i] : x[i] }
    case .elu(let alpha): for i in 0..<count { y[i] = x[i] < 0 ? alpha * expm1f(x[i]) : x[i] }
    case .gelu:
      for i in 0..<count {
        y[i] = x[i] == -.infinity ? 0 : Float(Double(x[i]) * 0.5 * erfc(-Double(x[i]) * 0.5.squareRoot()))
      }
    case .silu:
      for i in 0..<count {
        y[i] = x[i] == -.infinity ? 0 : Float(Double(x[i]) / (1 + Glibc.exp(-Double(x[i]))))
      }
    case .sigmoid: for i in 0..<count { y[i] = Float(1 / (1 + Glibc.exp(-Double(x[i])))) }
    case .tanh: for i in 0..<count { y[i] = tanhf(x[i]) }
    case .softplus:
      for i in 0..<count {
        y[i] = Float(Swift.max(Double(x[i]), 0) + log1p(Glibc.exp(-Swift.abs(Double(x[i])))))
      }
      for i in 0..<count where x[i].isNaN { y[i] = x[i] }
    case .clip(let low, let high):
      for i in 0..<count { y[i] = x[i] < low ? low : (x[i] > high ? high : x[i]) }
    case .not: for i in 0..<count { y[i] = x[i] == 0 ? 1 : 0 }
    }
  }
}
