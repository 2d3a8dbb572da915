public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns pictures counter-clockwise about their middle.
///
/// By whole quarters every pixel keeps its value, and an odd number of them exchanges the sides. By any other angle the
/// size stays; pixels are found on straight lines between four, and what comes from outside is 0.
///
/// - Shapes: `[H, W]`, `[H, W, C]`, `[C, H, W]` or `[N, C, H, W]` → the same, or with the sides exchanged.
public struct Rotation: TensorOperation {
  /// The pictures.
  public var input: Tensor
  /// The angle.
  public var degrees: Double
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, degrees: Double) {
    self.input = input
    self.degrees = degrees
  }

  /// The number of quarter turns, where the angle is a whole number of them.
  private var quarters: Int? {
    let turned = degrees.truncatingRemainder(dividingBy: 360)
    return turned.truncatingRemainder(dividingBy: 90) == 0 ? (Int(turned / 90) + 4) % 4 : nil
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let layout = try PictureLayout(input, operand: "image")
    guard let quarters, quarters % 2 == 1 else { return input.shape }
    var extents = input.shape.extents
    extents.swapAt(layout.heightAxis, layout.heightAxis + 1)
    return try Shape(extents)
  }

  /// The names of the result's axes: rows stay rows.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let layout: PictureLayout
    do { layout = try PictureLayout(input, operand: "image") } catch { throw .shape(error) }
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        if let quarters {
          try turn(layout, quarters, x, y)
        } else {
          try sample(layout, x, y)
        }
      }
    }
  }

  private func turn(
    _ layout: PictureLayout, _ quarters: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let (height, width, depth) = (layout.extent.height, layout.extent.width, layout.depth)
    let (row, column) = (width * depth, depth)
    // Where the first pixel of the result lies, and how far apart its rows and columns are.
    let (start, down, across) =
      switch quarters {
      case 1: ((width - 1) * column, -column, row)
      case 2: ((height - 1) * row + (width - 1) * column, -row, -column)
      case 3: ((height - 1) * row, column, -row)
      default: (0, row, column)
      }
    let (rows, columns) = quarters % 2 == 1 ? (width, height) : (height, width)
    let plane = height * width * depth
    let copy = StridedCopy(
      extents: [layout.planes, rows, columns, depth], from: [plane, down, across, 1],
      to: [plane, columns * depth, depth, 1], settings: settings)
    try copy.run(x + start, y)
  }

  /// - Source: Pillow, `Image.rotate`: the middle of the picture stays in its place.
  private func sample(
    _ layout: PictureLayout, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let (height, width, depth) = (layout.extent.height, layout.extent.width, layout.depth)
    let angle = degrees.truncatingRemainder(dividingBy: 360) * Double.pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (middleX, middleY) = (Double(width) / 2, Double(height) / 2)
    try Workers.parallel(
      count: layout.planes * height, grain: 1, nanoseconds: 8 * Double(width * depth),
      threads: (settings ?? .current).threads
    ) { range, _ in
      for item in range {
        let source = x + item / height * height * width * depth
        let target = y + item * width * depth
        let offsetY = Double(item % height) + 0.5 - middleY
        for column in 0..<width {
          let offsetX = Double(column) + 0.5 - middleX
          let placeX = offsetX * cosine - offsetY * sine + middleX
          let placeY = offsetX * sine + offsetY * cosine + middleY
          let pixel = target + column * depth
          guard placeX >= 0, placeX < Double(width), placeY >= 0, placeY < Double(height) else {
            pixel.update(repeating: 0, count: depth)
            continue
          }
          let (left, shareX) = Rotation.neighbours(placeX - 0.5)
          let (top, shareY) = Rotation.neighbours(placeY - 0.5)
          let (x0, x1) = (max(left, 0) * depth, min(left + 1, width - 1) * depth)
          let upper = source + max(top, 0) * width * depth
          let lower = source + min(top + 1, height - 1) * width * depth
          for channel in 0..<depth {
            let above = Rotation.blend(upper[x0 + channel], upper[x1 + channel], shareX)
            let below = Rotation.blend(lower[x0 + channel], lower[x1 + channel], shareX)
            pixel[channel] = Rotation.blend(above, below, shareY)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func neighbours(_ place: Double) -> (first: Int, share: Float) {
    let floor = place.rounded(.down)
    return (Int(floor), Float(place - floor))
  }

  @inline(__always)
  private static func blend(_ a: Float, _ b: Float, _ share: Float) -> Float {
    share == 0 ? a : a * (1 - share) + b * share
  }
}
