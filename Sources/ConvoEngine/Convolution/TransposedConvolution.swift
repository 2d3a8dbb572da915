public import ConvoTensor

/// A transposed convolution: every pixel of the input spreads the weight over the output, `stride` pixels apart.
///
///     output[n, o, y, x] = activation(bias[o] + Σ input[n, c, i, j] · weight[c, o, r, s])
///     over all i, j, r, s with i·stride + r·dilation − top = y and j·stride + s·dilation − left = x
///
/// - Shapes: input N×C×H×W (or C×H×W), weight C×(O÷groups)×kh×kw, bias O →
///   N×O×((H−1)·stride − top − bottom + (kh−1)·dilation + outputPadding + 1)×….
public struct TransposedConvolution: TensorOperation {
  /// The pictures.
  public var input: Tensor
  /// The coefficients, input channels first.
  public var weight: Tensor
  /// One number for each output channel.
  public var bias: Tensor?
  /// How far apart two pixels of the input land in the output.
  public var stride: Extent2
  /// What is cut off around the output.
  public var padding: Padding
  /// Rows and columns that the output has in addition, below and behind.
  public var outputPadding: Extent2
  /// How far apart neighbouring taps are.
  public var dilation: Extent2
  /// Parts into which the channels are divided.
  public var groups: Int
  /// What is applied to the sums on their way to memory.
  public var activation: Activation
  /// Settings of this operation alone; the current ones where `nil`.
  public var settings: EngineSettings?

  /// Describes a transposed convolution; ``outputShape()`` checks it.
  public init(
    input: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Extent2 = Extent2(1),
    padding: Padding = .none,
    outputPadding: Extent2 = Extent2(0), dilation: Extent2 = Extent2(1), groups: Int = 1,
    activation: Activation = .none, settings: EngineSettings? = nil
  ) {
    self.input = input
    self.weight = weight
    self.bias = bias
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
    self.settings = settings
  }

  /// - Throws: ``ShapeError`` for ranks, channels, groups, bias, an output without pixels, and sizes too large.
  public func outputShape() throws(ShapeError) -> Shape {
    let g = try geometry()
    let picture = [g.groups * g.outputs, g.output.height, g.output.width]
    return try Shape(input.rank == 3 ? picture : [g.batch] + picture)
  }

  /// `N C H W`, as the input.
  public func outputAxes() -> Axes? { .pictures(rank: input.rank) }

  /// One for each tap of each input pixel.
  public var multiplyAdds: Int {
    guard var g = try? geometry() else { return 0 }
    g.output = g.input
    return g.multiplyAdds
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let g: ConvolutionGeometry
    do { g = try geometry() } catch { throw .shape(error) }
    if output.count == 0 { return }
    let plan = TransposedPlan(g, settings ?? .current)
    try input.withUnsafeFloats { input throws(OperationError) in
      try Convolution.withOptional(bias) { bias throws(OperationError) in
        try output.fill { output throws(OperationError) in
          guard let target = output.baseAddress, let source = input.baseAddress else { return }
          try plan.run(input: source, weight: weight, bias: bias, output: target, activation: activation)
        }
      }
    }
  }

  /// Checks everything and collects the numbers: those of the transposed problem, whose input is the smaller picture.
  func geometry() throws(ShapeError) -> ConvolutionGeometry {
    guard input.rank == 3 || input.rank == 4 else {
      throw .rank(operand: "input", expected: "N×C×H×W or C×H×W", found: input.shape)
    }
    guard weight.rank == 4 else {
      throw .rank(operand: "weight", expected: "I×O×kh×kw", found: weight.shape)
    }
    let back = input.rank - 3
    let channels = input.shape[back]
    guard groups >= 1 else { throw .tooSmall(parameter: "groups", value: groups, minimum: 1) }
    guard channels % groups == 0 else { throw .groups(groups: groups, channels: channels, operand: "input") }
    guard channels == weight.shape[0] else {
      throw .channels(input: channels, weight: weight.shape[0], groups: 1)
    }
    try input.checkPictures(operand: "input")
    let (outputs, overflow) = weight.shape[1].multipliedReportingOverflow(by: groups)
    if overflow { throw .tooLarge([weight.shape[1], groups]) }
    if let bias, bias.rank != 1 || bias.count != outputs { throw .bias(expected: outputs, found: bias.shape) }
    let window = Extent2(height: weight.shape[2], width: weight.shape[3])
    let picture = Extent2(height: input.shape[back + 1], width: input.shape[back + 2])
    var sides: Padding2?
    if case .explicit(let given) = padding { sides = given }
    let rows = try line(
      picture.height, window.height, stride.height, dilation.height, outputPadding.height,
      sides.map { ($0.top, $0.bottom) })
    let columns = try line(
      picture.width, window.width, stride.width, dilation.width, outputPadding.width,
      sides.map { ($0.left, $0.right) })
    return ConvolutionGeometry(
      batch: back == 1 ? input.shape[0] : 1, groups: groups, channels: channels / groups,
      outputs: weight.shape[1], input: picture, window: window, stride: stride, dilation: dilation,
      padding: Padding2(top: rows.before, bottom: rows.after, left: columns.before, right: columns.after),
      output: Extent2(height: rows.extent, width: columns.extent))
  }

  /// One direction: the extent of the output and what is cut off before and behind.
  private func line(
    _ input: Int, _ window: Int, _ stride: Int, _ dilation: Int, _ extra: Int, _ sides: (Int, Int)?
  ) throws(ShapeError) -> (extent: Int, before: Int, after: Int) {
    let limit = 1 << 30
    for (name, value, minimum) in [
      ("ksize", window, 1), ("stride", stride, 1), ("dilation", dilation, 1), ("output_pad", extra, 0),
      ("pad", sides?.0 ?? 0, 0), ("pad", sides?.1 ?? 0, 0),
    ] {
      if value < minimum { throw .tooSmall(parameter: name, value: value, minimum: minimum) }
      if value > limit { throw .tooBig(parameter: name, value: value, maximum: limit) }
    }
    if extra >= max(stride, dilation), extra > 0 {
      throw .tooBig(parameter: "output_pad", value: extra, maximum: max(stride, dilation) - 1)
    }
    let (far, overflow) = max(input - 1, 0).multipliedReportingOverflow(by: stride)
    if overflow || far > 1 << 60 { throw .tooLarge([input, stride]) }
    // Where the windows do not meet, "same" adds what lies between them behind the last, too.
    let reach = max((window - 1) * dilation + 1 + extra, sides == nil ? stride : 0)
    let (before, after): (Int, Int)
    if let sides {
      (before, after) = sides
    } else {
      // As much as makes the output `input · stride` large.
      let surplus = reach - stride
      (before, after) = (surplus / 2, surplus - surplus / 2)
    }
    let extent = input == 0 ? 0 : far + reach - before - after
    if extent < 1 {
      throw .windowTooLarge(window: Extent2(before + after + 1), input: Extent2(far + reach))
    }
    return (extent, before, after)
  }
}
