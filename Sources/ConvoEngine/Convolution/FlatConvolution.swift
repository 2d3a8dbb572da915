internal import CKernels
internal import ConvoTensor

/// Flat direct convolution: pixels in the lanes, weights broadcast straight from `O I kh kw`, an offset table for the
/// taps.
///
/// A band of rows goes into scratch, padded and split into phases, so that every stride, padding and dilation is just
/// an offset; a convolution with stride 1 and no padding reads the picture where it lies. For few channels nothing is
/// faster: there is no packing, and a 5×5 window with 3 channels runs at four fifths of the peak.
///
/// Blocking: `band · pitch · channels · 4 B ≤ 448 KB`, so that the band stays in a 1 MB L2 beside the output rows; where
/// one row of output is too much, columns are split, then channels, whose sums continue from the output.
extension ConvolutionAlgorithm {
  static let flat = ConvolutionAlgorithm(
    name: "flat",
    accepts: { g, settings in FlatPlan.canRun(g, settings) },
    canRun: { g, settings in FlatPlan.canRun(g, settings) }
  ) { problem throws(OperationError) in
    try FlatPlan(problem.geometry, problem.settings).run(problem)
  }
}

/// How a flat convolution is cut into bands and where each tap finds its pixels.
struct FlatPlan {
  /// Entries of the offset table, unless the window alone has more.
  static let maximumSteps = 1 << 18
  /// Floats of one band in scratch.
  static let bandFloats = 448 * 1024 / 4

  let g: ConvolutionGeometry
  /// Whether the picture is read where it lies.
  let isInPlace: Bool
  /// Rows of output in a band, columns in a block, channels in one sum.
  private(set) var rows: Int
  private(set) var columns: Int
  private(set) var channels: Int
  /// Whether each output row has input rows of its own in scratch (no sharing between neighbours).
  private(set) var separatesRows = false
  /// Whether each tap has a copy of its own of the columns it sees.
  private(set) var separatesColumns = false

