internal import CKernels
public import ConvoTensor

/// Keeps the largest element or the mean of each window.
///
/// Padding never wins a maximum; NaN does. A mean is divided by the number of elements in the window, with padding or
/// without; what overhangs the padded picture never counts.
///
/// - Shapes: `[N, C, H, W]` → `[N, C, H', W']`; `[C, H, W]` → `[C, H', W']`, with H' = ⌊(H + padding − reach) / stride⌋ + 1
///   rounded up when `coverAll`.
public struct Pooling: TensorOperation {
  /// What is kept.
  public var kind: PoolingKind
  /// The pictures.
  public var input: Tensor
  /// The window.
  public var window: Window
  /// Whether the number of windows is rounded up, so that every pixel is seen.
  public var coverAll: Bool
  /// Whether padding counts in the divisor of a mean.
  public var countPadding: Bool
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(
    kind: PoolingKind, input: Tensor, window: Window, coverAll: Bool = false, countPadding: Bool = true
  ) {
    self.kind = kind
    self.input = input
    self.window = window
    self.coverAll = coverAll
    self.countPadding = countPadding
  }

  /// Rows and columns of the window's way over the picture.
  func lines() throws(ShapeError) -> (rows: WindowLine, columns: WindowLine) {
    try input.checkPictures(operand: "x")
    let picture = Extent2(height: input.shape[input.rank - 2], width: input.shape[input.rank - 1])
    var (vertical, horizontal): ((before: Int, after: Int)?, (before: Int, after: Int)?)
    if case .explicit(let padding) = window.padding {
      vertical = (padding.top, padding.bottom)
      horizontal = (padding.left, padding.right)
    }
    return (
      try WindowLine(
        input: picture.height, size: window.extent.height, stride: window.stride.height,
        dilation: window.dilation.height, padding: vertical, coversAll: coverAll, window: window.extent,
        picture: picture),
      try WindowLine(
        input: picture.width, size: window.extent.width, stride: window.stride.width,
        dilation: window.dilation.width, padding: horizontal, coversAll: coverAll, window: window.extent,
        picture: picture)
    )
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let (rows, columns) = try lines()
    return try Shape(input.shape.extents.dropLast(2) + [rows.output, columns.output])
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { .pictures(rank: input.rank) }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let (rows, columns): (WindowLine, WindowLine)
    do { (rows, columns) = try lines() } catch { throw .shape(error) }
    let plan = PoolingPlan(self, rows, columns)
    let planes = output.count / (rows.output * columns.output)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try plan.run(x, planes: planes, y) }
    }
  }
}
