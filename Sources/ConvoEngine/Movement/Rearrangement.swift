public import ConvoTensor

/// Takes the axes of a tensor apart and puts the parts together in another order.
///
/// - Shapes: the input under the extents of its parts → the extents of `groups`.
public struct Rearrangement: TensorOperation {
  /// A part of an axis of the result.
  public struct Part: Sendable {
    /// Its extent.
    public var extent: Int
    /// Which part of the input it is; `nil` where the elements are repeated.
    public var source: Int?

    /// Describes a part.
    public init(extent: Int, source: Int?) {
      self.extent = extent
      self.source = source
    }
  }

  /// The operand.
  public var input: Tensor
  /// The extents of the parts of the input, whose product is its number of elements.
  public var parts: [Int]
  /// The axes of the result, each of them some parts.
  public var groups: [[Part]]
  /// The names of the result's axes.
  public var axes: Axes?
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, parts: [Int], groups: [[Part]], axes: Axes? = nil) {
    self.input = input
    self.parts = parts
    self.groups = groups
    self.axes = axes
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard try Shape(parts).count == input.count else { throw .elementCount(from: input.shape, to: parts) }
    // A part that is too large alone is told as such before products of it overflow.
    _ = try Shape(groups.joined().map(\.extent))
    return try Shape(groups.map { $0.reduce(1) { $0 * $1.extent } })
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { axes }

  /// Shares the storage where the order of the elements stays.
  public mutating func result() throws(OperationError) -> Tensor {
    let sources = groups.joined().compactMap(\.source)
    if sources == Array(parts.indices), groups.joined().allSatisfy({ $0.source != nil }) {
      do { return try input.reshaped(to: try outputShape(), axes: axes) } catch { throw .shape(error) }
    }
    return try freshResult()
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let (from, to): (Shape, Shape)
    let all = Array(groups.joined())
    do { (from, to) = (try Shape(parts), try Shape(all.map(\.extent))) } catch { throw .shape(error) }
    let strides = from.strides
    let copy = StridedCopy(
      extents: to.extents, from: all.map { part in part.source.map { strides[$0] } ?? 0 }, to: to.strides,
      settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try copy.run(x, y) }
    }
  }
}
