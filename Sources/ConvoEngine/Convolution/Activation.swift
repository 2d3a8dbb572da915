internal import CKernels

/// What the last step of a convolution can apply to its sums while they are still in registers.
public enum Activation: Sendable, Hashable {
  /// Nothing.
  case none
  /// `max(y, 0)`
  case relu
  /// `y` where it is positive, `slope · y` elsewhere.
  case leakyRelu(Float)
  /// `y` brought into `low ... high`.
  case clip(Float, Float)

  /// What the kernels understand.
  var rule: store_rule {
    switch self {
    case .none: store_rule(activation: Int32(store_plain.rawValue), low: 0, high: 0)
    case .relu: store_rule(activation: Int32(store_clip.rawValue), low: 0, high: .infinity)
    case .leakyRelu(let slope): store_rule(activation: Int32(store_leaky.rawValue), low: slope, high: 0)
    case .clip(let low, let high): store_rule(activation: Int32(store_clip.rawValue), low: low, high: high)
    }
  }

  /// The plain definition; NaN stays NaN.
  func callAsFunction(_ value: Float) -> Float {
    switch self {
    case .none: return value
    case .relu: return value < 0 ? 0 : value
    case .leakyRelu(let slope): return value < 0 ? value * slope : value
    case .clip(let low, let high):
      let raised = value < low ? low : value
      return raised > high ? high : raised
    }
  }
}
