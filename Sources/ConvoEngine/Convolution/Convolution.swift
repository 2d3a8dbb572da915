public import ConvoTensor

/// A convolution (cross-correlation, as networks mean it) of pictures with a weight.
///
///     output[n, o, y, x] = activation(bias[o] + Σ input[n, c, y·stride + r·dilation − top, x·stride + s·dilation − left]
///                                             · weight[o, c, r, s])
///
/// - Shapes: input N×C×H×W (or C×H×W), weight O×(C÷groups)×kh×kw, bias O → N×O×P×Q.
public struct Convolution: TensorOperation {
  /// The pictures.
  public var input: Tensor
  /// The coefficients.
  public var weight: Tensor
  /// One number for each output channel.
  public var bias: Tensor?
  /// How far the window moves.
  public var stride: Extent2
  /// Zeros around the pictures.
  public var padding: Padding
  /// How far apart neighbouring taps are.
  public var dilation: Extent2
  /// Parts into which the channels are divided; each output channel sees one part of the input.
  public var groups: Int
  /// What is applied to the sums on their way to memory.
  public var activation: Activation
  /// A tensor of the output's shape that is added before the activation.
  public var residual: Tensor?
  /// Settings of this operation alone; the current ones where `nil`.
  public var settings: EngineSettings?

  /// Describes a convolution; ``outputShape()`` checks it.
  public init(
    input: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Extent2 = Extent2(1),
    padding: Padding = .none, dilation: Extent2 = Extent2(1), groups: Int = 1, activation: Activation = .none,
    residual: Tensor? = nil, settings: EngineSettings? = nil
  ) {
    self.input = input
    self.weight = weight
    self.bias = bias
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.activation = activation
    self.residual = residual
    self.settings = settings
  }

  /// - Throws: ``ShapeError`` for ranks, channels, groups, bias, a window that does not fit, and sizes too large.
  public func outputShape() throws(ShapeError) -> Shape {
    try outputShape(geometry())
  }

  private func outputShape(_ g: ConvolutionGeometry) throws(ShapeError) -> Shape {
    let picture = [g.groups * g.outputs, g.output.height, g.output.width]
    let shape = try Shape(input.rank == 3 ? picture : [g.batch] + picture)
    if let residual, residual.shape != shape { throw .broadcast(shape, residual.shape) }
    return shape
  }

  /// `N C H W`, as the input.
  public func outputAxes() -> Axes? { .pictures(rank: input.rank) }

  /// One for each tap of each output element, padding included.
  public var multiplyAdds: Int { (try? geometry())?.multiplyAdds ?? 0 }

  /// The name of the algorithm that ``evaluate(into:)`` will use.
  public var algorithmName: String? {
    guard let g = try? geometry() else { return nil }
    return ConvolutionAlgorithm.choice(for: g, settings ?? .current).name
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let g: ConvolutionGeometry
    do { g = try geometry() } catch { throw .shape(error) }
    if output.count == 0 { return }
    let settings = settings ?? .current
    let algorithm = ConvolutionAlgorithm.choice(for: g, settings)
    try input.withUnsafeFloats { input throws(OperationError) in
      try weight.withUnsafeFloats { coefficients throws(OperationError) in
        try Convolution.withOptional(bias) { bias throws(OperationError) in
          try Convolution.withOptional(residual) { residual throws(OperationError) in
            try output.fill { output throws(OperationError) in
              guard let target = output.baseAddress, let source = input.baseAddress,
                let weights = coefficients.baseAddress
              else { return }
              try algorithm.run(
                ConvolutionProblem(
                  geometry: g, input: source, weight: weights, weightTensor: weight, bias: bias,
                  residual: residual, output: target, activation: activation, settings: settings))
            }
          }
        }
      }
    }
  }

  /// The addresses of the operands, without the residual.
  func withOperands(
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>?) throws(OperationError) -> Void
  ) throws(OperationError) {
    try input.withAddress { (input) throws(OperationError) in
      try weight.withAddress { (weight) throws(OperationError) in
        try Convolution.withOptional(bias) { (bias) throws(OperationError) in try body(input, weight, bias) }
      }
    }
  }

  static func withOptional(
    _ tensor: Tensor?, _ body: (UnsafePointer<Float>?) throws(OperationError) -> Void
  ) throws(OperationError) {
    guard let tensor else { return try body(nil) }
    try tensor.withUnsafeFloats { floats throws(OperationError) in try body(floats.baseAddress) }
  }

  /// Checks everything and collects the numbers.
  func geometry() throws(ShapeError) -> ConvolutionGeometry {
    guard input.rank == 3 || input.rank == 4 else {
      throw .rank(operand: "input", expected: "N×C×H×W or C×H×W", found: input.shape)
    }
    guard weight.rank == 4 else {
      throw .rank(operand: "weight", expected: "O×I×kh×kw", found: weight.shape)
    }
    let back = input.rank - 3
    let channels = input.shape[back]
    let outputs = weight.shape[0]
    guard groups >= 1 else { throw .tooSmall(parameter: "groups", value: groups, minimum: 1) }
    guard channels % groups == 0 else { throw .groups(groups: groups, channels: channels, operand: "input") }
    guard outputs % groups == 0 else { throw .groups(groups: groups, channels: outputs, operand: "weight") }
    guard channels / groups == weight.shape[1] else {
      throw .channels(input: channels, weight: weight.shape[1], groups: groups)
    }
    try input.checkPictures(operand: "input")
    if let bias, bias.rank != 1 || bias.count != outputs { throw .bias(expected: outputs, found: bias.shape) }
    let window = Window(
      extent: Extent2(height: weight.shape[2], width: weight.shape[3]), stride: stride, padding: padding,
      dilation: dilation)
    let extent = Extent2(height: input.shape[back + 1], width: input.shape[back + 2])
    let (sides, places) = try window.resolved(on: extent)
    return ConvolutionGeometry(
      batch: back == 1 ? input.shape[0] : 1, groups: groups, channels: channels / groups,
      outputs: outputs / groups, input: extent, window: window.extent, stride: stride, dilation: dilation,
      padding: sides, output: places)
  }
}
