internal import ConvoEngine
internal import ConvoTensor

/// Functions that fold axes away.
enum ReductionBuiltins {
  static let all: [Builtin] = [
    reduction("sum", "The sum.", .sum, { $0 }, "10", empty: nil),
    reduction("mean", "The mean.", .mean, { $0 }, "2.5", empty: nil),
    reduction(
      "min", "The smallest value; NaN where there is one.", .minimum, { $0 }, "1",
      empty: "min of an empty tensor has no value"),
    reduction(
      "max", "The largest value; NaN where there is one.", .maximum, { $0 }, "4",
      empty: "max of an empty tensor has no value"),
    reduction(
      "std", "The standard deviation, over n.", .standardDeviation, { Swift.abs($0 - $0) }, "1.11803",
      empty: nil),
    reduction("var", "The variance, over n.", .variance, { Swift.abs($0 - $0) }, "1.25", empty: nil),
    reduction("prod", "The product.", .product, { $0 }, "24", empty: nil),
    position(
      "argmax", "Where the largest value is; the first of equals.", .argmax, "3"),
    position(
      "argmin", "Where the smallest value is; the first of equals.", .argmin, "0"),
    truth("any", "Whether some element is not 0.", .any, "true"),
    truth("all", "Whether every element is not 0.", .all, "false"),
    .operation(
      "norm", "The square root of the sum of squares.", Parameter<Tensor>("x", "any tensor"),
      examples: [Example("norm([3, 4])", gives: "5")],
      number: { arguments in arguments[0].map { Swift.abs($0) } }
    ) { x in Reduction(kind: .norm, input: x) },
    ComparisonBuiltins.allclose,
  ]

  private static func reduction(
    _ name: String, _ summary: String, _ kind: ReductionKind,
    _ number: @escaping @Sendable (Double) -> Double, _ output: String, empty: String?
  ) -> Builtin {
    var mistakes = [Example("\(name)(zeros(2), 5)", gives: "\(name): axis 5 is out of range")]
    if let empty { mistakes.append(Example("\(name)(zeros(0))", gives: "\(name): \(empty)")) }
    return .operation(
      name, summary, Parameter<Tensor>("x", "any tensor or number"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      Parameter<Bool>("keepdims", default: false, "keep the axes with extent 1"),
      examples: [Example("\(name)([[1, 2], [3, 4]])", gives: output)], mistakes: mistakes,
      number: { arguments in arguments[1] == nil ? arguments[0].map(number) : nil }
    ) { x, axis, keeps in Reduction(kind: kind, input: x, axes: axis?.values, keepsDimensions: keeps) }
  }

  private static func position(
    _ name: String, _ summary: String, _ kind: ReductionKind, _ output: String
  ) -> Builtin {
    .function(
      name, summary, Parameter<Tensor>("x", "any tensor or number"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      Parameter<Bool>("keepdims", default: false, "keep the axes with extent 1"),
      examples: [Example("\(name)([[1, 2], [3, 4]])", gives: output)],
      mistakes: [
        Example("\(name)(zeros(2), 5)", gives: "\(name): axis 5 is out of range"),
        Example("\(name)(zeros(0))", gives: "\(name): \(name) of an empty tensor has no value"),
      ]
    ) { evaluator, x, axis, keeps -> Value in
      let reduction = Reduction(kind: kind, input: x, axes: axis?.values, keepsDimensions: keeps)
      let shape = try reduction.outputShape()
      // A number is exact where float32 is not.
      if x.count > Reduction.exactPositions, evaluator.mode == .normal {
        if shape.rank == 0 { return .number(Double(try reduction.position())) }
        if shape.count > 0, x.count / shape.count > Reduction.exactPositions {
          evaluator.presenter.warn(ReductionBuiltins.roundedPositions(name))
        }
      }
      return try evaluator.perform(reduction, named: name, reading: [x]).value
    }
  }

  /// What is said of positions in a tensor that float32 cannot hold.
  static func roundedPositions(_ name: String) -> String {
    "\(name): a tensor holds whole numbers up to \(Reduction.exactPositions); larger positions are rounded"
  }

  /// Over everything these give a boolean.
  private static func truth(_ name: String, _ summary: String, _ kind: ReductionKind, _ output: String)
    -> Builtin
  {
    .function(
      name, summary, Parameter<Numeric>("x", "any tensor or number"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      Parameter<Bool>("keepdims", default: false, "keep the axes with extent 1"),
      examples: [Example("\(name)([0, 1])", gives: output)]
    ) { _, x, axis, keeps -> Value in
      if case .number(let number) = x, axis == nil, !keeps { return .boolean(number != 0) }
      var reduction = Reduction(kind: kind, input: try x.tensor, axes: axis?.values, keepsDimensions: keeps)
      let result = try reduction.result()
      return axis == nil && !keeps ? .boolean(result.item != 0) : result.value
    }
    .inPlans(.needsValues)
  }
}
