internal import ConvoEngine
internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions of each element.
enum ElementwiseBuiltins {
  static let all: [Builtin] = [
    unary("exp", "The exponential.", .exp, { exp($0) }, Example("exp([0, 1])", gives: "[1, 2.71828]")),
    unary("log", "The natural logarithm.", .log, { log($0) }, Example("log([1, 10])", gives: "[0, 2.30259]")),
    unary("sqrt", "The square root.", .sqrt, { $0.squareRoot() }, Example("sqrt([4, 9])", gives: "[2, 3]")),
    unary(
      "abs", "The value without its sign.", .abs, { Swift.abs($0) }, Example("abs([-2, 3])", gives: "[2, 3]")),
    unary(
      "sign", "-1, 0 or 1.", .sign, NumberFunction.sign, Example("sign([-2, 0, 3])", gives: "[-1, 0, 1]")),
    unary(
      "floor", "The next whole number below.", .floor, { $0.rounded(.down) },
      Example("floor([-1.5, 1.5])", gives: "[-2, 1]")),
    unary(
      "ceil", "The next whole number above.", .ceil, { $0.rounded(.up) },
      Example("ceil([-1.5, 1.5])", gives: "[-1, 2]")),
    unary(
      "round", "The nearest whole number; halves go to the even one.", .round,
      { $0.rounded(.toNearestOrEven) },
      Example("round([0.5, 1.5, 2.4])", gives: "[0, 2, 2]")),
    unary("sin", "The sine of radians.", .sin, { sin($0) }, Example("sin([0, 1])", gives: "[0, 0.841471]")),
    unary("cos", "The cosine of radians.", .cos, { cos($0) }, Example("cos([0, 1])", gives: "[1, 0.540302]")),
    binary(
      "minimum", "The smaller of two, element by element.", .minimum, NumberFunction.minimum,
      Example("minimum([1, 5], 3)", gives: "[1, 3]")),
    binary(
      "maximum", "The larger of two, element by element.", .maximum, NumberFunction.maximum,
      Example("maximum([1, 5], 3)", gives: "[3, 5]")),
    .operation(
      "clip", "Keeps every value between two bounds.", Parameter<Tensor>("x", "any tensor"),
      Parameter<Float>("low", "the smallest value that may remain"),
      Parameter<Float>("high", "the largest value that may remain"),
      examples: [Example("clip([-1, 100, 300], 0, 255)", gives: "[0, 100, 255]")],
      seeAlso: ["minimum", "maximum"],
      number: { arguments in
        guard let x = arguments[0], let low = arguments[1], let high = arguments[2] else { return nil }
        return NumberFunction.clip(x, low, high)
      }
    ) { x, low, high in Unary(kind: .clip(low, high), input: x) },
    .operation(
      "where", "Chooses between two, element by element.", Parameter<Operand>("c", "not 0 chooses a"),
      Parameter<Operand>("a", "taken where c holds"), Parameter<Operand>("b", "taken elsewhere"),
      examples: [Example("where([1, 0, 1], [1, 2, 3], 0)", gives: "[1, 0, 3]")],
      mistakes: [
        Example("where([1, 0], [1, 2, 3], 0)", gives: "where: the shapes [2] and [3] do not fit together")
      ], number: { arguments in arguments[0].map { $0 != 0 ? arguments[1] : arguments[2] } ?? nil }
    ) { condition, first, second in Select(condition: condition, first: first, second: second) },
    .operation(
      "matmul", "The matrix product; leading axes are batches.", Parameter<Tensor>("a", "…×n×k"),
      Parameter<Tensor>("b", "…×k×m"),
      examples: [Example("matmul([[1, 2], [3, 4]], [[1], [1]])", gives: "[[3],\n [7]]")],
      mistakes: [Example("matmul(zeros(2, 3), zeros(4, 5))", gives: "matmul: the inner extents differ")],
      seeAlso: ["linear"]
    ) { a, b in MatrixProduct(left: a, right: b) },
  ]

  private static func unary(
    _ name: String, _ summary: String, _ kind: UnaryKind, _ number: @escaping @Sendable (Double) -> Double,
    _ example: Example
  ) -> Builtin {
    .operation(
      name, summary, Parameter<Tensor>("x", "any tensor or number"), examples: [example],
      number: { arguments in arguments[0].map(number) }
    ) { x in Unary(kind: kind, input: x) }
  }

  private static func binary(
    _ name: String, _ summary: String, _ kind: BinaryKind,
    _ number: @escaping @Sendable (Double, Double) -> Double, _ example: Example
  ) -> Builtin {
    .operation(
      name, summary, Parameter<Operand>("a", "tensor or number"), Parameter<Operand>("b", "tensor or number"),
      examples: [example],
      mistakes: [
        Example("\(name)(zeros(2), zeros(3))", gives: "\(name): the shapes [2] and [3] do not fit together")
      ],
      number: { arguments in
        guard let a = arguments[0], let b = arguments[1] else { return nil }
        return number(a, b)
      }
    ) { a, b in Binary(kind: kind, left: a, right: b) }
  }
}
