internal import CKernels

extension UnaryKind {
  /// The kernel, its parameters, and about how many nanoseconds an element takes on one thread.
  func kernel(
    _ table: elementwise_kernels
  ) -> (run: UnaryKernel, p: Float, q: Float, nanoseconds: Double) {
    switch self {
    case .negate: (table.unary_negate, 0, 0, 0.2)
    case .abs: (table.unary_magnitude, 0, 0, 0.2)
    case .sign: (table.unary_sign, 0, 0, 0.2)
    case .exp: (table.unary_exp, 0, 0, 0.4)
    case .log: (table.unary_log, 0, 0, 0.6)
    case .sqrt: (table.unary_sqrt, 0, 0, 0.3)
    case .sin: (table.unary_sin, 0, 0, 1)
    case .cos: (table.unary_cos, 0, 0, 1)
    case .floor: (table.unary_floor, 0, 0, 0.2)
    case .ceil: (table.unary_ceil, 0, 0, 0.2)
    case .round: (table.unary_round, 0, 0, 0.2)
    case .relu: (table.unary_relu, 0, 0, 0.2)
    case .leakyRelu(let slope): (table.unary_leaky, slope, 0, 0.2)
    case .elu(let alpha): (table.unary_elu, alpha, 0, 0.4)
    case .gelu: (table.unary_gelu, 0, 0, 0.8)
    case .silu: (table.unary_silu, 0, 0, 0.5)
    case .sigmoid: (table.unary_sigmoid, 0, 0, 0.5)
    case .tanh: (table.unary_tanh, 0, 0, 0.5)
    case .softplus: (table.unary_softplus, 0, 0, 0.6)
    case .clip(let low, let high): (table.unary_clip, low, high, 0.2)
    case .not: (table.unary_not, 0, 0, 0.2)
    }
  }
}

/// A function of one number, over a range.
typealias UnaryKernel =
  @convention(c) (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Float, Float) -> Void
