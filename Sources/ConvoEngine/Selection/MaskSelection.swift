public import ConvoTensor

/// The parts of a tensor where a mask is not zero, in order: `x[x > 3]`.
///
/// - Shapes: `[m₀, m₁, …, e₀, …]` and a mask `[m₀, m₁, …]` with n ones → `[n, e₀, …]`.
public struct MaskSelection: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// What is not 0 selects.
  public var mask: Tensor
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, mask: Tensor) {
    self.input = input
    self.mask = mask
  }

  /// The shape of the result, by the rule above; the mask is counted for it.
  ///
  /// - Throws: ``ShapeError/mask(_:_:)``.
  public func outputShape() throws(ShapeError) -> Shape {
    try mask.checkMask(of: input.shape)
    return try Shape([mask.countOfSelected] + input.shape.extents.dropFirst(mask.rank))
  }

  /// The names of the result's axes: a mask of one axis keeps its name.
  public func outputAxes() -> Axes? {
    Axes([mask.rank == 1 ? input.axes.names[0] : .unnamed] + input.axes.names.dropFirst(mask.rank))
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let inner = input.count / mask.count
    mask.withUnsafeFloats { flags in
      input.withAddress { x in
        output.fillAddress { y in
          var next = y
          for (position, flag) in flags.enumerated() where flag != 0 {
            next.update(from: x + position * inner, count: inner)
            next += inner
          }
        }
      }
    }
  }
}

/// Writes the parts of a tensor where a mask is not zero: `x[x > 3] = 0`.
public enum MaskAssignment {
  /// Assigns `value`, stretched to the shape that a ``MaskSelection`` would have.
  public static func apply(to target: inout Tensor, mask: Tensor, value: Operand) throws(OperationError) {
    let selection: Shape
    do throws(ShapeError) {
      selection = try MaskSelection(input: target, mask: mask).outputShape()
      guard (try? value.shape.broadcast(with: selection)) == selection else {
        throw ShapeError.assignment(target: selection, value: value.shape)
      }
    } catch { throw .shape(error) }
    if selection.count == 0 { return }
    let extents = Array(selection.extents.dropFirst())
    let inner = target.count / mask.count
    let from = LoopNest.strides(of: value.shape.extents, stretchedTo: selection.extents)
    let copy = StridedCopy(
      extents: extents, from: Array(from.dropFirst()),
      to: Array(target.shape.strides.dropFirst(mask.rank)))
    try target.change { (y) throws(OperationError) in
      try value.withFloats { (x) throws(OperationError) in
        try mask.withUnsafeFloats { (flags) throws(OperationError) in
          var source = x
          for (position, flag) in flags.enumerated() where flag != 0 {
            let goal = y + position * inner
            if inner == 1 { goal.pointee = source.pointee } else { try copy.run(source, goal) }
            source += from[0]
          }
        }
      }
    }
  }
}

extension Tensor {
  /// How many elements are not zero.
  public var countOfSelected: Int {
    withUnsafeFloats { floats in floats.reduce(0) { $0 + ($1 != 0 ? 1 : 0) } }
  }

  /// Checks that a mask has the shape of the leading axes of what it selects from.
  func checkMask(of shape: Shape) throws(ShapeError) {
    guard rank > 0, rank <= shape.rank, Array(shape.extents.prefix(rank)) == self.shape.extents else {
      throw .mask(self.shape, of: shape)
    }
  }
}

/// Where the elements stand that are not zero, in row-major order.
///
/// - Shapes: any of rank r with n such elements → `[n, r]`.
public struct NonzeroPlaces: TensorOperation {
  /// The operand.
  public var input: Tensor

  /// Describes the operation.
  public init(input: Tensor) { self.input = input }

  /// The shape of the result, by the rule above; the elements are counted for it.
  public func outputShape() throws(ShapeError) -> Shape { try Shape([input.countOfSelected, input.rank]) }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let (strides, extents) = (input.shape.strides, input.shape.extents)
    input.withUnsafeFloats { floats in
      output.fill { target in
        var next = 0
        for (index, value) in floats.enumerated() where value != 0 {
          for axis in extents.indices {
            target[next] = Float(index / strides[axis] % extents[axis])
            next += 1
          }
        }
      }
    }
  }
}
