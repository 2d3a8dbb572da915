internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

extension Evaluator {
  /// The error of an index: it points to the item that does not fit, and says the shape of what is indexed.
  func indexDiagnostic(
    for error: any Error, of value: Value, _ base: Expression, _ items: [IndexItem],
    _ resolved: [ResolvedIndex]
  ) -> any Error {
    let first = items.first?.span ?? base.span
    let all = first.union(items.last?.span ?? first)
    guard case .tensor(let tensor) = value, case .shape(let shapeError)? = error as? OperationError else {
      return diagnostic(for: error, at: all, operation: nil)
    }
    var failure = Wording.failure(for: shapeError)
    var places = ["x": base.span, "index": all]
    if case .indexOutOfRange(_, let axis, _) = shapeError,
      let place = ResolvedIndex.item(for: axis, rank: tensor.rank, in: resolved)
    {
      places["index"] = items[place].span
    }
    failure.labels = [
      .init(operand: "index", text: ""),
      .init(operand: "x", text: tensor.axes.isNamed ? tensor.axesText : "\(tensor.shape)"),
    ]
    return diagnostic(for: failure, at: all, operation: nil, operands: places)
  }
}

extension ResolvedIndex {
  /// Which item of an index speaks of an axis.
  fileprivate static func item(for axis: Int, rank: Int, in items: [ResolvedIndex]) -> Int? {
    let used = items.count {
      switch $0 {
      case .index, .range, .key: true
      case .newAxis, .ellipsis: false
      }
    }
    var next = 0
    for (place, item) in items.enumerated() {
      switch item {
      case .newAxis: continue
      case .ellipsis: next += max(0, rank - used)
      case .index, .range, .key:
        if next == axis { return place }
        next += 1
      }
    }
    return nil
  }
}
