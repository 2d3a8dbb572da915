public import ConvoTensor

/// Lays pictures out in rows, each in the middle of a cell as large as the largest, with gaps between the cells.
///
/// - Shapes: pictures of any layout → `[height, width, C]`, or `[height, width]` when none has channels; a picture of one
///   channel fills all three of a coloured sheet.
public struct Montage: TensorOperation {
  /// The pictures.
  public var pictures: [Tensor]
  /// Pictures in a row; about a square if `nil`.
  public var columns: Int?
  /// Pixels between two cells.
  public var gap: Int

  /// Describes the operation.
  public init(_ pictures: [Tensor], columns: Int? = nil, gap: Int = 2) {
    self.pictures = pictures
    self.columns = columns
    self.gap = gap
  }

  private struct Plan {
    var cell = Extent2(0)
    var columns = 1
    var rows = 1
    var depth = 1
    var isFlat = true
  }

  private func plan() throws(ShapeError) -> Plan {
    guard !pictures.isEmpty else { throw .empty(operation: "montage") }
    if let columns, columns < 1 { throw .tooSmall(parameter: "columns", value: columns, minimum: 1) }
    guard gap >= 0 else { throw .tooSmall(parameter: "gap", value: gap, minimum: 0) }
    guard gap <= 1 << 20 else { throw .tooBig(parameter: "gap", value: gap, maximum: 1 << 20) }
    var plan = Plan()
    for picture in pictures {
      let layout = try PictureLayout(picture, operand: "a picture")
      let depth = layout.depth * layout.planes
      guard [1, 3, 4].contains(depth) else {
        throw .rank(
          operand: "a picture", expected: "H×W, H×W×C or C×H×W with C of 1, 3 or 4", found: picture.shape)
      }
      plan.cell.height = max(plan.cell.height, layout.extent.height)
      plan.cell.width = max(plan.cell.width, layout.extent.width)
      plan.depth = max(plan.depth, depth)
      if picture.rank > 2 { plan.isFlat = false }
    }
    var square = 1
    while square * square < pictures.count { square += 1 }
    plan.columns = min(columns ?? square, pictures.count)
    plan.rows = (pictures.count + plan.columns - 1) / plan.columns
    return plan
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let plan = try plan()
    // Within what any shape may have, the sums do not overflow.
    _ = try Shape([plan.cell.height, plan.rows])
    _ = try Shape([plan.cell.width, plan.columns])
    let height = plan.cell.height * plan.rows + gap * (plan.rows - 1)
    let width = plan.cell.width * plan.columns + gap * (plan.columns - 1)
    return try Shape(plan.isFlat ? [height, width] : [height, width, plan.depth])
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { .image(rank: (try? plan())?.isFlat == true ? 2 : 3) }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let plan: Plan
    do { plan = try self.plan() } catch { throw .shape(error) }
    let (count, row, depth) = (output.count, output.shape.extents[1] * plan.depth, plan.depth)
    let gap = gap
    for (index, picture) in pictures.enumerated() {
      let layout: PictureLayout
      do { layout = try PictureLayout(picture, operand: "a picture") } catch { throw .shape(error) }
      let (height, width) = (layout.extent.height, layout.extent.width)
      let top = (index / plan.columns) * (plan.cell.height + gap) + (plan.cell.height - height) / 2
      let left = (index % plan.columns) * (plan.cell.width + gap) + (plan.cell.width - width) / 2
      // A plane of its own for each channel, or channels side by side, or one for all.
      let channel = layout.planes > 1 ? height * width : (layout.depth > 1 ? 1 : 0)
      let isOpaque = layout.planes * layout.depth < 4
      try picture.withAddress { (x) throws(OperationError) in
        output.fillAddress { y in
          if index == 0 { y.update(repeating: 0, count: count) }
          for i in 0..<height {
            for j in 0..<width {
              let source = x + (i * width + j) * layout.depth
              let target = y + (top + i) * row + (left + j) * depth
              for c in 0..<depth { target[c] = c == 3 && isOpaque ? 255 : source[c * channel] }
            }
          }
        }
        if Cancellation.isRequested { throw .cancelled }
      }
    }
  }
}
