internal import CKernels
public import ConvoTensor

/// Keeps the largest element or the mean of each window.
///
/// Padding never wins a maximum; NaN does. A mean is divided by the number of elements in the window, with padding or
/// without; what overhangs the padded picture never counts.
///
/// - Shapes: `[N, C, H, W]` → `[N, C, H', W']`; `[C, H, W]` → `[C, H', W']`, with H' = ⌊(H + padding − reach) / stride⌋ + 1
///   rounded up when `coverAll`.
public struct Pooling: TensorOperation {
  /// What is kept.
  public var kind: PoolingKind
  /// The pictures.
  public var input: Tensor
  /// The window.
  public var window: Window
  /// Whether the number of windows is rounded up, so that every pixel is seen.
  public var coverAll: Bool
  /// Whether padding counts in the divisor of a mean.
  public var countPadding: Bool
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(
    kind: PoolingKind, input: Tensor, window: Window, coverAll: Bool = false, countPadding: Bool = true
  ) {
    self.kind = kind
    self.input = input
    self.window = window
    self.coverAll = coverAll
    self.countPadding = countPadding
  }

  /// Rows and columns of the window's way over the picture.
  func lines() throws(ShapeError) -> (rows: WindowLine, columns: WindowLine) {
    guard input.rank == 3 || input.rank == 4 else {
      throw .rank(operand: "x", expected: "N×C×H×W or C×H×W", found: input.shape)
    }
    let picture = Extent2(height: input.shape[input.rank - 2], width: input.shape[input.rank - 1])
    var (vertical, horizontal): ((before: Int, after: Int)?, (before: Int, after: Int)?)
    if case .explicit(let padding) = window.padding {
      vertical = (padding.top, padding.bottom)
      horizontal = (padding.left, padding.right)
    }
    return (
      try WindowLine(
        input: picture.height, size: window.extent.height, stride: window.stride.height,
        dilation: window.dilation.height, padding: vertical, coversAll: coverAll, window: window.extent,
        picture: picture),
      try WindowLine(
        input: picture.width, size: window.extent.width, stride: window.stride.width,
        dilation: window.dilation.width, padding: horizontal, coversAll: coverAll, window: window.extent,
        picture: picture)
    )
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let (rows, columns) = try lines()
    return try Shape(input.shape.extents.dropLast(2) + [rows.output, columns.output])
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { .pictures(rank: input.rank) }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let (rows, columns): (WindowLine, WindowLine)
    do { (rows, columns) = try lines() } catch { throw .shape(error) }
    let settings = settings ?? .current
    let pool = settings.kernels.table.pointee.pooling.pool
    let planes = output.count / (rows.output * columns.output)
    let averages: Int32 = kind == .average ? 1 : 0
    let countsPadding: Int32 = countPadding ? 1 : 0
    do { try MemoryBudget.reserve(4 * columns.output) } catch { throw .memory(error) }
    defer { MemoryBudget.release(4 * columns.output) }
    let divisors = (0..<columns.output).map {
      Float(countPadding ? columns.tapsWithPadding($0) : columns.taps($0).count)
    }
    // Bands of about 16 KiB of input; neighbours read up to a window of rows in common.
    let band = max(1, min(rows.output, 4096 / max(1, columns.input * rows.stride)))
    let bands = (rows.output + band - 1) / band
    let scratch = try Scratch(bytes: 4 * pooling_scratch(columns.job), threads: settings.threads)
    let row = Double(columns.input * min(rows.size, rows.stride)) + Double(columns.output * columns.size)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        try divisors.withUnsafeBufferPointer { (divisors) throws(OperationError) in
          try Workers.parallel(
            count: planes * bands, grain: 1, nanoseconds: 0.1 * row * Double(band), threads: settings.threads
          ) { range, worker in
            var job = pooling_job(
              rows: rows.job, columns: columns.job, input: x, output: y, first: 0, end: 0,
              scratch: scratch.floats(of: worker), column_divisors: divisors.baseAddress.unsafelyUnwrapped,
              averages: averages, counts_padding: countsPadding)
            var item = range.lowerBound
            while item < range.upperBound {
              let (plane, first) = (item / bands, item % bands)
              let end = min(bands, first + range.upperBound - item)
              job.input = x + plane * rows.input * columns.input
              job.output = y + plane * rows.output * columns.output
              job.first = first * band
              job.end = min(rows.output, end * band)
              pool(&job)
              item += end - first
            }
          }
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
