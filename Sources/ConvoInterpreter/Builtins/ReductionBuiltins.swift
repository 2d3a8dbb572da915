internal import ConvoEngine
internal import ConvoTensor

/// Functions that fold axes away.
enum ReductionBuiltins {
  static let all: [Builtin] = [
    reduction("sum", "The sum.", .sum, "10", empty: nil),
    reduction("mean", "The mean.", .mean, "2.5", empty: nil),
    reduction(
      "min", "The smallest value; NaN where there is one.", .minimum, "1",
      empty: "min of an empty tensor has no value"),
    reduction(
      "max", "The largest value; NaN where there is one.", .maximum, "4",
      empty: "max of an empty tensor has no value"),
    reduction("std", "The standard deviation, over n.", .standardDeviation, "1.11803", empty: nil),
    reduction("var", "The variance, over n.", .variance, "1.25", empty: nil),
    reduction("prod", "The product.", .product, "24", empty: nil),
    reduction(
      "argmax", "Where the largest value is; the first of equals.", .argmax, "3",
      empty: "argmax of an empty tensor has no value"),
    reduction(
      "argmin", "Where the smallest value is; the first of equals.", .argmin, "0",
      empty: "argmin of an empty tensor has no value"),
    truth("any", "Whether some element is not 0.", .any, "true"),
    truth("all", "Whether every element is not 0.", .all, "false"),
    .operation(
      "norm", "The square root of the sum of squares.", Parameter<Tensor>("x", "any tensor"),
      examples: [Example("norm([3, 4])", gives: "5")]
    ) { x in Reduction(kind: .norm, input: x) },
    .function(
      "allclose", "Whether two tensors agree within a tolerance.", Parameter<Tensor>("a", "any tensor"),
      Parameter<Tensor>("b", "what is compared with"),
      Parameter<Double>("rtol", default: 1e-5, "relative to b"),
      Parameter<Double>("atol", default: 1e-8, "absolute"), detail: "|a − b| ≤ atol + rtol·|b| everywhere",
      examples: [Example("allclose([1, 2], [1, 2.000001])", gives: "true")],
      mistakes: [
        Example("allclose(zeros(2), zeros(3))", gives: "allclose: the shapes [2] and [3] do not fit together")
      ]
    ) { _, a, b, relative, absolute in
      var difference = Binary(kind: .subtract, left: .tensor(a), right: .tensor(b))
      var distance = Unary(kind: .abs, input: try difference.result())
      var size = Unary(kind: .abs, input: b)
      var scaled = Binary(kind: .multiply, left: .tensor(try size.result()), right: .number(Float(relative)))
      var bound = Binary(kind: .add, left: .tensor(try scaled.result()), right: .number(Float(absolute)))
      var within = Binary(
        kind: .lessOrEqual, left: .tensor(try distance.result()), right: .tensor(try bound.result()))
      var same = Binary(kind: .equal, left: .tensor(a), right: .tensor(b))
      var either = Binary(
        kind: .maximum, left: .tensor(try within.result()), right: .tensor(try same.result()))
      var every = Reduction(kind: .all, input: try either.result())
      return try every.result().item != 0
    }
    .inPlans(.needsValues),
  ]

  private static func reduction(
    _ name: String, _ summary: String, _ kind: ReductionKind, _ output: String, empty: String?
  ) -> Builtin {
    var mistakes = [Example("\(name)(zeros(2), 5)", gives: "\(name): axis 5 is out of range")]
    if let empty { mistakes.append(Example("\(name)(zeros(0))", gives: "\(name): \(empty)")) }
    return .operation(
      name, summary, Parameter<Tensor>("x", "any tensor or number"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      Parameter<Bool>("keepdims", default: false, "keep the axes with extent 1"),
      examples: [Example("\(name)([[1, 2], [3, 4]])", gives: output)], mistakes: mistakes
    ) { x, axis, keeps in Reduction(kind: kind, input: x, axes: axis?.values, keepsDimensions: keeps) }
  }

  /// Over everything these give a boolean.
  private static func truth(_ name: String, _ summary: String, _ kind: ReductionKind, _ output: String)
    -> Builtin
  {
    .function(
      name, summary, Parameter<Tensor>("x", "any tensor or number"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      Parameter<Bool>("keepdims", default: false, "keep the axes with extent 1"),
      examples: [Example("\(name)([0, 1])", gives: output)]
    ) { _, x, axis, keeps -> Value in
      var reduction = Reduction(kind: kind, input: x, axes: axis?.values, keepsDimensions: keeps)
      let result = try reduction.result()
      return axis == nil && !keeps ? .boolean(result.item != 0) : result.value
    }
    .inPlans(.needsValues)
  }
}
