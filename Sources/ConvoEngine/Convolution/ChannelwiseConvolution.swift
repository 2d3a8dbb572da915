internal import CKernels
internal import ConvoTensor

/// Depthwise convolution with channels in the lanes: any window, stride and dilation.
///
/// A band of the planes of `lanes` channels is brought into pixels that hold them side by side (`nChw16c`), padded; each
/// tap is then one aligned load and one multiply-add for a pixel of all of them. The result leaves through register
/// transposes. It pays where planes are small, since no lane is idle, and where windows are large, since neither the
/// reorders nor lines that a load straddles count then.
///
/// Blocking: `lines · pitch · lanes · 4 B ≤ 256 KB` for the band.
extension ConvolutionAlgorithm {
  static let channelwise = ConvolutionAlgorithm(
    name: "channelwise",
    accepts: { g, settings in
      g.groups > settings.kernels.lanes / 2 && ChannelwisePlan.canRun(g, settings)
    },
    canRun: { g, settings in ChannelwisePlan.canRun(g, settings) }
  ) { problem throws(OperationError) in
    try ChannelwisePlan(problem.geometry, problem.settings).run(problem)
  }
}

/// How a depthwise convolution is cut into blocks of channels and bands of rows.
struct ChannelwisePlan {
  static let bandFloats = 256 * 1024 / 4
  static let mostFloats = 6 << 18

