public import ConvoTensor

/// Joins tensors along an axis that they have.
///
/// - Shapes: `[…, eᵢ, …]` each → `[…, Σ eᵢ, …]`; all other extents agree.
public struct Concatenation: TensorOperation {
  /// The parts, in order.
  public var inputs: [Tensor]
  /// The axis that grows.
  public var axis: Int
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(_ inputs: [Tensor], axis: Int = 0) {
    self.inputs = inputs
    self.axis = axis
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard let first = inputs.first else { throw .empty(operation: "concat") }
    let along = try first.shape.axis(axis)
    var total = 0
    for input in inputs {
      guard input.rank == first.rank else { throw .mismatch(axis: along, first.shape, input.shape) }
      for axis in 0..<first.rank where axis != along && input.shape[axis] != first.shape[axis] {
        throw .mismatch(axis: axis, first.shape, input.shape)
      }
      let (sum, overflow) = total.addingReportingOverflow(input.shape[along])
      if overflow { throw .tooLarge([total, input.shape[along]]) }
      total = sum
    }
    var extents = first.shape.extents
    extents[along] = total
    return try Shape(extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard var names = inputs.first?.axes.names else { return nil }
    for input in inputs {
      for axis in names.indices where axis < input.rank && input.axes.names[axis] != names[axis] {
        names[axis] = .unnamed
      }
    }
    return Axes(names)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let along: Int
    do { along = try output.shape.axis(axis) } catch { throw .shape(error) }
    let strides = output.shape.strides
    var offset = 0
    for input in inputs {
      let copy = StridedCopy(
        extents: input.shape.extents, from: input.shape.strides, to: strides, settings: settings)
      try input.withAddress { (x) throws(OperationError) in
        try output.fillAddress { (y) throws(OperationError) in
          // An empty part says nothing, and its place may lie behind the end.
          if input.count > 0 { try copy.run(x, y + offset) }
        }
      }
      offset += input.shape[along] * strides[along]
    }
  }
}

/// Joins tensors of one shape along a new axis.
///
/// - Shapes: n times `[e₀, e₁, …]` → n at place `axis`, the others around it.
public struct Stacking: TensorOperation {
  /// The parts, in order.
  public var inputs: [Tensor]
  /// Where the new axis stands in the result; negative from the end.
  public var axis: Int
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(_ inputs: [Tensor], axis: Int = 0) {
    self.inputs = inputs
    self.axis = axis
  }

  private func place() throws(ShapeError) -> Int {
    guard let first = inputs.first else { throw .empty(operation: "stack") }
    let rank = first.rank + 1
    let resolved = axis < 0 ? axis + rank : axis
    guard resolved >= 0, resolved < rank else { throw .axisOutOfRange(axis: axis, rank: rank) }
    return resolved
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let place = try place()
    let first = inputs[0].shape
    for input in inputs where input.shape != first {
      let axis = (0..<min(first.rank, input.rank)).first { first[$0] != input.shape[$0] } ?? 0
      throw .mismatch(axis: axis, first, input.shape)
    }
    var extents = first.extents
    extents.insert(inputs.count, at: place)
    return try Shape(extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let place = try? place() else { return nil }
    var names = Concatenation(inputs, axis: 0).outputAxes()?.names ?? []
    names.insert(.unnamed, at: place)
    return Axes(names)
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let place: Int
    do { place = try self.place() } catch { throw .shape(error) }
    var strides = output.shape.strides
    let step = strides.remove(at: place)
    for (index, input) in inputs.enumerated() where input.count > 0 {
      let copy = StridedCopy(
        extents: input.shape.extents, from: input.shape.strides, to: strides, settings: settings)
      try input.withAddress { (x) throws(OperationError) in
        try output.fillAddress { (y) throws(OperationError) in try copy.run(x, y + index * step) }
      }
    }
  }
}
