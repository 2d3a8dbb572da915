internal import CKernels
internal import ConvoTensor

/// The loops of a pooling over planes and rows, for whole planes or for the windows that stand in a band of rows.
struct PoolingPlan {
  let rows: WindowLine
  let columns: WindowLine
  let settings: EngineSettings
  private let averages: Bool
  private let countsPadding: Bool

  init(_ pooling: Pooling, _ rows: WindowLine, _ columns: WindowLine, threads: Int? = nil) {
    (self.rows, self.columns) = (rows, columns)
    var settings = pooling.settings ?? .current
    if let threads { settings.threads = threads }
    self.settings = settings
    averages = pooling.kind == .average
    countsPadding = pooling.countPadding
  }

  /// Rows of input that a plane in memory holds.
  private struct Band {
    var rows: pooling_line
    /// Floats from one plane of output to the next.
    var outputPlane: Int
  }

  /// Pools whole planes.
  func run(
    _ x: UnsafePointer<Float>, planes: Int, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    try run(x, planes: planes, Band(rows: rows.job, outputPlane: rows.output * columns.output), y)
  }

  /// Pools the windows of some rows of output, of planes of which only the rows `held` are in memory; they hold all that
  /// these windows see.
  func run(
    _ x: UnsafePointer<Float>, planes: Int, held: Range<Int>, windows: Range<Int>,
    _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    var job = rows.job
    job.input = held.count
    job.output = windows.count
    job.before += held.lowerBound - windows.lowerBound * rows.stride
    let outputPlane = rows.output * columns.output
    try run(
      x, planes: planes, Band(rows: job, outputPlane: outputPlane), y + windows.lowerBound * columns.output)
  }

  /// Whether a band of rows gives what whole planes do: a mean that depends on padding does not see it in a band.
  var canRunInBands: Bool {
    !averages || (rows.before == 0 && rows.after == 0 && rows.taps(rows.output - 1).count == rows.size)
  }

  /// The rows of input that some windows see.
  func seen(_ windows: Range<Int>) -> Range<Int> {
    let first = max(0, rows.start(windows.lowerBound))
    let end = rows.start(windows.upperBound - 1) + (rows.size - 1) * rows.dilation + 1
    return min(first, rows.input)..<max(min(first, rows.input), min(end, rows.input))
  }

  private func run(
    _ x: UnsafePointer<Float>, planes: Int, _ band: Band, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let pool = settings.kernels.table.pointee.pooling.pool
    do { try MemoryBudget.reserve(4 * columns.output) } catch { throw .memory(error) }
    defer { MemoryBudget.release(4 * columns.output) }
    let divisors = (0..<columns.output).map {
      Float(countsPadding ? columns.tapsWithPadding($0) : columns.taps($0).count)
    }
    // Chunks of about 16 KiB of input; neighbours read up to a window of rows in common.
    let height = max(1, min(band.rows.output, 4096 / max(1, columns.input * rows.stride)))
    let chunks = (band.rows.output + height - 1) / height
    let scratch = try Scratch(bytes: 4 * pooling_scratch(columns.job), threads: settings.threads)
    let row = Double(columns.input * min(rows.size, rows.stride)) + Double(columns.output * columns.size)
    try divisors.withUnsafeBufferPointer { (divisors) throws(OperationError) in
      try Workers.parallel(
        count: planes * chunks, grain: 1, nanoseconds: 0.1 * row * Double(height),
        longest: 4 * Workers.longestStream, threads: settings.threads
      ) { range, worker in
        var job = pooling_job(
          rows: band.rows, columns: columns.job, input: x, output: y, first: 0, end: 0,
          scratch: scratch.floats(of: worker), column_divisors: divisors.baseAddress.unsafelyUnwrapped,
          averages: averages ? 1 : 0, counts_padding: countsPadding ? 1 : 0)
        var item = range.lowerBound
        while item < range.upperBound {
          let (plane, first) = (item / chunks, item % chunks)
          let end = min(chunks, first + range.upperBound - item)
          job.input = x + plane * band.rows.input * columns.input
          job.output = y + plane * band.outputPlane
          job.first = first * height
          job.end = min(band.rows.output, end * height)
          pool(&job)
          item += end - first
        }
      }
    }
  }
}

extension WindowLine {
  /// The same for the kernel.
  fileprivate var job: pooling_line {
    pooling_line(
      input: input, output: output, size: size, stride: stride, dilation: dilation, before: before,
      after: after)
  }
}
