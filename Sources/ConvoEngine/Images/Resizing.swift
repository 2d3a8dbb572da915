public import ConvoTensor

/// Resamples pictures to a given size, with pixel centres at halves and no antialiasing.
///
/// - Shapes: `[H, W]` → `[height, width]`; `[H, W, C]` or `[C, H, W]`, told apart by the names of the axes and without
///   names by a last extent of 1, 3 or 4; `[N, C, H, W]`.
public struct Resizing: TensorOperation {
  /// The pictures.
  public var input: Tensor
  /// Rows of the result.
  public var height: Int
  /// Columns of the result.
  public var width: Int
  /// How values between pixels are found.
  public var mode: Interpolation
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, height: Int, width: Int, mode: Interpolation = .bilinear) {
    self.input = input
    self.height = height
    self.width = width
    self.mode = mode
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let layout = try PictureLayout(input, operand: "image")
    for (name, value) in [("height", height), ("width", width)] where value < 1 {
      throw .tooSmall(parameter: name, value: value, minimum: 1)
    }
    try Resampler.check("height", [height, layout.extent.height])
    try Resampler.check("width", [width, layout.extent.width], depth: layout.depth)
    guard layout.extent.height > 0, layout.extent.width > 0 else { throw .empty(operation: "resize") }
    var extents = input.shape.extents
    extents[layout.heightAxis] = height
    extents[layout.heightAxis + 1] = width
    return try Shape(extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let layout: PictureLayout
    do { layout = try PictureLayout(input, operand: "image") } catch { throw .shape(error) }
    let resampler = Resampler(
      planes: layout.planes, from: layout.extent, to: Extent2(height: height, width: width),
      depth: layout.depth, mode: mode, settings: settings ?? .current)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try resampler.run(x, y) }
    }
  }
}

/// Enlarges pictures by whole factors, with pixel centres at halves.
///
/// - Shapes: `[…, H, W]` → `[…, H · rows, W · columns]` for `[H, W]`, `[C, H, W]` and `[N, C, H, W]`.
public struct Upsampling: TensorOperation {
  /// The pictures.
  public var input: Tensor
  /// The factor for rows and for columns.
  public var scale: Extent2
  /// How values between pixels are found.
  public var mode: Interpolation
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, scale: Extent2, mode: Interpolation = .nearest) {
    self.input = input
    self.scale = scale
    self.mode = mode
  }

  private var from: Extent2 {
    Extent2(height: input.shape[input.rank - 2], width: input.shape[input.rank - 1])
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard (2...4).contains(input.rank), !input.axes.isChannelsLast else {
      throw .rank(operand: "x", expected: "N×C×H×W, C×H×W or H×W", found: input.shape)
    }
    for value in [scale.height, scale.width] where value < 1 {
      throw .tooSmall(parameter: "scale", value: value, minimum: 1)
    }
    let (height, first) = from.height.multipliedReportingOverflow(by: scale.height)
    let (width, second) = from.width.multipliedReportingOverflow(by: scale.width)
    if first || second { throw .tooLarge([from.height, scale.height, from.width, scale.width]) }
    let shape = try Shape(input.shape.extents.dropLast(2) + [height, width])
    try Resampler.check("scale", [height, width])
    return shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let to = Extent2(height: from.height * scale.height, width: from.width * scale.width)
    let resampler = Resampler(
      planes: output.count / (to.height * to.width), from: from, to: to, depth: 1, mode: mode,
      settings: settings ?? .current)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try resampler.run(x, y) }
    }
  }
}
