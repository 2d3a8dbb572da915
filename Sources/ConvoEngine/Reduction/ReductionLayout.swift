import ConvoTensor

/// The kept and the reduced axes of a tensor, each as the shortest nest of loops.
struct ReductionLayout: Sendable {
  /// The axes that stay, ascending.
  let keptAxes: [Int]
  /// The axes that vanish, ascending.
  let reducedAxes: [Int]
  /// Loops over the outputs, in their order.
  let kept: LoopNest
  /// Loops over the elements of one output, in their order.
  let reduced: LoopNest
  /// How many elements each output is made of.
  let length: Int

  init(_ shape: Shape, _ axes: [Int]?) throws(ShapeError) {
    let reducedAxes = try shape.axes(axes)
    let keptAxes = (0..<shape.rank).filter { !reducedAxes.contains($0) }
    let strides = shape.strides
    self.reducedAxes = reducedAxes
    self.keptAxes = keptAxes
    kept = LoopNest(extents: keptAxes.map { shape[$0] }, strides: [keptAxes.map { strides[$0] }])
    reduced = LoopNest(extents: reducedAxes.map { shape[$0] }, strides: [reducedAxes.map { strides[$0] }])
    length = reducedAxes.reduce(1) { $0 * shape[$1] }
  }

  /// Whether the elements of an output are neighbours, at least in the innermost loop; else neighbours belong to
  /// different outputs.
  var runsAlongRows: Bool { reduced.innerStride(0) == 1 || kept.innerStride(0) != 1 }

  /// Whether the rows are so short that it pays to put them one behind the other first.
  var needsReordering: Bool {
    runsAlongRows && reduced.extents.count > 1 && reduced.inner < 64 && length > reduced.inner
  }
}
