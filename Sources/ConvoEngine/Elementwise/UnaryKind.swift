/// A function of one number that ``Unary`` applies to every element.
public enum UnaryKind: Sendable, Hashable {
  /// −x
  case negate
  /// |x|
  case abs
  /// −1, 0 or 1; NaN stays NaN.
  case sign
  /// eˣ
  case exp
  /// ln x
  case log
  /// √x
  case sqrt
  /// sin x, x in radians
  case sin
  /// cos x, x in radians
  case cos
  /// The next whole number below.
  case floor
  /// The next whole number above.
  case ceil
  /// The nearest whole number, half to even.
  case round
  /// max(x, 0)
  case relu
  /// x where x > 0, slope · x elsewhere.
  case leakyRelu(Float)
  /// x where x > 0, alpha · (eˣ − 1) elsewhere.
  case elu(Float)
  /// x · Φ(x), with the exact distribution function Φ.
  case gelu
  /// x · sigmoid(x)
  case silu
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  /// tanh x
  case tanh
  /// ln(1 + eˣ)
  case softplus
  /// min(max(x, low), high)
  case clip(Float, Float)
  /// 1 where x is 0, 0 elsewhere.
  case not
}
