public import ConvoTensor

/// Tiles the planes of a tensor into one picture, each stretched from its own smallest to its largest value to 0…255.
///
/// - Shapes: `C×H×W`, `N×C×H×W` or `H×W×C` → `rows·H × columns·W`. Without `columns`, a batch or a weight has a row for
///   each picture or output channel, and a single picture is laid out about square. Tiles left over are 0.
public struct ChannelSheet: TensorOperation {
  /// The tensor whose planes are tiled.
  public var input: Tensor
  /// Tiles in a row.
  public var columns: Int?

  /// Describes the operation.
  public init(input: Tensor, columns: Int? = nil) {
    self.input = input
    self.columns = columns
  }

  private var isInterleaved: Bool { input.rank == 3 && input.axes.names.last == .channel }

  /// The height and width of a tile, and how many there are in a row and in all.
  private func layout() throws(ShapeError) -> (tile: Extent2, columns: Int, count: Int) {
    let e = input.shape.extents
    guard input.rank == 3 || input.rank == 4 else {
      throw .rank(operand: "x", expected: "C×H×W or N×C×H×W", found: input.shape)
    }
    if let columns, columns < 1 { throw .tooSmall(parameter: "columns", value: columns, minimum: 1) }
    let tile =
      isInterleaved
      ? Extent2(height: e[0], width: e[1]) : Extent2(height: e[e.count - 2], width: e[e.count - 1])
    let count = isInterleaved ? e[2] : e.dropLast(2).reduce(1, *)
    guard count > 0 else { throw .empty(operation: "channels") }
    var square = 1
    while square * square < count { square += 1 }
    let natural = input.rank == 4 && e[0] > 1 && e[1] > 1 ? e[1] : square
    return (tile, min(columns ?? natural, count), count)
  }

  /// The shape of the result.
  public func outputShape() throws(ShapeError) -> Shape {
    let (tile, columns, count) = try layout()
    let rows = (count + columns - 1) / columns
    let height = tile.height.multipliedReportingOverflow(by: rows)
    let width = tile.width.multipliedReportingOverflow(by: columns)
    if height.overflow || width.overflow { throw .tooLarge([tile.height, rows, tile.width, columns]) }
    return try Shape([height.partialValue, width.partialValue])
  }

  /// The axes of the result.
  public func outputAxes() -> Axes? { .image(rank: 2) }

  /// Fills the output.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let (tile, columns, count): (Extent2, Int, Int)
    do { (tile, columns, count) = try layout() } catch { throw .shape(error) }
    let plane = tile.height * tile.width
    let rowStride = tile.width * columns
    let (step, start) = isInterleaved ? (count, 1) : (1, plane)
    let total = output.count
    input.withAddress { x in
      output.fillAddress { y in
        for i in 0..<total { y[i] = 0 }
        for index in 0..<count {
          let source = x + index * start
          let target = y + (index / columns) * tile.height * rowStride + (index % columns) * tile.width
          var low = Float.infinity
          var high = -Float.infinity
          for i in 0..<plane {
            let value = source[i * step]
            if value.isFinite {
              low = min(low, value)
              high = max(high, value)
            }
          }
          // A constant plane stays black; what is not finite becomes the nearer end, and NaN black.
          let scale = high > low ? 255 / (high - low) : 0
          for row in 0..<tile.height {
            for column in 0..<tile.width {
              let value = (source[(row * tile.width + column) * step] - low) * scale
              target[row * rowStride + column] = value > 0 ? min(value, 255) : 0
            }
          }
        }
      }
    }
  }
}
