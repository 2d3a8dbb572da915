public import ConvoTensor

/// The brightness of colour pictures: `0.299 R + 0.587 G + 0.114 B`, fractions kept.
///
/// - Shapes: `H×W×3` → `H×W`, `3×H×W` → `1×H×W`, `N×3×H×W` → `N×1×H×W`; three axes by their names, else the last of 3.
/// - Source: ITU-R BT.601.
public struct GrayConversion: TensorOperation {
  /// The pictures.
  public var image: Tensor

  /// Describes the operation.
  public init(image: Tensor) {
    self.image = image
  }

  /// Whether the channels of a pixel are neighbours.
  private var isInterleaved: Bool {
    guard image.rank == 3 else { return false }
    if image.axes.names.first == .channel { return false }
    return image.axes.names.last == .channel || image.shape[2] == 3
  }

  /// The shape of the result.
  public func outputShape() throws(ShapeError) -> Shape {
    let e = image.shape.extents
    if isInterleaved, e[2] == 3 { return try Shape([e[0], e[1]]) }
    guard image.rank == 3 || image.rank == 4, !isInterleaved, e[image.rank - 3] == 3 else {
      throw .rank(operand: "image", expected: "H×W×3, 3×H×W or N×3×H×W", found: image.shape)
    }
    var extents = e
    extents[image.rank - 3] = 1
    return try Shape(extents)
  }

  /// The axes of the result.
  public func outputAxes() -> Axes? {
    isInterleaved ? .image(rank: 2) : .pictures(rank: image.rank)
  }

  /// Fills the output.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let (red, green, blue): (Float, Float, Float) = (0.299, 0.587, 0.114)
    let count = output.count
    if isInterleaved {
      image.withAddress { x in
        output.fillAddress { y in
          for i in 0..<count { y[i] = red * x[3 * i] + green * x[3 * i + 1] + blue * x[3 * i + 2] }
        }
      }
      return
    }
    let plane = image.shape.extents.suffix(2).reduce(1, *)
    image.withAddress { x in
      output.fillAddress { y in
        for n in 0..<(plane == 0 ? 0 : count / plane) {
          let (r, g, b) = (x + 3 * n * plane, x + (3 * n + 1) * plane, x + (3 * n + 2) * plane)
          let target = y + n * plane
          for i in 0..<plane { target[i] = red * r[i] + green * g[i] + blue * b[i] }
        }
      }
    }
  }
}
