internal import ConvoTensor

/// All the numbers of a convolution, checked: what the algorithms choose and plan by.
struct ConvolutionGeometry: Sendable, Hashable {
  var batch: Int
  var groups: Int
  /// Input channels of one group.
  var channels: Int
  /// Output channels of one group.
  var outputs: Int
  /// Rows and columns of a picture.
  var input: Extent2
  var window: Extent2
  var stride: Extent2
  var dilation: Extent2
  var padding: Padding2
  /// Rows and columns of a result.
  var output: Extent2
  /// Floats between two channels of the input: more than a picture has where only some of its rows count.
  var inputPlane: Int

  init(
    batch: Int, groups: Int, channels: Int, outputs: Int, input: Extent2, window: Extent2, stride: Extent2,
    dilation: Extent2, padding: Padding2, output: Extent2
  ) {
    self.batch = batch
    self.groups = groups
    self.channels = channels
    self.outputs = outputs
    self.input = input
    self.window = window
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.output = output
    inputPlane = input.height * input.width
  }

  var taps: Int { window.height * window.width }
  /// Pixels of the rows that count.
  var inputPixels: Int { input.height * input.width }
  var outputPlane: Int { output.height * output.width }

  /// Multiplications with an addition; `Int.max` where that does not fit.
  var multiplyAdds: Int {
    var product = 1
    // Not the plane of the output, whose own product need not fit before its shape is checked.
    for factor in [batch, groups, outputs, output.height, output.width, channels, taps] {
      let (value, overflow) = product.multipliedReportingOverflow(by: factor)
      if overflow { return Int.max }
      product = value
    }
    return product
  }

  /// The work for some rows of output alone, and the row of the picture at which its input begins.
  func part(_ rows: Range<Int>) -> (geometry: ConvolutionGeometry, firstRow: Int) {
    var result = self
    let top = rows.lowerBound * stride.height - padding.top
    let bottom =
      (rows.upperBound - 1) * stride.height - padding.top + (window.height - 1) * dilation.height + 1
    let lines =
      min(max(top, 0), input.height)..<max(min(max(top, 0), input.height), min(bottom, input.height))
    result.padding.top = lines.lowerBound - top
    result.padding.bottom = max(0, bottom - lines.upperBound)
    result.input.height = lines.count
    result.output.height = rows.count
    return (result, lines.lowerBound)
  }

  /// Makes rows of columns.
  mutating func turn() {
    func turned(_ extent: Extent2) -> Extent2 { Extent2(height: extent.width, width: extent.height) }
    input = turned(input)
    window = turned(window)
    stride = turned(stride)
    dilation = turned(dilation)
    output = turned(output)
    padding = Padding2(top: padding.left, bottom: padding.right, left: padding.top, right: padding.bottom)
  }

  var hasPadding: Bool { padding != .none }
  var isPointwise: Bool { taps == 1 }
}

/// A convolution with its data: what an algorithm runs.
///
/// The pointers stay valid while the algorithm runs, and the scratch is its own affair.
struct ConvolutionProblem {
  var geometry: ConvolutionGeometry
  var input: UnsafePointer<Float>
  /// `O I kh kw`, contiguous.
  var weight: UnsafePointer<Float>
  /// The tensor that holds the weight, to which packed forms are attached; `nil` for weights made on the way.
  var weightTensor: Tensor?
  var bias: UnsafePointer<Float>?
  /// Added before the activation; laid out as the output.
  var residual: UnsafePointer<Float>?
  var output: UnsafeMutablePointer<Float>
  var activation: Activation
  var settings: EngineSettings

  var kernels: KernelSet { settings.kernels }

  /// About how long one thread is busy, in nanoseconds, at 80 % of 100 GFLOP/s: enough to decide on splitting.
  var nanoseconds: Int {
    min(geometry.multiplyAdds, 1 << 50) / 40 + geometry.batch * geometry.outputPlane / 8
  }
}
