internal import CKernels
public import ConvoTensor

/// Resamples pictures to a given size, with pixel centres at halves.
///
/// Pillow and OpenCV round to whole levels where a picture has whole levels of 0…255; so do their models.
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
  /// Whether a smaller picture is a weighted mean of all pixels.
  public var isAntialiased = false
  /// The library whose result is wanted.
  public var model = ResizeModel.plain
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(
    input: Tensor, height: Int, width: Int, mode: Interpolation = .bilinear, isAntialiased: Bool = false,
    model: ResizeModel = .plain
  ) {
    self.input = input
    self.height = height
    self.width = width
    self.mode = mode
    self.isAntialiased = isAntialiased
    self.model = model
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
    let settings = settings ?? .current
    let kernels = settings.kernels.table.pointee.image
    let to = Extent2(height: height, width: width)
    let count = output.count
    try input.withAddress { (x) throws(OperationError) in
      let rounds =
        mode != .nearest && (model == .pillow || model == .opencv) && kernels.are_levels(x, input.count) != 0
      try output.fillAddress { (y) throws(OperationError) in
        if try !weigh(layout, to, x, y, rounds, settings) {
          let resampler = Resampler(
            planes: layout.planes, from: layout.extent, to: to, depth: layout.depth,
            isNearest: mode == .nearest, model: model, settings: settings)
          try resampler.run(x, y)
        }
        if rounds { kernels.round_levels(y, count) }
      }
    }
  }

  /// Sums with weights, where the mode wants them; else does nothing and says so.
  private func weigh(
    _ layout: PictureLayout, _ to: Extent2, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ rounds: Bool, _ settings: EngineSettings
  ) throws(OperationError) -> Bool {
    let from = layout.extent
    let shrinks = from.height >= to.height && from.width >= to.width
    func weights(_ input: Int, _ output: Int) -> SamplingWeights? {
      SamplingRule.weights(
        mode, model, isAntialiased: isAntialiased, shrinks: shrinks, input: input, output: output)
    }
    guard SamplingRule.hasWeights(mode, model, isAntialiased: isAntialiased) else { return false }
    // A side that stays needs none, and a weight for each input and output of the others.
    let bytes = 64 * (from.height + from.width + 4 * (to.height + to.width))
    do { try MemoryBudget.reserve(bytes) } catch { throw .memory(error) }
    defer { MemoryBudget.release(bytes) }
    guard let rows = weights(from.height, to.height), let columns = weights(from.width, to.width) else {
      return false
    }
    let resampler = WeightedResampler(
      planes: layout.planes, from: from, to: to, depth: layout.depth,
      rows: from.height == to.height ? nil : rows, columns: from.width == to.width ? nil : columns,
      isWhole: rounds && model == .pillow, settings: settings)
    try resampler.run(x, y)
    return true
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
      planes: output.count / (to.height * to.width), from: from, to: to, depth: 1,
      isNearest: mode == .nearest,
      settings: settings ?? .current)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in try resampler.run(x, y) }
    }
  }
}
