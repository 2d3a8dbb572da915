public import ConvoTensor

/// Applies one window of coefficients to every channel of pictures: cross-correlation, same size, edges repeated.
///
///     output[i, j] = Σ weight[u, v] · image[i + u − ⌊(kh − 1) / 2⌋, j + v − ⌊(kw − 1) / 2⌋]
///
/// - Shapes: image `[H, W]`, `[H, W, C]`, `[C, H, W]` or `[N, C, H, W]`, weight `[kh, kw]` → as the image.
public struct Filter2D: TensorOperation {
  /// The pictures.
  public var image: Tensor
  /// The coefficients.
  public var weight: Tensor

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
    if output.count == 0 { return }
    let layout: PictureLayout
    do { layout = try PictureLayout(image, operand: "image") } catch { throw .shape(error) }
    let (height, width, depth) = (layout.extent.height, layout.extent.width, layout.depth)
    let (kh, kw) = (weight.shape[0], weight.shape[1])
    let (top, left) = ((kh - 1) / 2, (kw - 1) / 2)
    image.withAddress { x in
      weight.withAddress { w in
        output.fillAddress { y in
          for plane in 0..<layout.planes {
            let source = x + plane * height * width * depth
            let target = y + plane * height * width * depth
            for i in 0..<height {
              for j in 0..<width {
                for d in 0..<depth {
                  var sum: Float = 0
                  for u in 0..<kh {
                    let row = min(max(i + u - top, 0), height - 1) * width
                    for v in 0..<kw {
                      let column = min(max(j + v - left, 0), width - 1)
                      sum += w[u * kw + v] * source[(row + column) * depth + d]
                    }
                  }
                  target[(i * width + j) * depth + d] = sum
                }
              }
            }
          }
        }
      }
    }
  }
}
