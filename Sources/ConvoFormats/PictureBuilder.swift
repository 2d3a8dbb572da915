import ConvoTensor

/// Turns the rows of a decoded picture into a tensor, one row at a time, upright and in the colours that were asked for.
struct PictureBuilder {
  /// What the samples of a row are.
  struct Layout {
    var height: Int
    var width: Int
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha or CMYK.
    var channels: Int
    /// 8, or 16 in the byte order of the machine.
    var bits: Int
    var orientation: ExifOrientation

    /// The bytes of a stored row.
    var rowBytes: Int { width * channels * (bits / 8) }
  }

  let layout: Layout
  private let outputChannels: Int
  private let isGray: Bool
  private var tensor: Tensor

  /// Allocates the tensor; the format's name is for the error.
  init(_ layout: Layout, mode: ColorMode, format: String) throws(FormatProblem) {
    self.layout = layout
    switch mode {
    case .color: outputChannels = 3
    case .gray: outputChannels = 1
    case .unchanged: outputChannels = layout.channels
    }
    isGray = mode == .gray && layout.channels == 3
    let sides =
      layout.orientation.isTransposed ? [layout.width, layout.height] : [layout.height, layout.width]
    let extents = outputChannels == 1 ? sides : sides + [outputChannels]
    tensor = try Tensor.unfilled(
      extents, axes: .image(rank: extents.count), format: format,
      holding: "the picture of \(layout.width)×\(layout.height) pixels")
  }

  /// Puts a stored row in its place.
  mutating func place(_ row: UnsafeRawBufferPointer, row index: Int) {
    let (start, rowStep, columnStep) = layout.orientation.placement(
      height: layout.height, width: layout.width)
    let first = (start + index * rowStep) * outputChannels
    let step = columnStep * outputChannels
    let width = layout.width
    let source = layout.channels
    let target = outputChannels
    let bits = layout.bits
    let isGray = isGray
    tensor.fill { floats in
      guard let base = floats.baseAddress, let bytes = row.baseAddress?.assumingMemoryBound(to: UInt8.self)
      else {
        return
      }
      let output = base + first
      if bits == 16 {
        let samples = UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt16.self)
        PictureBuilder.spread(samples, width: width, channels: source, output, step: step)
      } else if isGray {
        for column in 0..<width {
          output[column * step] = PictureBuilder.gray(
            bytes[column * 3], bytes[column * 3 + 1], bytes[column * 3 + 2])
        }
      } else if source == 1, target == 3 {
        for column in 0..<width {
          let level = Float(bytes[column])
          output[column * step] = level
          output[column * step + 1] = level
          output[column * step + 2] = level
        }
      } else {
        PictureBuilder.spread(bytes, width: width, channels: source, output, step: step)
      }
    }
  }

  /// The picture, after all rows were placed.
  func finish() -> Tensor { tensor }

  /// As many channels out as in. Rows that stay rows are one run, which is vectorised.
  @inline(__always)
  private static func spread<Sample: FixedWidthInteger>(
    _ samples: UnsafePointer<Sample>, width: Int, channels: Int, _ output: UnsafeMutablePointer<Float>,
    step: Int
  ) {
    if step == channels {
      for index in 0..<width * channels { output[index] = Float(samples[index]) }
    } else {
      for column in 0..<width {
        for channel in 0..<channels {
          output[column * step + channel] = Float(samples[column * channels + channel])
        }
      }
    }
  }

  /// The whole level of BT.601, rounded.
  @inline(__always)
  private static func gray(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Float {
    let sum = UInt32(red) &* 19595 &+ UInt32(green) &* 38470 &+ UInt32(blue) &* 7471 &+ 32768
    return Float(sum >> 16)
  }
}
