public import ConvoTensor

/// Selects elements by index, range, new axis and ellipsis: `x[0, :, 10:20]`.
///
/// - Shapes: an index drops its axis, a range keeps it, a new axis has extent 1, what is not named stays whole.
public struct Slicing: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// What stands between the brackets.
  public var items: [SliceItem]
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(_ input: Tensor, _ items: [SliceItem]) {
    self.input = input
    self.items = items
  }

  /// Describes the operation.
  public init(input: Tensor, items: [SliceItem]) { self.init(input, items) }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    try Shape(SlicePlan(input.shape, items).extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let plan = try? SlicePlan(input.shape, items) else { return nil }
    return Axes(plan.sources.map { source in source.map { input.axes.names[$0] } ?? .unnamed })
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let plan: SlicePlan
    do { plan = try SlicePlan(input.shape, items) } catch { throw .shape(error) }
    let copy = StridedCopy(
      extents: plan.extents, from: plan.strides, to: output.shape.strides, settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try copy.run(x + plan.offset, y) }
    }
  }

  /// A view of the input's storage where the selection is one contiguous stretch of it, else a copy.
  ///
  /// A small piece of a large tensor is copied, so that it does not keep the whole alive.
  public mutating func result() throws(OperationError) -> Tensor {
    do throws(ShapeError) {
      let plan = try SlicePlan(input.shape, items)
      let shape = try Shape(plan.extents)
      let strides = shape.strides
      let isContiguous = plan.extents.indices.allSatisfy {
        plan.extents[$0] == 1 || plan.strides[$0] == strides[$0]
      }
      if isContiguous, shape.count > 0, shape.count >= input.count / 4,
        var view = outputAxes().map({
          input.view(of: plan.offset..<(plan.offset + shape.count), shape: shape, axes: $0)
        })
      {
        view.origin = nil
        return view
      }
    } catch { throw .shape(error) }
    return try freshResult()
  }
}

/// Writes a value into selected elements: `x[0, :, 10:20] = v`.
public enum SliceAssignment {
  /// Assigns `value`, stretched to the selection, to the elements of `target` that `items` select.
  ///
  /// Works in place unless another tensor shares the storage of `target`; after an error `target` is as before.
  public static func apply(
    to target: inout Tensor, items: [SliceItem], value: Operand
  ) throws(OperationError) {
    let plan: SlicePlan
    let selection: Shape
    do throws(ShapeError) {
      plan = try SlicePlan(target.shape, items)
      selection = try Shape(plan.extents)
      let extra = max(0, value.shape.rank - selection.rank)
      let fits =
        value.shape.extents.prefix(extra).allSatisfy { $0 == 1 }
        && (try? Shape(Array(value.shape.extents.dropFirst(extra))).broadcast(with: selection)) == selection
      if !fits { throw ShapeError.assignment(target: selection, value: value.shape) }
    } catch { throw .shape(error) }
    if selection.count == 0 { return }
    let own = Array(value.shape.extents.suffix(selection.rank))
    let copy = StridedCopy(
      extents: plan.extents, from: LoopNest.strides(of: own, stretchedTo: plan.extents), to: plan.strides)
    if !target.isUniquelyReferenced(), target.count >= 1 << 20 {
      // The copy that a change of shared storage needs, on all threads, and one that can be stopped.
      var own = Broadcasting(input: target, shape: target.shape)
      var copied = try own.result()
      (copied.axes, copied.origin) = (target.axes, target.origin)
      target = copied
    }
    do {
      try target.withUnsafeMutableFloats { floats in
        let y = floats.baseAddress.unsafelyUnwrapped + plan.offset
        try value.withFloats { (x) throws(OperationError) in try copy.run(x, y) }
      }
    } catch let error as AllocationError {
      throw .memory(error)
    } catch {
      throw error as? OperationError ?? .cancelled
    }
  }
}
