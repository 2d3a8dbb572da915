internal import ConvoEngine
internal import ConvoTensor

/// Builtins that tell how far two tensors are apart.
enum ComparisonBuiltins {
  static let allclose = Builtin.function(
    "allclose", "Whether two tensors agree within a tolerance.", Parameter<Numeric>("a", "any tensor"),
    Parameter<Numeric>("b", "what is compared with"),
    Parameter<Double>("rtol", default: 1e-5, "relative to b"),
    Parameter<Double>("atol", default: 1e-8, "absolute"),
    detail: "|a − b| ≤ atol + rtol·|b| everywhere; infinite values must be equal, and NaN never is",
    examples: [Example("allclose([1, 2], [1, 2.000001])", gives: "true")],
    mistakes: [
      Example("allclose(zeros(2), zeros(3))", gives: "allclose: the shapes [2] and [3] do not fit together")
    ]
  ) { _, a, b, relative, absolute -> Value in
    if case .number(let a) = a, case .number(let b) = b {
      return .boolean(Difference.isWithin(a, b, relative: relative, absolute: absolute))
    }
    return .boolean(
      try Difference.isWithin(try a.tensor, try b.tensor, relative: relative, absolute: absolute))
  }
  .inPlans(.needsValues)

  static let diff = Builtin.function(
    "diff", "The largest difference of two tensors and where it is.", Parameter<Tensor>("a", "any tensor"),
    Parameter<Tensor>("b", "a tensor of the same shape"),
    examples: [Example("diff([1, 2, 3], [1, 2.5, 3])")],
    mistakes: [
      Example("diff(zeros(2), zeros(3))", gives: "diff: the shapes [2] and [3] do not fit together")
    ],
    seeAlso: ["allclose"]
  ) { evaluator, a, b -> Value in
    evaluator.presenter.present(.lines(lines(try Difference(a, b))))
    return .none
  }
  .inPlans(.isSkipped)

  private static func lines(_ difference: Difference) -> [String] {
    func place(_ position: Int) -> String {
      let index = Statistics.indices(of: position, in: difference.shape)
      return "[" + index.map(String.init).joined(separator: ", ") + "]"
    }
    if difference.shape.count == 0 { return ["both are empty"] }
    var lines: [String] = []
    if let position = difference.largestPosition {
      let mean = difference.mean.isFinite ? ", mean \(NumberText.plain(difference.mean))" : ""
      lines.append("largest |a − b| = \(NumberText.plain(difference.largest)) at \(place(position))\(mean)")
    } else if difference.oneNaN.count == 0 {
      lines.append("no difference")
    }
    if difference.oneNaN.count > 0 {
      lines.append(
        "\(Wording.count(difference.oneNaN.count, "element")) NaN in only one of them, first at \(place(difference.oneNaN.first))"
      )
    }
    if difference.bothNaN > 0 {
      lines.append("\(Wording.count(difference.bothNaN, "element")) NaN in both")
    }
    return lines
  }
}
