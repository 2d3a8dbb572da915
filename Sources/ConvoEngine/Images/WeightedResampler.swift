internal import CKernels
import ConvoTensor

/// Resamples planes of pixels by weighted sums, first along the rows, then along the columns.
struct WeightedResampler: Sendable {
  /// The number of planes.
  var planes: Int
  /// The extent of an input plane.
  var from: Extent2
  /// The extent of an output plane.
  var to: Extent2
  /// The number of floats of a pixel.
  var depth: Int
  /// Which rows make a row of the output; `nil` where the number of rows stays.
  var rows: SamplingWeights?
  /// Which pixels of a row make a pixel of the output; `nil` where the number of columns stays.
  var columns: SamplingWeights?
  /// Whether input, result and the rows between are whole levels of 0…255, as Pillow keeps them.
  var isWhole: Bool
  let settings: EngineSettings

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) throws(OperationError) {
    let outRow = to.width * depth
    guard let columns else {
      return try sumRows(x, y)
    }
    guard rows != nil else {
      return try sumColumns(x, y, columns)
    }
    let between: Shape
    do { between = try Shape([planes, from.height, outRow]) } catch { throw .shape(error) }
    var lines: Tensor
    do { lines = try Tensor(uninitialized: between) } catch { throw .memory(error) }
    try lines.fillAddress { (z) throws(OperationError) in
      try sumColumns(x, z, columns)
      try sumRows(UnsafePointer(z), y)
    }
  }

  private func sumColumns(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ columns: SamplingWeights
  ) throws(OperationError) {
    let kernels = settings.kernels.table.pointee.image
    let (inRow, outRow) = (from.width * depth, to.width * depth)
    try Workers.parallel(
      count: planes * from.height, grain: 1, nanoseconds: 0.4 * Double(outRow * columns.taps),
      longest: 4 * Workers.longestStream, threads: settings.threads
    ) { range, _ in
      for row in range {
        let target = y + row * outRow
        let (source, taps, depth) = (x + row * inRow, Int32(columns.taps), Int32(self.depth))
        if isWhole {
          kernels.weigh_level_columns(
            source, from.width, columns.first, columns.counts, columns.fixed, taps, depth, target, to.width)
        } else {
          kernels.weigh_columns(
            source, from.width, columns.first, columns.counts, columns.weights, taps, depth, target, to.width)
        }
      }
    }
  }

  private func sumRows(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let kernels = settings.kernels.table.pointee.image
    let outRow = to.width * depth
    let taps = rows?.taps ?? 1
    try Workers.parallel(
      count: planes * to.height, grain: 1, nanoseconds: 0.15 * Double(outRow * taps),
      longest: 4 * Workers.longestStream, threads: settings.threads
    ) { range, _ in
      for row in range {
        let (plane, i) = (row / to.height, row % to.height)
        let target = y + row * outRow
        guard let rows else {
          target.update(from: x + row * outRow, count: outRow)
          continue
        }
        let source = x + (plane * from.height + Int(rows.first[i])) * outRow
        if isWhole {
          rows.fixed.withUnsafeBufferPointer { weights in
            kernels.weigh_level_rows(
              source, outRow, weights.baseAddress.unsafelyUnwrapped + i * rows.taps, rows.counts[i], target,
              outRow)
          }
        } else {
          rows.weights.withUnsafeBufferPointer { weights in
            kernels.weigh_rows(
              source, outRow, weights.baseAddress.unsafelyUnwrapped + i * rows.taps, rows.counts[i], target,
              outRow)
          }
        }
      }
    }
  }
}
