public import ConvoTensor

/// Cuts a rectangle out of pictures.
///
/// - Shapes: `[H, W]`, `[H, W, C]`, `[C, H, W]` or `[N, C, H, W]` → the same with `height` and `width`.
public struct Cropping: TensorOperation {
  /// The pictures.
  public var input: Tensor
  /// The first row and column; `nil` for a rectangle in the middle.
  public var origin: (top: Int, left: Int)?
  /// Rows of the result.
  public var height: Int
  /// Columns of the result.
  public var width: Int
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, top: Int, left: Int, height: Int, width: Int) {
    self.input = input
    self.origin = (top, left)
    self.height = height
    self.width = width
  }

  /// Describes a rectangle in the middle; where a side is left over, it begins at half of it, rounded to even.
  public init(input: Tensor, height: Int, width: Int) {
    self.input = input
    self.height = height
    self.width = width
  }

  /// The indices that cut.
  private func slicing() throws(ShapeError) -> Slicing {
    let layout = try PictureLayout(input, operand: "image")
    for (name, value) in [("height", height), ("width", width)] where value < 0 {
      throw .tooSmall(parameter: name, value: value, minimum: 0)
    }
    let sides = [
      ("height", "top", height, layout.extent.height, origin?.top),
      ("width", "left", width, layout.extent.width, origin?.left),
    ]
    var items = [SliceItem](repeating: .all, count: layout.heightAxis)
    for (name, start, extent, whole, origin) in sides {
      guard extent <= whole else { throw .tooBig(parameter: name, value: extent, maximum: whole) }
      let first = origin ?? Int((Double(whole - extent) / 2).rounded(.toNearestOrEven))
      guard first >= 0 else { throw .tooSmall(parameter: start, value: first, minimum: 0) }
      guard first <= whole - extent else {
        throw .tooBig(parameter: "\(start)", value: first, maximum: whole - extent)
      }
      items.append(.range(start: first, stop: first + extent, step: 1))
    }
    var slicing = Slicing(input: input, items: items)
    slicing.settings = settings
    return slicing
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape { try slicing().outputShape() }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let slicing: Slicing
    do { slicing = try self.slicing() } catch { throw .shape(error) }
    try slicing.evaluate(into: &output)
  }
}
