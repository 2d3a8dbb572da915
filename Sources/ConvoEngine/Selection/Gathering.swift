public import ConvoTensor

/// Takes parts of a tensor by their places along one axis: `x[[0, 2]]`, `x[:, order]`.
///
/// - Shapes: `[…, n, …]` and an index of any shape → the index's extents in the place of n.
public struct Gathering: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// Whole numbers; negative ones count from the end.
  public var index: Tensor
  /// The axis along which they are places.
  public var axis: Int
  /// Places that are known already, in the place of an index.
  private var known: [Int]?
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, index: Tensor, axis: Int = 0) {
    self.input = input
    self.index = index
    self.axis = axis
  }

  /// Describes the operation with places in `0 ..< n`, which a tensor of floats might not hold exactly.
  public init(input: Tensor, places: [Int], axis: Int = 0) {
    self.init(input: input, index: .empty, axis: axis)
    known = places
  }

  /// The shape of the result, by the rule above. The values of the index are looked at only when it runs.
  public func outputShape() throws(ShapeError) -> Shape {
    var extents = input.shape.extents
    let axis = try input.shape.axis(axis)
    extents.replaceSubrange(axis...axis, with: known.map { [$0.count] } ?? index.shape.extents)
    return try Shape(extents)
  }

  /// The names of the result's axes: an index of one axis keeps the name of the one it chooses from.
  public func outputAxes() -> Axes? {
    guard let axis = try? input.shape.axis(axis) else { return nil }
    var names = input.axes.names
    names.replaceSubrange(
      axis...axis, with: index.rank == 1 ? [names[axis]] : Axes.unnamed(index.rank).names)
    return Axes(names)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let (places, axis): ([Int], Int)
    do throws(ShapeError) {
      axis = try input.shape.axis(self.axis)
      if let known {
        places = known
      } else {
        places = try IndexTensor(index, axis: axis, extent: input.shape[axis]).places
      }
    } catch { throw .shape(error) }
    if output.count == 0 { return }
    let (extent, inner) = (input.shape[axis], input.shape.strides[axis])
    let rows = output.count / inner
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        try Workers.parallel(
          count: rows, grain: 1, nanoseconds: 2 + 0.3 * Double(inner), longest: Workers.longestStream,
          threads: (settings ?? .current).threads
        ) { range, _ in
          for row in range {
            let (block, choice) = (row / places.count, row % places.count)
            let from = x + (block * extent + places[choice]) * inner
            if inner == 1 { y[row] = from[0] } else { (y + row * inner).update(from: from, count: inner) }
          }
        }
      }
    }
  }
}

/// Writes parts of a tensor by their places along one axis: `x[[0, 2]] = v`, `x[:, order] = v`.
public enum GatherAssignment {
  /// Assigns `value`, stretched to the shape that a ``Gathering`` of the selection would have.
  ///
  /// - Parameters:
  ///   - items: the other indices; the axis of the index is a whole range among them.
  ///   - index: the places, on one axis; where one is named twice, the last value stays.
  ///   - axis: the axis of the index in what `items` select.
  public static func apply(
    to target: inout Tensor, items: [SliceItem] = [], index: Tensor, axis: Int, value: Operand
  ) throws(OperationError) {
    let plan: SlicePlan
    let places: [Int]
    let line: Int
    var extents: [Int]
    do throws(ShapeError) {
      plan = try SlicePlan(target.shape, items)
      let whole = try Shape(plan.extents)
      line = try whole.axis(axis)
      guard index.rank == 1 else {
        throw ShapeError.rank(operand: "the index", expected: "on one axis", found: index.shape)
      }
      places = try IndexTensor(index, axis: plan.sources[line] ?? line, extent: whole[line]).places
      extents = plan.extents
      extents[line] = places.count
      let selection = try Shape(extents)
      guard (try? value.shape.broadcast(with: selection)) == selection else {
        throw ShapeError.assignment(target: selection, value: value.shape)
      }
    } catch { throw .shape(error) }
    if extents.contains(0) { return }
    var from = LoopNest.strides(of: value.shape.extents, stretchedTo: extents)
    var to = plan.strides
    let (fromStep, toStep) = (from.remove(at: line), to.remove(at: line))
    extents.remove(at: line)
    let copy = StridedCopy(extents: extents, from: from, to: to)
    let isSingle = extents.allSatisfy { $0 == 1 }
    try target.change { (y) throws(OperationError) in
      try value.withFloats { (x) throws(OperationError) in
        for (position, place) in places.enumerated() {
          let (source, goal) = (x + position * fromStep, y + plan.offset + place * toStep)
          if isSingle { goal.pointee = source.pointee } else { try copy.run(source, goal) }
        }
      }
    }
  }
}

extension Tensor {
  /// Changes the elements in place, after copying them when another tensor shares them.
  mutating func change(
    _ body: (UnsafeMutablePointer<Float>) throws(OperationError) -> Void
  ) throws(OperationError) {
    do {
      try withUnsafeMutableFloats { floats in try body(floats.baseAddress.unsafelyUnwrapped) }
    } catch let error as AllocationError {
      throw .memory(error)
    } catch {
      throw error as? OperationError ?? .cancelled
    }
  }
}