  /// Whether every offset fits in 32 bits. Only windows of gigabytes do not.
  static func canRun(_ g: ConvolutionGeometry, _ settings: EngineSettings) -> Bool {
    g.taps <= maximumSteps
      || g.taps < 1 << 30 && FlatPlan(g, settings).scratchFloats(rows: 1) < Int(Int32.max)
  }

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    var g = geometry
    isInPlace =
      !g.hasPadding && g.stride.width == 1 && g.channels * g.inputPlane < Int(Int32.max)
      && (g.channels * g.taps <= FlatPlan.maximumSteps || g.taps > FlatPlan.maximumSteps)
    if isInPlace && g.isPointwise && g.stride.height == 1 {
      // Rows of a 1×1 convolution follow one another: the plane is one long row.
      g.input = Extent2(height: 1, width: g.inputPlane)
      g.output = g.input
    }
    self.g = g
    rows = g.output.height
    columns = g.output.width
    channels = max(1, min(g.channels, FlatPlan.maximumSteps / g.taps))
    if isInPlace {
      // Blocks of at most 4096 pixels make chunks for the threads. A few for each thread are enough; whole tiles of three
      // vectors leave a smaller last one that evens out.
      var pixels = 4096
      if settings.threads > 1 {
        let share = g.batch * g.groups * rows * columns / (settings.threads * 4)
        pixels = min(pixels, max(share / (3 * settings.kernels.lanes), 2) * 3 * settings.kernels.lanes)
      }
      columns = min(columns, pixels)
      rows = max(1, min(rows, pixels / max(1, columns)))
      return
    }
    // Columns are halved until a row of output fits, channels after that.
    divideColumns(by: 1)
    while columns > 512, scratchFloats(rows: 1) > FlatPlan.bandFloats { divideColumns(by: 2) }
    while channels > 1, scratchFloats(rows: 1) > FlatPlan.bandFloats { channels = (channels + 1) / 2 }
    while columns > 64, scratchFloats(rows: 1) > FlatPlan.bandFloats { divideColumns(by: 2) }
    var fitting = 1
    while fitting < rows, scratchFloats(rows: fitting * 2) <= FlatPlan.bandFloats { fitting *= 2 }
    rows = min(rows, fitting)
    // Several bands for each thread, but not so low that the rows above and below outweigh it.
    let wanted = (g.output.height + settings.threads * 4 - 1) / (settings.threads * 4)
    let bands = g.batch * g.groups
    if settings.threads > 1, bands < settings.threads * 4 {
      rows = max(min(rows, max(wanted, g.window.height * 2)), 1)
    }
    separatesRows = FlatPlan.separates(g, rows)
  }

  /// Taps that lie further apart than a block is wide share no columns.
  private mutating func divideColumns(by divisor: Int) {
    columns = (columns + divisor - 1) / divisor
    separatesColumns = FlatPlan.phaseColumns(g, columns) > g.window.width * columns
  }

  /// Rows of scratch for a band: shared between neighbours, or `window` rows for each.
  private static func separates(_ g: ConvolutionGeometry, _ rows: Int) -> Bool {
    rows * g.window.height <= (rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1
  }

  private func scratchRows(_ rows: Int) -> Int {
    min(
      rows * g.window.height,
      (rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1)
  }

  /// Columns of one phase, a few more than those of the output.
  private static func phaseWidth(_ g: ConvolutionGeometry, _ columns: Int) -> Int {
    columns + (g.window.width - 1) * g.dilation.width / g.stride.width
  }

  private static func phaseCount(_ g: ConvolutionGeometry) -> Int { min(g.stride.width, g.window.width) }

  private static func phaseColumns(_ g: ConvolutionGeometry, _ columns: Int) -> Int {
    phaseCount(g) * phaseWidth(g, columns)
  }

  /// Floats of a row in scratch.
  private var pitch: Int {
    let floats = separatesColumns ? g.window.width * columns : FlatPlan.phaseColumns(g, columns)
    return (floats + 15) / 16 * 16
  }

  /// Floats of a channel in scratch: never a multiple of 4 KB, where all channels would meet in the same cache sets.
  private func plane(_ rows: Int) -> Int {
    let floats = scratchRows(rows) * pitch
    return floats % 1024 == 0 ? floats + 16 : floats
  }

  private func scratchFloats(rows: Int) -> Int { plane(rows) * channels }

  /// Bytes of scratch for each thread.
  var scratchBytes: Int { isInPlace ? 0 : (scratchFloats(rows: rows) + 64) * 4 }

  /// One copy of columns in scratch: the column of the picture that lands first (for output column 0, without
  /// padding), and where it lands.
  private struct Piece {
    var column: Int
    var offset: Int
    var extra: Int
  }

  /// The pieces of a row, and for each tap of a window row the place of its first pixel.
  private func layout() -> (pieces: [Piece], taps: [Int]) {
    var pieces: [Piece] = []
    var taps: [Int] = []
    if separatesColumns {
      for s in 0..<g.window.width {
        pieces.append(Piece(column: s * g.dilation.width, offset: s * columns, extra: 0))
        taps.append(s * columns)
      }
      return (pieces, taps)
    }
    let width = FlatPlan.phaseWidth(g, columns)
    var phases: [Int: Int] = [:]
    for s in 0..<g.window.width {
      let place = s * g.dilation.width
      let phase = place % g.stride.width
      let step = place / g.stride.width
      let index = phases[phase] ?? pieces.count
      if index == pieces.count {
        phases[phase] = index
        pieces.append(Piece(column: phase, offset: index * width, extra: 0))
      }
      pieces[index].extra = max(pieces[index].extra, step)
      taps.append(pieces[index].offset + step)
    }
    return (pieces, taps)
  }

  /// For each step of a sum (channel, then tap) the distance of its pixel from the first one, in floats.
  private func offsets(_ taps: [Int]) -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(channels * g.taps)
    let plane = isInPlace ? g.inputPlane : plane(rows)
    let rowStep =
      isInPlace ? g.dilation.height * g.input.width : separatesRows ? pitch : g.dilation.height * pitch
    for c in 0..<channels {
      for r in 0..<g.window.height {
        for s in 0..<g.window.width {
          let column = isInPlace ? s * g.dilation.width : taps[s]
          result.append(Int32(c * plane + r * rowStep + column))
        }
      }
    }
    return result
  }

  /// Computes everything.
  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    try run(problem, pictures: 0..<g.batch * g.groups, lines: 0..<g.output.height)
  }

  /// Computes some rows of some pictures; a picture is one group of one member of the batch.
  func run(_ problem: ConvolutionProblem, pictures: Range<Int>, lines: Range<Int>) throws(OperationError) {
    let tableBytes = 4 * channels * g.taps
    do { try MemoryBudget.reserve(tableBytes) } catch { throw .memory(error) }
    defer { MemoryBudget.release(tableBytes) }
    let (pieces, taps) = layout()
    let offsets = offsets(taps)
    let rowBlocks = (lines.count + rows - 1) / rows
    let columnBlocks = (g.output.width + columns - 1) / columns
    let chunks = pictures.count * rowBlocks * columnBlocks
    let threads = min(problem.settings.threads, chunks)
    let scratch = try Scratch(bytes: scratchBytes, threads: threads)
    try Workers.parallel(chunks: chunks, work: problem.nanoseconds, threads: threads) { chunk, worker in
      let column = chunk % columnBlocks * columns
      let row = lines.lowerBound + chunk / columnBlocks % rowBlocks * rows
      let picture = pictures.lowerBound + chunk / columnBlocks / rowBlocks
      let block = Block(
        picture: picture, row: row, rows: min(rows, lines.upperBound - row), column: column,
        columns: min(columns, g.output.width - column))
      compute(block, problem, pieces, offsets, scratch.floats(of: worker))
    }
  }

  /// A part of the output of one group of one picture, all its channels.
  private struct Block {
    var picture: Int
    var row: Int
    var rows: Int
    var column: Int
    var columns: Int
  }

  private func compute(
    _ block: Block, _ problem: ConvolutionProblem, _ pieces: [Piece], _ offsets: [Int32],
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let table = problem.kernels.table
    let group = block.picture % g.groups
    let planes = problem.input + block.picture * g.channels * g.inputPlane
    let firstOutput = group * g.outputs
    let place = block.picture * g.outputs * g.outputPlane + block.row * g.output.width + block.column
    let most = Int(table.pointee.convolution.flat_channels)
    let outputBlocks = (g.outputs + most - 1) / most
    offsets.withUnsafeBufferPointer { offsets in
      // At least once, so that a convolution of no channels gives its bias.
      var channel = 0
      repeat {
        let count = min(channels, g.channels - channel)
        let source = planes + channel * g.inputPlane
        let input: UnsafePointer<Float>
        if isInPlace {
          input = source + block.row * g.stride.height * g.input.width + block.column
        } else {
          fill(scratch, from: source, channels: count, block, pieces, table)
          input = UnsafePointer(scratch)
        }
        var job = flat_job()
        job.input = input
        job.input_row_stride =
          isInPlace
          ? g.stride.height * g.input.width : (separatesRows ? g.window.height : g.stride.height) * pitch
        job.offsets = offsets.baseAddress ?? UnsafePointer(bitPattern: 4)!
        job.steps = Int32(count * g.taps)
        job.weight_channel_stride = g.channels * g.taps
        job.output_channel_stride = g.outputPlane
        job.output_row_stride = g.output.width
        job.rows = Int32(block.rows)
        job.columns = Int32(block.columns)
        job.accumulates = channel > 0 ? 1 : 0
        job.finishes = channel + count >= g.channels ? 1 : 0
        job.rule = problem.activation.rule
        for index in 0..<outputBlocks {
          // With many channels a block of pixels is a long job.
          if Cancellation.isRequested { return }
          let first = index * g.outputs / outputBlocks
          let outputs = (index + 1) * g.outputs / outputBlocks - first
          job.channels = Int32(outputs)
          job.weight = problem.weight + ((firstOutput + first) * g.channels + channel) * g.taps
          job.bias = problem.bias.map { $0 + firstOutput + first }
          job.output = problem.output + place + first * g.outputPlane
          job.residual = problem.residual.map { $0 + place + first * g.outputPlane }
          table.pointee.convolution.flat(&job)
        }
        channel += count
      } while channel < g.channels
    }
  }

  /// Copies what a block sees, padded and split into phases.
  private func fill(
    _ scratch: UnsafeMutablePointer<Float>, from source: UnsafePointer<Float>, channels: Int, _ block: Block,
    _ pieces: [Piece], _ table: UnsafePointer<kernel_set>
  ) {
    var job = band_job()
    job.input = source
    job.input_channel_stride = g.inputPlane
    job.input_row_stride = g.input.width
    job.height = g.input.height
    job.width = g.input.width
    job.column_step = g.stride.width
    job.channels = channels
    job.output_channel_stride = plane(rows)
    let top = block.row * g.stride.height - g.padding.top
    for piece in pieces {
      job.first_column = block.column * g.stride.width - g.padding.left + piece.column
      job.columns = block.columns + piece.extra
      if separatesRows {
        job.rows = block.rows
        job.row_step = g.stride.height
        job.output_row_stride = g.window.height * pitch
        for r in 0..<g.window.height {
          job.first_row = top + r * g.dilation.height
          job.output = scratch + r * pitch + piece.offset
          table.pointee.convolution.band(&job)
        }
      } else {
        job.rows = (block.rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1
        job.row_step = 1
        job.first_row = top
        job.output_row_stride = pitch
        job.output = scratch + piece.offset
        table.pointee.convolution.band(&job)
      }
    }
  }
}
