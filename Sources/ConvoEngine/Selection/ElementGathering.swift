public import ConvoTensor

/// Takes for every place of the index one element of the tensor, whose place along one axis the index says.
///
///     y[i, j, k] = x[index[i, j, k], j, k]        along axis 0
///
/// - Shapes: x and index of as many axes, the index nowhere longer but along the axis → the index's.
/// - Source: PyTorch, `torch.gather`, https://pytorch.org/docs/stable/generated/torch.gather.html
public struct ElementGathering: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// Whole numbers; negative ones count from the end.
  public var index: Tensor
  /// The axis along which they are places; negative from the end.
  public var axis: Int

  /// Describes the operation.
  public init(input: Tensor, index: Tensor, axis: Int) {
    self.input = input
    self.index = index
    self.axis = axis
  }

  /// The shape of the result, by the rule above. The values of the index are looked at only when it runs.
  public func outputShape() throws(ShapeError) -> Shape {
    try ElementPlaces.check(input.shape, index.shape, axis)
    return index.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let places: ElementPlaces
    do { places = try ElementPlaces(input.shape, index, axis) } catch { throw .shape(error) }
    if output.count == 0 { return }
    input.withAddress { x in
      output.fillAddress { y in
        places.forEach { position, place in y[position] = x[place] }
      }
    }
  }
}

/// A tensor with some elements exchanged: for every place of the index one, whose place along one axis the index says.
///
///     y[index[i, j, k], j, k] = values[i, j, k]        along axis 0; where two meet, the last stays
///
/// - Shapes: x and index as for ``ElementGathering``, values at least as long as the index everywhere → x's.
/// - Source: PyTorch, `torch.scatter`, https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html
public struct ElementScattering: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// Whole numbers; negative ones count from the end.
  public var index: Tensor
  /// What is written: a number, or a tensor of as many axes.
  public var values: Operand
  /// The axis along which the index has places; negative from the end.
  public var axis: Int

  /// Describes the operation.
  public init(input: Tensor, index: Tensor, values: Operand, axis: Int) {
    self.input = input
    self.index = index
    self.values = values
    self.axis = axis
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    try ElementPlaces.check(input.shape, index.shape, axis)
    if case .tensor(let values) = values {
      guard values.rank == index.rank, zip(values.shape.extents, index.shape.extents).allSatisfy({ $0 >= $1 })
      else { throw .covers(operand: "values", values.shape, index.shape) }
    }
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let places: ElementPlaces
    do { places = try ElementPlaces(input.shape, index, axis) } catch { throw .shape(error) }
    let strides = values.shape.rank == 0 ? [Int](repeating: 0, count: input.rank) : values.shape.strides
    let indexStrides = index.shape.strides
    input.withAddress { x in
      values.withFloats { v in
        output.fillAddress { y in
          y.update(from: x, count: input.count)
          places.forEach { position, place in
            var (rest, source) = (position, 0)
            for axis in strides.indices {
              source += rest / indexStrides[axis] * strides[axis]
              rest %= indexStrides[axis]
            }
            y[place] = v[source]
          }
        }
      }
    }
  }
}

/// For every place of an index, the element of a tensor that it names.
struct ElementPlaces {
  private let places: [Int]
  private let shape: Shape
  private let index: Shape
  private let axis: Int

  static func check(_ shape: Shape, _ index: Shape, _ axis: Int) throws(ShapeError) {
    let axis = try shape.axis(axis)
    let fits =
      index.rank == shape.rank
      && (0..<shape.rank).allSatisfy { $0 == axis || index[$0] <= shape[$0] }
    if !fits { throw .covers(operand: "x", shape, index) }
  }

  init(_ shape: Shape, _ index: Tensor, _ axis: Int) throws(ShapeError) {
    self.axis = try shape.axis(axis)
    self.shape = shape
    self.index = index.shape
    places = try IndexTensor(index, axis: self.axis, extent: shape[self.axis]).places
  }

  /// Calls `body` with each place of the index and that of the tensor, both counted in row-major order.
  func forEach(_ body: (_ position: Int, _ place: Int) -> Void) {
    var strides = shape.strides
    let step = strides[axis]
    strides[axis] = 0
    let nest = LoopNest(extents: index.extents, strides: [strides])
    var position = 0
    if places.isEmpty { return }
    nest.forEachRow(in: 0..<nest.outerCount) { offsets in
      for i in 0..<nest.inner {
        body(position, offsets[0] + i * nest.innerStride(0) + places[position] * step)
        position += 1
      }
    }
  }
}
