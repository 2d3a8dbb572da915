public import ConvoTensor

/// Applies one window of coefficients to every channel of pictures: cross-correlation, same size, edges repeated.
///
///     output[i, j] = Σ weight[u, v] · image[i + u − ⌊kh / 2⌋, j + v − ⌊kw / 2⌋]
/// The window's middle is where OpenCV has it, which for even sizes is the element behind the middle.
///
/// - Shapes: image `[H, W]`, `[H, W, C]`, `[C, H, W]` or `[N, C, H, W]`, weight `[kh, kw]` → as the image.
public struct Filter2D: TensorOperation {
  /// The pictures.
  public var image: Tensor
  /// The coefficients.
  public var weight: Tensor
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(image: Tensor, weight: Tensor) {
    self.image = image
    self.weight = weight
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    _ = try PictureLayout(image, operand: "image")
    guard weight.rank == 2 else { throw .rank(operand: "kernel", expected: "kh×kw", found: weight.shape) }
    guard weight.count > 0 else { throw .empty(operation: "filter2d") }
    return image.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { image.axes }

  /// The multiplications with an addition.
  public var multiplyAdds: Int { image.count.multipliedReportingOverflow(by: weight.count).partialValue }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let found = try filtered()
    found.withUnsafeFloats { source in
      output.fill { target in
        if let from = source.baseAddress, let to = target.baseAddress {
          to.update(from: from, count: source.count)
        }
      }
    }
  }

  /// The convolution's result under the image's shape.
  public mutating func result() throws(OperationError) -> Tensor {
    do { _ = try outputShape() } catch { throw .shape(error) }
    return try filtered()
  }

  /// A convolution of the image with its edges repeated. The channels of `H W C` stay where they are: a step of one pixel
  /// is a step of C columns, so the window is dilated by as much.
  private func filtered() throws(OperationError) -> Tensor {
    if image.count == 0 { return image }
    do {
      let layout = try PictureLayout(image, operand: "image")
      let (kh, kw) = (weight.shape[0], weight.shape[1])
      let pixels = try Shape([layout.planes, layout.extent.height, layout.extent.width, layout.depth])
      var padding = PaddingOperation(
        input: try image.reshaped(to: pixels),
        widths: [
          (before: kh / 2, after: (kh - 1) / 2), (before: kw / 2, after: (kw - 1) / 2), (before: 0, after: 0),
        ], mode: .edge)
      padding.settings = settings
      let padded = try padding.result()
      let planes = try Shape([padded.shape[0], 1, padded.shape[1], padded.shape[2] * layout.depth])
      var convolution = Convolution(
        input: try padded.reshaped(to: planes), weight: try weight.reshaped(to: Shape([1, 1, kh, kw])),
        bias: nil,
        stride: Extent2(1), padding: .none, dilation: Extent2(height: 1, width: layout.depth), groups: 1,
        settings: settings)
      let found = try convolution.result()
      return try found.reshaped(to: image.shape, axes: image.axes)
    } catch let error as ShapeError {
      throw .shape(error)
    } catch {
      throw error as? OperationError ?? .cancelled
    }
  }
}
