internal import ConvoEngine
internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Activations of networks.
enum ActivationBuiltins {
  static let all: [Builtin] = [
    plain(
      "relu", "The positive part.", "max(x, 0)", .relu, NumberFunction.relu,
      Example("relu([-1, 0, 2])", gives: "[0, 0, 2]")),
    .operation(
      "leaky_relu", "The positive part, and a little of the negative.", Parameter<Tensor>("x", "any tensor"),
      Parameter<Float>("slope", default: 0.01, "what negative values are multiplied by"),
      detail: "x where x > 0, slope·x elsewhere",
      examples: [Example("leaky_relu([-1, 2], 0.5)", gives: "[-0.5, 2]")], seeAlso: ["relu", "elu"],
      number: { arguments in arguments[0].map { NumberFunction.leakyRelu($0, arguments[1] ?? 0.01) } }
    ) { x, slope in Unary(kind: .leakyRelu(slope), input: x) },
    .operation(
      "elu", "The positive part, and an exponential for the negative.", Parameter<Tensor>("x", "any tensor"),
      Parameter<Float>("alpha", default: 1, "the depth of the negative side"),
      detail: "x where x > 0, alpha·(exp(x) − 1) elsewhere",
      examples: [Example("elu([-1, 2])", gives: "[-0.632121, 2]")], seeAlso: ["relu", "leaky_relu"],
      number: { arguments in arguments[0].map { NumberFunction.elu($0, arguments[1] ?? 1) } }
    ) { x, alpha in Unary(kind: .elu(alpha), input: x) },
    plain(
      "gelu", "The value times the chance that a standard normal number is below it.", "x/2·(1 + erf(x/√2))",
      .gelu, NumberFunction.gelu,
      Example("gelu([0, 1])", gives: "[0, 0.841345]")),
    plain(
      "silu", "The value times its sigmoid.", "x / (1 + exp(−x))", .silu, NumberFunction.silu,
      Example("silu([0, 1])", gives: "[0, 0.731059]")),
    plain(
      "sigmoid", "Squeezes every value between 0 and 1.", "1 / (1 + exp(−x))", .sigmoid,
      NumberFunction.sigmoid,
      Example("sigmoid([0, 2])", gives: "[0.5, 0.880797]")),
    plain(
      "tanh", "The hyperbolic tangent.", "tanh(x)", .tanh, { tanh($0) },
      Example("tanh([0, 1])", gives: "[0, 0.761594]")),
    plain(
      "softplus", "A smooth positive part.", "log(1 + exp(x))", .softplus, NumberFunction.softplus,
      Example("softplus([0, 1])", gives: "[0.693147, 1.31326]")),
    .operation(
      "softmax", "Turns scores into probabilities along an axis.", Parameter<Tensor>("x", "any tensor"),
      Parameter<Int>("axis", default: -1, "the axis that sums to 1"), detail: "exp(x) / Σ exp(x)",
      examples: [Example("softmax([0, 0])", gives: "[0.5, 0.5]")],
      mistakes: [Example("softmax(zeros(2), 3)", gives: "softmax: axis 3 is out of range")],
      seeAlso: ["log_softmax"]
    ) { x, axis in Softmax(input: x, axis: axis, logarithmic: false) },
    .operation(
      "log_softmax", "The logarithm of the softmax, without overflow.", Parameter<Tensor>("x", "any tensor"),
      Parameter<Int>("axis", default: -1, "the axis whose exponentials sum to 1"), detail: "x − log Σ exp(x)",
      examples: [Example("log_softmax([0, 0])", gives: "[-0.693147, -0.693147]")], seeAlso: ["softmax"]
    ) { x, axis in Softmax(input: x, axis: axis, logarithmic: true) },
  ]

  private static func plain(
    _ name: String, _ summary: String, _ formula: String, _ kind: UnaryKind,
    _ number: @escaping @Sendable (Double) -> Double, _ example: Example
  ) -> Builtin {
    .operation(
      name, summary, Parameter<Tensor>("x", "any tensor"), detail: formula, examples: [example],
      number: { arguments in arguments[0].map(number) }
    ) { x in Unary(kind: kind, input: x) }
  }
}
