internal import ConvoEngine
internal import ConvoTensor

extension ShapeBuiltins {
  /// The same elements under another shape, of which one extent may be -1.
  static func reshaped(_ x: Tensor, _ wanted: [Int]) throws -> Tensor {
    guard wanted.count <= Shape.maximumRank else { throw ShapeError.tooManyAxes(wanted.count) }
    var extents = wanted
    if let open = extents.firstIndex(of: -1) {
      var known = 1
      for (index, extent) in extents.enumerated() where index != open {
        guard extent >= 0 else { throw ShapeError.negativeExtent(wanted) }
        let (product, overflow) = known.multipliedReportingOverflow(by: extent)
        if overflow { throw ShapeError.tooLarge(wanted) }
        known = product
      }
      guard known > 0, x.count % known == 0 else { throw ShapeError.elementCount(from: x.shape, to: wanted) }
      extents[open] = x.count / known
    }
    let shape = try Shape(extents)
    return try x.reshaped(to: shape, axes: shape == x.shape ? x.axes : nil)
  }

  /// Cuts a tensor along an axis into equal parts, or parts of given extents.
  static func split(_ x: Tensor, _ parts: WholeNumbers, _ axis: Int, _ evaluator: Evaluator) throws
    -> Value
  {
    let axis = try x.shape.axis(axis)
    let extent = x.shape[axis]
    var sizes = parts.values
    if !parts.isList {
      let count = sizes[0]
      guard count > 0 else { throw ShapeError.tooSmall(parameter: "parts", value: count, minimum: 1) }
      guard extent % count == 0 else { throw ShapeError.uneven(extent: extent, parts: count) }
      try Value.checkRoom(for: count)
      sizes = [Int](repeating: extent / count, count: count)
    }
    for size in sizes where size < 0 {
      throw ShapeError.tooSmall(parameter: "parts", value: size, minimum: 0)
    }
    // A sum that does not fit is wrong whatever it is.
    let sum = sizes.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 }
    guard sum == extent else { throw ShapeError.partsSum(extent: extent, sum: sum) }
    var start = 0
    var result: [Value] = []
    for size in sizes {
      var items = [SliceItem](repeating: .all, count: axis)
      items.append(.range(start: start, stop: start + size, step: 1))
      let slicing = Slicing(input: x, items: items)
      result.append(.tensor(try evaluator.perform(slicing, named: "split", reading: [x])))
      start += size
    }
    return .list(result)
  }
}
