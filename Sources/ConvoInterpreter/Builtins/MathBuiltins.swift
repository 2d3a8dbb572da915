internal import ConvoEngine
internal import ConvoTensor

/// Further functions of each element; a number stays a number of 64 bits.
enum MathBuiltins {
  static let all: [Builtin] = [
    element("tan", "The tangent of radians.", .tan, Example("tan([0, 1])", gives: "[0, 1.55741]")),
    element("asin", "The angle whose sine is x, in radians.", .asin, Example("asin(1)", gives: "1.5708")),
    element("acos", "The angle whose cosine is x, in radians.", .acos, Example("acos(-1)", gives: "3.14159")),
    element(
      "atan", "The angle whose tangent is x, in radians.", .atan, Example("4 * atan(1)", gives: "3.14159")),
    .function(
      "atan2", "The angle of the point (x, y), in radians from −π to π.",
      Parameter<Value>("y", "tensor or number, upwards"),
      Parameter<Value>("x", "tensor or number, to the right"),
      examples: [Example("atan2([1, -1], -1)", gives: "[2.35619, -2.35619]")],
      mistakes: [
        Example("atan2(zeros(2), zeros(3))", gives: "atan2: the shapes [2] and [3] do not fit together")
      ],
      seeAlso: ["atan"]
    ) { evaluator, y, x -> Value in
      if case .number(let a) = y, case .number(let b) = x { return .number(ArcTangent2.angle(a, b)) }
      let operation = ArcTangent2(y: try Operand(y, for: "y"), x: try Operand(x, for: "x"))
      return try evaluator.perform(
        operation, named: "atan2", reading: [operation.y, operation.x].compactMap(\.tensor)
      ).value
    },
    element("sinh", "The hyperbolic sine.", .sinh, Example("sinh([0, 1])", gives: "[0, 1.1752]")),
    element("cosh", "The hyperbolic cosine.", .cosh, Example("cosh([0, 1])", gives: "[1, 1.54308]")),
    element("log2", "The logarithm to base 2.", .log2, Example("log2([1, 8])", gives: "[0, 3]")),
    element("log10", "The logarithm to base 10.", .log10, Example("log10(1000)", gives: "3")),
    element(
      "log1p", "The natural logarithm of 1 + x, exact for small x.", .log1p,
      Example("log1p(1e-20)", gives: "1e-20")),
    element(
      "expm1", "The exponential minus 1, exact for small x.", .expm1, Example("expm1(1e-20)", gives: "1e-20")),
    element("cbrt", "The cube root.", .cbrt, Example("cbrt([-8, 27])", gives: "[-2, 3]")),
    element("erf", "The error function.", .erf, Example("erf([0, 1])", gives: "[0, 0.842701]")),
    question("isnan", "1 where an element is not a number, 0 elsewhere.", .isNaN, "[0, 0, 1]"),
    question("isinf", "1 where an element is infinite, 0 elsewhere.", .isInfinite, "[0, 1, 0]"),
    question("isfinite", "1 where an element is neither, 0 elsewhere.", .isFinite, "[1, 0, 0]"),
  ]

  private static func element(
    _ name: String, _ summary: String, _ kind: ElementFunctionKind, _ example: Example
  ) -> Builtin {
    .function(name, summary, Parameter<Value>("x", "any tensor or number"), examples: [example]) {
      evaluator, x in try apply(kind, name, x, evaluator) { .number($0) }
    }
  }

  private static func question(
    _ name: String, _ summary: String, _ kind: ElementFunctionKind, _ output: String
  ) -> Builtin {
    .function(
      name, summary, Parameter<Value>("x", "any tensor; of a number a boolean is told"),
      examples: [
        Example("\(name)([1, 1 / 0, 0 / 0])", gives: output),
        Example("type(\(name)(1))", gives: "\"boolean\""),
      ], seeAlso: ["isnan", "isinf", "isfinite"].filter { $0 != name }
    ) { evaluator, x in try apply(kind, name, x, evaluator) { .boolean($0 != 0) } }
  }

  private static func apply(
    _ kind: ElementFunctionKind, _ name: String, _ x: Value, _ evaluator: Evaluator,
    ofNumber: (Double) -> Value
  ) throws -> Value {
    switch x {
    case .number(let number): return ofNumber(kind(number))
    case .boolean(let flag): return ofNumber(kind(flag ? 1 : 0))
    default:
      let input = try Tensor(x, for: "x")
      return try evaluator.perform(
        ElementFunction(kind: kind, input: input), named: name, reading: [input]
      ).value
    }
  }
}
