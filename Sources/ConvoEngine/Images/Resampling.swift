internal import CKernels
import ConvoTensor

/// How values between pixels are found.
public enum Interpolation: Sendable, Hashable {
  /// The pixel whose area holds the point.
  case nearest
  /// The weighted mean of the four pixels around the point.
  case bilinear
  /// Cubic curves through four pixels in each direction.
  case bicubic
  /// The mean over the area that the pixel of the result covers.
  case area
  /// A windowed sinc over six pixels in each direction.
  case lanczos
}

/// For each output position along one axis, the two input positions it lies between and the share of the second.
///
/// Pixel centres are at halves: output i is at `(i + 1/2) · input / output − 1/2` of the input, and the outermost pixels
/// reach to the edge. There is no antialiasing.
struct SamplingLine: Sendable {
  private(set) var first: [Int32]
  private(set) var second: [Int32]
  private(set) var share: [Float]

  /// One pixel for each output.
  init(positions: [Int32]) {
    first = positions
    second = positions
    share = [Float](repeating: 0, count: positions.count)
  }

  /// The straight lines between two pixels.
  init(input: Int, output: Int) {
    first = []
    second = []
    share = []
    first.reserveCapacity(output)
    second.reserveCapacity(output)
    share.reserveCapacity(output)
    let scale = Double(input) / Double(output)
    for i in 0..<output {
      let position = min(max((Double(i) + 0.5) * scale - 0.5, 0), Double(input - 1))
      let whole = min(Int(position), input - 1)
      first.append(Int32(whole))
      second.append(Int32(min(whole + 1, input - 1)))
      share.append(Float(position - Double(whole)))
    }
  }
}

extension SamplingLine {
  /// The same for pixels of `depth` floats, one entry for each float.
  func spread(over depth: Int) -> SamplingLine {
    if depth == 1 { return self }
    var result = self
    result.first = first.flatMap { place in (0..<depth).map { place * Int32(depth) + Int32($0) } }
    result.second = second.flatMap { place in (0..<depth).map { place * Int32(depth) + Int32($0) } }
    result.share = share.flatMap { [Float](repeating: $0, count: depth) }
    return result
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
  /// Whether a pixel of the result is one of the input; else it lies between two.
  var isNearest: Bool
  /// The library whose places of the nearest pixels are wanted.
  var model = ResizeModel.plain
  let settings: EngineSettings

  /// Checks that the positions along an axis, of `depth` floats for each pixel, fit in 32 bits.
  ///
  /// - Throws: ``ShapeError/tooBig(parameter:value:maximum:)``.
  static func check(_ parameter: String, _ extents: [Int], depth: Int = 1) throws(ShapeError) {
    let maximum = Int(Int32.max) / max(1, depth)
    for value in extents where value > maximum {
      throw .tooBig(parameter: parameter, value: value, maximum: maximum)
    }
  }

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) throws(OperationError) {
    // Three numbers for each row and each float of a row, those of a row once more while they are spread.
    let bytes = 12 * (to.height + to.width * (depth + 1))
    do { try MemoryBudget.reserve(bytes) } catch { throw .memory(error) }
    defer { MemoryBudget.release(bytes) }
    let rows = line(from.height, to.height)
    let line = line(from.width, to.width)
    let isPixels = depth == 3 || depth == 4
    let columns = isPixels ? line : line.spread(over: depth)
    let (inRow, outRow) = (from.width * depth, to.width * depth)
    let kernels = settings.kernels.table.pointee.image
    let scratch = try Scratch(bytes: isNearest ? 0 : 8 * outRow, threads: settings.threads)
    try Workers.parallel(
      count: planes * to.height, grain: 8, nanoseconds: (isNearest ? 0.3 : 0.6) * Double(outRow),
      longest: 4 * Workers.longestStream,
      threads: settings.threads
    ) { range, worker in
      // Two input rows whose columns are done; neighbouring output rows often share them.
      var (upper, lower) = (scratch.floats(of: worker), scratch.floats(of: worker) + (isNearest ? 0 : outRow))
      var (upperRow, lowerRow) = (-1, -1)
      for item in range {
        let (plane, i) = (item / to.height, item % to.height)
        let target = y + item * outRow
        let first = plane * from.height + Int(rows.first[i])
        if isNearest {
          if item > range.lowerBound && i > 0 && rows.first[i] == rows.first[i - 1] {
            target.update(from: target - outRow, count: outRow)
          } else {
            if isPixels {
              kernels.pick_pixels(
                x + first * inRow, from.width, columns.first, Int32(depth), target, to.width)
            } else {
              kernels.pick(x + first * inRow, columns.first, target, outRow)
            }
          }
          continue
        }
        let second = plane * from.height + Int(rows.second[i])
        if upperRow != first {
          if lowerRow == first {
            swap(&upper, &lower)
            swap(&upperRow, &lowerRow)
          } else {
            blendColumns(x + first * inRow, columns, upper)
            upperRow = first
          }
        }
        if second != first && rows.share[i] != 0 && lowerRow != second {
          blendColumns(x + second * inRow, columns, lower)
          lowerRow = second
        }
        kernels.blend_rows(upper, second == first ? upper : lower, rows.share[i], target, outRow)
      }
    }
  }

  private func line(_ input: Int, _ output: Int) -> SamplingLine {
    isNearest
      ? SamplingLine(positions: SamplingRule.nearest(model, input: input, output: output))
      : SamplingLine(input: input, output: output)
  }

  /// A row of the input at the columns of the output.
  private func blendColumns(
    _ row: UnsafePointer<Float>, _ columns: SamplingLine, _ target: UnsafeMutablePointer<Float>
  ) {
    let kernels = settings.kernels.table.pointee.image
    if depth == 3 || depth == 4 {
      kernels.blend_pixels(
        row, from.width, columns.first, columns.second, columns.share, Int32(depth), target, to.width)
    } else {
      kernels.blend_columns(row, columns.first, columns.second, columns.share, target, to.width * depth)
    }
  }
}
