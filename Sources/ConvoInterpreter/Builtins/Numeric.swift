internal import ConvoEngine
internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A tensor, or a number with all of its 64 bits.
enum Numeric: BuiltinArgument {
  case number(Double)
  case tensor(Tensor)

  static var typeName: String { Operand.typeName }

  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .number(let number): self = .number(number)
    case .boolean(let flag): self = .number(flag ? 1 : 0)
    default: self = .tensor(try Tensor(argument: value))
    }
  }

  var written: String { "tensor" }

  /// As a tensor, in whose float32 a number is rounded.
  var tensor: Tensor {
    get throws(ArgumentError) {
      switch self {
      case .number(let number): try Tensor(argument: .number(number))
      case .tensor(let tensor): tensor
      }
    }
  }
}

/// What functions of numbers give: the same as on tensors, in 64 bits.
enum NumberFunction {
  static func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x + 0 }
  static func relu(_ x: Double) -> Double { x > 0 || x.isNaN ? x : 0 }
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  static func silu(_ x: Double) -> Double { x == -.infinity ? 0 : x * sigmoid(x) }
  static func gelu(_ x: Double) -> Double { x == -.infinity ? 0 : 0.5 * x * erfc(-x / 2.squareRoot()) }
  static func softplus(_ x: Double) -> Double { relu(x) + log1p(exp(-Swift.abs(x))) }
  static func elu(_ x: Double, _ alpha: Double) -> Double { x < 0 ? alpha * expm1(x) : x }
  static func leakyRelu(_ x: Double, _ slope: Double) -> Double { x < 0 ? x * slope : x }

  /// The smaller one; NaN if either is.
  static func minimum(_ a: Double, _ b: Double) -> Double { a.isNaN || a < b ? a : b }
  /// The larger one; NaN if either is.
  static func maximum(_ a: Double, _ b: Double) -> Double { a.isNaN || a > b ? a : b }
  /// The value kept between two bounds; of bounds in the wrong order the upper one counts.
  static func clip(_ x: Double, _ low: Double, _ high: Double) -> Double {
    let risen = x < low ? low : x
    return risen > high ? high : risen
  }
}
