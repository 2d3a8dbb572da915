import ConvoTensor

/// How values between pixels are found.
public enum Interpolation: Sendable, Hashable {
  /// The pixel whose area holds the point.
  case nearest
  /// The weighted mean of the four pixels around the point.
  case bilinear
}

/// For each output position along one axis, the two input positions it lies between and the share of the second.
///
/// Pixel centres are at halves: output i is at `(i + 1/2) · input / output − 1/2` of the input, and the outermost pixels
/// reach to the edge. There is no antialiasing.
struct SamplingLine: Sendable {
  private(set) var first: [Int]
  private(set) var second: [Int]
  private(set) var share: [Float]

  init(input: Int, output: Int, mode: Interpolation) {
    first = []
    second = []
    share = []
    first.reserveCapacity(output)
    second.reserveCapacity(output)
    share.reserveCapacity(output)
    let scale = Double(input) / Double(output)
    for i in 0..<output {
      if mode == .nearest {
        // Whole-number arithmetic: ⌊(2i + 1) · input / (2 · output)⌋ without rounding.
        let wide = (2 * i + 1).multipliedFullWidth(by: input)
        let position = min(input - 1, (2 * output).dividingFullWidth(wide).quotient)
        first.append(position)
        second.append(position)
        share.append(0)
      } else {
        let position = min(max((Double(i) + 0.5) * scale - 0.5, 0), Double(input - 1))
        let whole = min(Int(position), input - 1)
        first.append(whole)
        second.append(min(whole + 1, input - 1))
        share.append(Float(position - Double(whole)))
      }
    }
  }
}

/// Resamples planes of pixels whose elements may be vectors (the channels of `H W C`).
struct Resampler: Sendable {
  /// The number of planes.
  var planes: Int
  /// The extent of an input plane.
  var from: Extent2
  /// The extent of an output plane.
  var to: Extent2
  /// The number of floats of a pixel.
  var depth: Int
  /// How values between pixels are found.
  var mode: Interpolation

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    let rows = SamplingLine(input: from.height, output: to.height, mode: mode)
    let columns = SamplingLine(input: from.width, output: to.width, mode: mode)
    let (inRow, outRow) = (from.width * depth, to.width * depth)
    for plane in 0..<planes {
      let source = x + plane * from.height * inRow
      let target = y + plane * to.height * outRow
      for i in 0..<to.height {
        let top = source + rows.first[i] * inRow
        let bottom = source + rows.second[i] * inRow
        let down = rows.share[i]
        let line = target + i * outRow
        for j in 0..<to.width {
          let (left, right, over) = (columns.first[j] * depth, columns.second[j] * depth, columns.share[j])
          for d in 0..<depth {
            if mode == .nearest {
              line[j * depth + d] = top[left + d]
            } else {
              let above = Resampler.mix(top[left + d], top[right + d], over)
              let below = Resampler.mix(bottom[left + d], bottom[right + d], over)
              line[j * depth + d] = Resampler.mix(above, below, down)
            }
          }
        }
      }
    }
  }

  /// a · (1 − t) + b · t
  @inline(__always)
  static func mix(_ a: Float, _ b: Float, _ t: Float) -> Float {
    t == 0 ? a : a * (1 - t) + b * t
  }
}
