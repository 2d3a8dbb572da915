internal import ConvoTensor

/// A picture or a channel as rows of numbers, with one or three numbers for each pixel.
struct Plane {
  var height: Int
  var width: Int
  /// 1 or 3.
  var channels: Int
  /// Pixel after pixel, row after row.
  var values: [Float]

  /// How several pixels become one.
  enum Shrinking {
    /// Photographs: the mean.
    case mean
    /// Activations: the largest magnitude, because a mean wipes out edges that are one pixel wide.
    case extreme
  }

  /// Makes one pixel of `rows` × `columns` pixels; what is left over at the ends counts too.
  func shrunk(rows: Int, columns: Int, by shrinking: Shrinking) -> Plane {
    if rows == 1 && columns == 1 { return self }
    let newHeight = (height + rows - 1) / rows
    let newWidth = (width + columns - 1) / columns
    var result = [Float](repeating: 0, count: newHeight * newWidth * channels)
    values.withUnsafeBufferPointer { values in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let (bottom, right) = (min(height, (y + 1) * rows), min(width, (x + 1) * columns))
          for channel in 0..<channels {
            var total: Float = 0
            var extreme: Float = 0
            for row in (y * rows)..<bottom {
              for column in (x * columns)..<right {
                let value = values[(row * width + column) * channels + channel]
                total += value
                if abs(value) > abs(extreme) { extreme = value }
              }
            }
            let count = Float((bottom - y * rows) * (right - x * columns))
            result[(y * newWidth + x) * channels + channel] = shrinking == .mean ? total / count : extreme
          }
        }
      }
    }
    return Plane(height: newHeight, width: newWidth, channels: channels, values: result)
  }

  /// Repeats each pixel.
  func enlarged(_ factor: Int) -> Plane {
    if factor <= 1 { return self }
    var result: [Float] = []
    result.reserveCapacity(values.count * factor * factor)
    for y in 0..<(height * factor) {
      for x in 0..<(width * factor) {
        let start = ((y / factor) * width + x / factor) * channels
        result += values[start..<(start + channels)]
      }
    }
    return Plane(height: height * factor, width: width * factor, channels: channels, values: result)
  }
}

/// What a tensor is as a picture: a photograph, or channels that are looked at one by one.
struct PictureContent {
  /// The photograph, or each channel.
  var planes: [Plane]
  /// Whether the numbers are brightness, so that a mean of them makes sense.
  var isPhotograph: Bool
  /// What stands above each channel of a sheet: its number; of a weight `O3`, or `O3 I1` where kernels have several inputs.
  var titles: [String]

  /// Decides by the names of the axes; without names by the extents, as `save` does.
  init(_ tensor: Tensor) {
    let values = tensor.toArray()
    titles = []
    let names = tensor.axes.names
    let extents = tensor.shape.extents
    switch tensor.rank {
    case 2:
      planes = [Plane(height: extents[0], width: extents[1], channels: 1, values: values)]
      isPhotograph = names == Axes.image(rank: 2).names
    case 3 where names.last == .channel || (!tensor.axes.isNamed && [1, 3, 4].contains(extents[2])):
      let (height, width, channels) = (extents[0], extents[1], extents[2])
      if channels == 1 || channels == 3 {
        planes = [Plane(height: height, width: width, channels: channels, values: values)]
        isPhotograph = true
      } else {
        // Of four channels the last is alpha, which is not shown.
        let kept = channels == 4 ? 3 : channels
        isPhotograph = channels == 4
        let split = (0..<kept).map { channel in
          Plane(
            height: height, width: width, channels: 1,
            values: Swift.stride(from: channel, to: values.count, by: channels).map { values[$0] })
        }
        planes = isPhotograph ? [PictureContent.joined(split)] : split
      }
    default:
      // The first picture of a batch; every kernel of a weight.
      let isWeight = tensor.axes == .weight
      let channels = tensor.rank == 4 ? (isWeight ? extents[0] * extents[1] : extents[1]) : extents[0]
      let (height, width) = (extents[tensor.rank - 2], extents[tensor.rank - 1])
      let area = height * width
      let split = (0..<channels).map { channel in
        Plane(
          height: height, width: width, channels: 1,
          values: Array(values[(channel * area)..<((channel + 1) * area)]))
      }
      let isColour = channels == 3 && !isWeight && PictureContent.looksLikeBrightness(split)
      planes = isColour ? [PictureContent.joined(split)] : split
      isPhotograph = isColour
      if isWeight {
        let inputs = extents[1]
        titles = (0..<channels).map { inputs == 1 ? "O\($0)" : "O\($0 / inputs) I\($0 % inputs)" }
      }
    }
    if titles.isEmpty { titles = planes.indices.map(String.init) }
  }

  private static func looksLikeBrightness(_ planes: [Plane]) -> Bool {
    planes.allSatisfy { $0.values.allSatisfy { $0 >= 0 && $0 <= 255 } }
  }

  private static func joined(_ planes: [Plane]) -> Plane {
    var values = [Float](repeating: 0, count: planes.count * planes[0].values.count)
    for (channel, plane) in planes.enumerated() {
      for (index, value) in plane.values.enumerated() { values[index * planes.count + channel] = value }
    }
    return Plane(height: planes[0].height, width: planes[0].width, channels: planes.count, values: values)
  }
}
