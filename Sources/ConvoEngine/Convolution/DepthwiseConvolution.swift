internal import CKernels
internal import ConvoTensor

/// Depthwise convolution: every channel has a window of its own (groups = channels = outputs).
///
/// There is so little arithmetic that memory decides: planes pass once through padded scratch in the L1 cache, and strips
/// of eight rows share what they load. Other windows, steps and dilations run on the flat kernel.
///
/// Blocking: `lines · pitch · step · 4 B ≤ 24 KB` for the band, half of a 48 KB L1 data cache.
extension ConvolutionAlgorithm {
  static let depthwise = ConvolutionAlgorithm(
    name: "depthwise",
    accepts: { g, settings in
      // A single plane that need not be copied is as fast in the flat kernel while the window is small.
      DepthwisePlan.canRun(g) && (g.groups > 1 || g.taps > 9 || g.hasPadding || g.stride != Extent2(1))
        && !ChannelwisePlan.beatsStrips(g, settings.kernels)
    },
    canRun: { g, _ in DepthwisePlan.canRun(g) }
  ) { problem throws(OperationError) in
    try DepthwisePlan(problem.geometry, problem.settings).run(problem)
  }
}

/// How a depthwise convolution is cut into bands of rows and groups of channels.
struct DepthwisePlan {
  static let bandFloats = 24 * 1024 / 4

  private let g: ConvolutionGeometry
  /// Floats of a row of one phase.
  private let pitch: Int
  /// Rows of output in a band.
  private let rows: Int

  static func canRun(_ g: ConvolutionGeometry) -> Bool {
    g.channels == 1 && g.outputs == 1 && g.window.height == g.window.width
      && [3, 5, 7].contains(g.window.width) && g.dilation == Extent2(1) && g.stride.height == g.stride.width
      && g.stride.width <= 2 && g.padding.left >= 0 && max(g.padding.top, g.padding.left) < 1 << 20
      && max(g.output.width, g.output.height) < 1 << 20
  }

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    g = geometry
    let lanes = settings.kernels.lanes
    let step = g.stride.width
    let width = g.padding.left + max(g.input.width, g.output.width * step) + g.window.width
    pitch = ((width + step - 1) / step + 2 * lanes + 15) / 16 * 16
    let lines = DepthwisePlan.bandFloats / (pitch * step)
    let most = max(8, (lines - g.window.height) / step / 8 * 8)
    let bands = (g.output.height + most - 1) / most
    let even = (g.output.height + bands - 1) / bands
    rows = bands == 1 ? even : (even + 7) / 8 * 8
  }

  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    let bands = (g.output.height + rows - 1) / rows
    let lines = (rows - 1) * g.stride.height + g.window.height
    let planes = g.batch * g.groups
    // A call for about 16 000 outputs, so that clearing the borders costs nothing.
    let together = max(1, min((planes + 3) / 4, 16_384 / max(1, rows * g.output.width)))
    // Channels of one call belong to one member of the batch: their weights follow one another.
    let perPicture = (g.groups + together - 1) / together
    let chunks = g.batch * perPicture * bands
    let threads = min(problem.settings.threads, chunks)
    let scratch = try Scratch(bytes: (lines * pitch * g.stride.width + 64) * 4, threads: threads)
    let table = problem.kernels.table
    let work = planes * (g.outputPlane * g.taps / 48 + g.inputPlane / 6)
    try Workers.parallel(chunks: chunks, work: work, threads: threads) { chunk, worker in
      let band = chunk % bands
      let first = chunk / bands % perPicture * together
      let plane = chunk / bands / perPicture * g.groups + first
      var job = depthwise_job()
      job.input = problem.input + plane * g.inputPlane
      job.input_channel_stride = g.inputPlane
      job.height = g.input.height
      job.width = g.input.width
      job.weight = problem.weight + first * g.taps
      job.bias = problem.bias.map { $0 + first }
      let at = plane * g.outputPlane + band * rows * g.output.width
      job.output = problem.output + at
      job.output_channel_stride = g.outputPlane
      job.residual = problem.residual.map { $0 + at }
      job.channels = Int32(min(together, g.groups - first))
      job.first_row = Int32(band * rows)
      job.rows = Int32(min(rows, g.output.height - band * rows))
      job.columns = Int32(g.output.width)
      job.window = Int32(g.window.width)
      job.step = Int32(g.stride.width)
      job.top = Int32(g.padding.top)
      job.left = Int32(g.padding.left)
      job.scratch = scratch.floats(of: worker)
      job.pitch = pitch
      job.rule = problem.activation.rule
      table.pointee.convolution.depthwise(&job)
    }
  }
}