  private let g: ConvolutionGeometry
  private let lanes: Int
  private let channelBlocks: Int
  /// Rows of output in a band.
  private var rows = 1

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    g = geometry
    lanes = settings.kernels.lanes
    channelBlocks = (g.groups + lanes - 1) / lanes
    let chunks = g.batch * channelBlocks
    let wanted = max(1, (4 * settings.threads + chunks - 1) / chunks)
    let tallest = settings.threads > 1 ? (g.output.height + wanted - 1) / wanted : g.output.height
    while rows < tallest, bandFloats(rows + 1) <= ChannelwisePlan.bandFloats { rows += 1 }
    let bands = (g.output.height + rows - 1) / rows
    rows = (g.output.height + bands - 1) / bands
  }

  static func canRun(_ g: ConvolutionGeometry, _ settings: EngineSettings) -> Bool {
    guard g.channels == 1, g.outputs == 1, g.taps < 1 << 16 else { return false }
    let limit = 1 << 20
    if g.window.height * g.dilation.height > limit || g.window.width * g.dilation.width > limit {
      return false
    }
    if g.output.width > limit || g.stride.height > limit || g.stride.width > limit { return false }
    return ChannelwisePlan(g, settings).scratchFloats <= mostFloats
  }

  /// Whether it beats strips of `lanes` pixels: those pay for whole vectors, for taking rows apart where there is a stride
  /// and for the lines of a 7×7 window that sixteen registers do not hold; this pays for the reorders.
  static func beatsStrips(_ g: ConvolutionGeometry, _ kernels: KernelSet) -> Bool {
    let lanes = kernels.lanes
    guard g.groups > lanes / 2 else { return false }
    let vectors = (g.output.width + lanes - 1) / lanes
    // Twelfths of what a pixel costs here. Large windows gain more from rows that share what is loaded.
    var price = g.stride.width == 1 ? [3: 8, 5: 9, 7: 10][g.window.width] ?? 8 : 10
    if g.window.width == 7 && kernels.table.pointee.registers == 16 { price = 14 }
    return 12 * g.output.width < price * vectors * lanes + 2 * lanes
  }

  /// Columns of a band, padding included.
  private var columns: Int {
    (g.output.width - 1) * g.stride.width + (g.window.width - 1) * g.dilation.width + 1
  }
  private func lines(_ rows: Int) -> Int {
    (rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1
  }
  private func bandFloats(_ rows: Int) -> Int { lines(rows) * columns * lanes }
  private var weightFloats: Int { g.taps * lanes }
  private var scratchFloats: Int { bandFloats(rows) + rows * g.output.width * lanes + weightFloats + 64 }

  private func offsets() -> [Int32] {
    var result: [Int32] = []
    for r in 0..<g.window.height {
      for s in 0..<g.window.width {
        result.append(Int32((r * g.dilation.height * columns + s * g.dilation.width) * lanes))
      }
    }
    return result
  }

  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    let bands = (g.output.height + rows - 1) / rows
    let chunks = g.batch * channelBlocks * bands
    let threads = min(problem.settings.threads, chunks)
    let scratch = try Scratch(bytes: scratchFloats * 4, threads: threads)
    let work = g.batch * g.groups * (g.outputPlane * g.taps / 48 + g.inputPlane / 6)
    try offsets().withUnsafeBufferPointer { offsets throws(OperationError) in
      nonisolated(unsafe) let offsets = offsets.baseAddress!
      try Workers.parallel(chunks: chunks, work: work, threads: threads) { chunk, worker in
        let row = chunk % bands * rows
        let block = Block(
          picture: chunk / bands / channelBlocks, channel: chunk / bands % channelBlocks * lanes, row: row,
          rows: min(rows, g.output.height - row))
        compute(block, problem, offsets, scratch.floats(of: worker))
      }
    }
  }

  /// Some rows of `lanes` channels of one picture.
  private struct Block {
    var picture: Int
    var channel: Int
    var row: Int
    var rows: Int
  }

  private func compute(
    _ block: Block, _ problem: ConvolutionProblem, _ offsets: UnsafePointer<Int32>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let table = problem.kernels.table
    let channels = min(lanes, g.groups - block.channel)
    let plane = block.picture * g.groups + block.channel
    let weight = scratch + bandFloats(rows)
    let result = weight + weightFloats
    var enter = block_job()
    enter.input = problem.weight + block.channel * g.taps
    enter.input_channel_stride = g.taps
    enter.height = 1
    enter.width = g.taps
    enter.row_step = 1
    enter.column_step = 1
    enter.channels = channels
    enter.rows = 1
    enter.columns = g.taps
    enter.output = weight
    enter.output_pixel_stride = lanes
    table.pointee.convolution.block(&enter)

    enter.input = problem.input + plane * g.inputPlane
    enter.input_channel_stride = g.inputPlane
    enter.input_row_stride = g.input.width
    enter.height = g.input.height
    enter.width = g.input.width
    enter.first_row = block.row * g.stride.height - g.padding.top
    enter.first_column = -g.padding.left
    enter.rows = lines(block.rows)
    enter.columns = columns
    enter.output = scratch
    enter.output_row_stride = columns * lanes
    table.pointee.convolution.block(&enter)

    var job = channelwise_job()
    job.input = UnsafePointer(scratch)
    job.input_row_stride = g.stride.height * columns * lanes
    job.offsets = offsets
    job.taps = Int32(g.taps)
    job.across = g.stride.height == g.dilation.height && g.window.height > 1 ? Int32(g.window.width) : 0
    job.column_step = Int32(g.stride.width)
    job.weight = UnsafePointer(weight)
    job.output = result
    job.rows = Int32(block.rows)
    job.columns = Int32(g.output.width)
    table.pointee.convolution.channelwise(&job)

    let at = plane * g.outputPlane + block.row * g.output.width
    var leave = unblock_job()
    leave.input = UnsafePointer(result)
    leave.input_pixel_stride = lanes
    leave.channels = Int32(channels)
    leave.rows = 1
    leave.columns = Int32(block.rows * g.output.width)
    leave.bias = problem.bias.map { $0 + block.channel }
    leave.residual = problem.residual.map { $0 + at }
    leave.output = problem.output + at
    leave.output_channel_stride = g.outputPlane
    leave.rule = problem.activation.rule
    table.pointee.convolution.unblock(&leave)
  }
}
