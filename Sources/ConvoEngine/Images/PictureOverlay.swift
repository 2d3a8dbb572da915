public import ConvoTensor

/// Colours a part of pictures.
///
///     y = x · (1 − cover) + colour · cover
///
/// - Shapes: `[H, W]`, `[H, W, C]`, `[C, H, W]` or `[N, C, H, W]` → the same.
public struct PictureOverlay: TensorOperation {
  /// What is coloured.
  public enum Area: Sendable {
    /// The border of a box, as wide as told, inwards; the bottom row and the right column lie outside.
    case box(top: Int, left: Int, bottom: Int, right: Int, width: Int)
    /// As much of each pixel as a picture of shares from 0 to 1 says, whose first pixel lies at a place.
    case cover(Tensor, top: Int, left: Int)
  }

  /// The pictures.
  public var input: Tensor
  /// What is coloured.
  public var area: Area
  /// One level, or one for each channel.
  public var color: [Float]

  /// Describes the operation.
  public init(input: Tensor, area: Area, color: [Float]) {
    self.input = input
    self.area = area
    self.color = color
  }

  /// The number of channels, and how far apart those of a pixel are.
  private func channels(_ layout: PictureLayout) -> (count: Int, step: Int, pictures: Int) {
    if layout.depth > 1 || (input.rank == 3 && layout.heightAxis == 0) {
      return (layout.depth, 1, layout.planes)
    }
    let count = input.rank > 2 ? input.shape[layout.heightAxis - 1] : 1
    return (count, layout.extent.height * layout.extent.width, layout.planes / max(count, 1))
  }

  /// The shape of the result, by the rule above.
  ///
  /// - Throws: ``ShapeError/length(operand:expected:found:)`` for a colour of another number of channels.
  public func outputShape() throws(ShapeError) -> Shape {
    let layout = try PictureLayout(input, operand: "image")
    let count = channels(layout).count
    guard color.count == 1 || color.count == count else {
      throw .length(operand: "colour", expected: count, found: .vector(color.count))
    }
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Works on the operand where nobody else holds it, else on a copy.
  public mutating func result() throws(OperationError) -> Tensor {
    do { _ = try outputShape() } catch { throw .shape(error) }
    guard input.isUniquelyReferenced() else { return try freshResult() }
    let layout: PictureLayout
    do { layout = try PictureLayout(input, operand: "image") } catch { throw .shape(error) }
    var target = input
    input = try Tensor.shapeOnly(of: target)
    target.fillAddress { y in draw(layout, y) }
    target.origin = nil
    return target
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    let layout: PictureLayout
    do { layout = try PictureLayout(input, operand: "image") } catch { throw .shape(error) }
    input.withAddress { x in
      output.fillAddress { y in
        y.update(from: x, count: input.count)
        draw(layout, y)
      }
    }
  }

  private func draw(_ layout: PictureLayout, _ y: UnsafeMutablePointer<Float>) {
    let (height, width) = (layout.extent.height, layout.extent.width)
    if height == 0 || width == 0 { return }
    switch area {
    case .box(let top, let left, let bottom, let right, let line):
      let rows = (max(top, 0), min(bottom, height))
      let columns = (max(left, 0), min(right, width))
      guard rows.0 < rows.1, columns.0 < columns.1 else { return }
      for i in rows.0..<rows.1 {
        let isEdge = i - top < line || bottom - 1 - i < line
        var j = columns.0
        while j < columns.1 {
          if isEdge || j - left < line || right - 1 - j < line {
            blend(layout, y, i, j, 1)
            j += 1
          } else {
            // The inside of the box stays.
            j = max(j + 1, min(columns.1, right - line))
          }
        }
      }
    case .cover(let cover, let top, let left):
      cover.withAddress { shares in
        for i in 0..<cover.shape[0] where top + i >= 0 && top + i < height {
          for j in 0..<cover.shape[1] where left + j >= 0 && left + j < width {
            let share = shares[i * cover.shape[1] + j]
            if share > 0 { blend(layout, y, top + i, left + j, share) }
          }
        }
      }
    }
  }

  private func blend(
    _ layout: PictureLayout, _ y: UnsafeMutablePointer<Float>, _ row: Int, _ column: Int, _ share: Float
  ) {
    let (count, step, pictures) = channels(layout)
    let pixel = (row * layout.extent.width + column) * layout.depth
    let picture = layout.extent.height * layout.extent.width * count
    for index in 0..<pictures {
      for channel in 0..<count {
        let target = y + index * picture + pixel + channel * step
        let level = color.count == 1 ? color[0] : color[channel]
        target.pointee = share == 1 ? level : target.pointee * (1 - share) + level * share
      }
    }
  }
}

extension Tensor {
  /// A tensor of the same shape without elements, to stand for one that was taken out.
  fileprivate static func shapeOnly(of tensor: Tensor) throws(OperationError) -> Tensor {
    do { return try Tensor(phantom: tensor.shape, axes: tensor.axes) } catch { throw .memory(error) }
  }
}
