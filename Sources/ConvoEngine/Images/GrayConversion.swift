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
    let isInterleaved = isInterleaved
    let plane = isInterleaved ? output.count : image.shape.extents.suffix(2).reduce(1, *)
    let count = output.count
    if count == 0 { return }
    try image.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        try Workers.parallel(
          count: count, grain: 1024, nanoseconds: isInterleaved ? 1 : 0.3,
          longest: Workers.longestStream
        ) { range, _ in
          if isInterleaved {
            GrayConversion.weigh(x + 3 * range.lowerBound, 3, 1, y + range.lowerBound, range.count)
            return
          }
          var first = range.lowerBound
          while first < range.upperBound {
            let (picture, at) = (first / plane, first % plane)
            let count = min(plane - at, range.upperBound - first)
            GrayConversion.weigh(x + 3 * picture * plane + at, 1, plane, y + first, count)
            first += count
          }
        }
      }
    }
  }

  /// Neighbouring pixels are `step` apart, the colours of a pixel `color`.
  @inline(__always)
  private static func weigh(
    _ x: UnsafePointer<Float>, _ step: Int, _ color: Int, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let (red, green, blue): (Float, Float, Float) = (0.299, 0.587, 0.114)
    for i in 0..<count {
      y[i] = red * x[i * step] + green * x[i * step + color] + blue * x[i * step + 2 * color]
    }
  }
}
