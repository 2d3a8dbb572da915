internal import CKernels
internal import ConvoTensor

/// How the tiles of a Winograd convolution are grouped into passes.
///
/// A chunk of work is a pass (some tiles) and a part of the output channels; it transforms its tiles, multiplies and
/// transforms back in memory of its own. Threads share nothing but the input and the packed weights: handing transformed
/// tiles from core to core cost more than the second core gave (128 channels on 28×28: 0.30 ms on one thread and on two).
struct WinogradPlan {
  /// Floats of transformed input and products in one pass: 2.4 MB, a part of it in L2 and the rest in L3. A megabyte and
  /// four were slower by a twentieth on 64 to 256 channels.
  static let passFloats = 2_400_000 / 4
  /// Never more than this, so that the scratch of a thread stays below 8 MB.
  static let mostFloats = 7_400_000 / 4
  /// Fewer tiles than this make the stream of weights the bottleneck.
  static let fewestTiles = 48

  let g: ConvolutionGeometry
  let scheme: WinogradScheme
  let lanes: Int
  let panels: WeightPanels
  /// Blocks of the channels of all parts of the window.
  let channelBlocks: Int
  /// The first rows and columns of the parts of the window.
  let origins: (rows: [Int], columns: [Int])
  /// Pixels between the pixels that one part sees, dilation aside.
  let step: Extent2
  let bringing: Bringing
  /// Pixels of one phase between the first part of a row of the window and the last.
  let reach: Int
  let transforms: winograd_transforms
  /// Floats between the positions of one kind, a cache line more than they need: otherwise all positions of a tile would
  /// meet in the same cache set.
  let inputStride: Int
  let productStride: Int
  /// Rows and columns of cells in a picture; a row of one phase follows that of another.
  let grid: Extent2
  /// Cells in a pass.
  let pass: Int
  /// Parts of the output channels.
  let parts: Int

  /// Tiles in a cell: one for each phase of the columns.
  var phases: Int { g.dilation.width }
  /// Cells that are transformed together: their pixels stay in the L1 cache.
  var longestRun: Int {
    max(1, (scheme.isColumn ? 48 : 12) / phases / (bringing == .lines ? step.width : 1))
  }
  /// Channel blocks whose products are summed before they are added to the others: sums of 512 terms one after the other
  /// lose twice as much as four of 128.
  var sumBlocks: Int { max(1, 128 / lanes) }
  var cells: Int { g.batch * grid.height * grid.width }
  var passes: Int { (cells + pass - 1) / pass }
  var inputFloats: Int { scheme.inputs * inputStride }
  var productFloats: Int { scheme.products * productStride }
  var scratchBytes: Int { (inputFloats + productFloats + lineFloats + planeFloats) * 4 }

  /// Pixels in a row of the input of some cells.
  func columns(_ cells: Int) -> Int {
    (cells * scheme.across.tile * scheme.across.stride + scheme.across.taps - scheme.across.stride) * phases
  }

  /// The first row of output of a row of cells, and how many belong to it.
  func lines(_ row: Int) -> (first: Int, count: Int) {
    let (tile, phase) = row.quotientAndRemainder(dividingBy: g.dilation.height)
    let first = tile * scheme.down.tile * g.dilation.height + phase
    return (
      first,
      min(scheme.down.tile, max(0, (g.output.height - first + g.dilation.height - 1) / g.dilation.height))
    )
  }

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings, _ scheme: WinogradScheme) {
    g = geometry
    lanes = settings.kernels.lanes
    self.scheme = scheme
    step = scheme.step(of: g)
    origins = (
      scheme.down.origins(window: g.window.height, step: step.height),
      scheme.across.origins(window: g.window.width, step: step.width)
    )
    reach = (origins.columns.max() ?? 0) / step.width * g.dilation.width
    transforms = scheme.transforms(settings.kernels.table)
    let channels = g.channels * origins.rows.count * origins.columns.count
    panels = WeightPanels(lanes: lanes, groups: g.groups, outputs: g.outputs, steps: channels)
    channelBlocks = (channels + lanes - 1) / lanes
    if WinogradPlan.isAligned(g, scheme, lanes: lanes) {
      bringing = .lines
    } else if (2...4).contains(step.width) && origins.columns.count == step.width
      && channels * scheme.down.side * (12 * scheme.across.tile + scheme.across.taps) <= 1 << 16
    {
      bringing = .phases
    } else {
      bringing = .planes
    }
    grid = Extent2(
      height: scheme.down.tiles(g.output.height, dilation: g.dilation.height),
      width: scheme.across.tiles(g.output.width, dilation: g.dilation.width) / g.dilation.width)
    let phases = g.dilation.width
    let floats =
      (scheme.inputs * channelBlocks + scheme.products * panels.vectors)
      * lanes * phases
    let most = max(
      min((WinogradPlan.fewestTiles + phases) / phases, WinogradPlan.mostFloats / floats),
      WinogradPlan.passFloats / floats, (14 + phases - 1) / phases)
    let all = g.batch * grid.height * grid.width
    var passes = (all + most - 1) / most
    let threads = settings.threads
    // Passes in a multiple of the threads where tiles are many; where they are few, parts of the output channels, which
    // read the weights once but transform the input each for itself.
    var parts = 1
    if threads > 1, passes * g.groups < 4 * threads, passes * g.groups % threads != 0 {
      let more = (passes + threads - 1) / threads * threads
      let fewer = passes / threads * threads
      let weightBytes = scheme.weights * panels.floats * 4
      if all * phases / more >= (weightBytes < 4 << 20 ? 20 : WinogradPlan.fewestTiles) {
        passes = more
      } else if fewer > 0, (all + fewer - 1) / fewer * floats <= WinogradPlan.mostFloats {
        passes = fewer
      } else {
        parts = min(panels.panels, threads)
      }
    }
    pass = (all + passes - 1) / passes
    self.parts = parts
    // Panels in the largest part.
    let panels = (panels.panels + parts - 1) / parts
    inputStride = channelBlocks * pass * phases * lanes + 16
    productStride = min(panels * 2, self.panels.vectors) * pass * phases * lanes + 16
  }

  /// What the steps of a chunk work on.
  struct Chunk {
    var group: Int
    var cells: Range<Int>
    var panels: Range<Int>
    var input: UnsafeMutablePointer<Float>
    var products: UnsafeMutablePointer<Float>
    var line: UnsafeMutablePointer<Float>
    var planes: UnsafeMutablePointer<Float>
  }

  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    let packed = try pack(problem)
    let chunks = g.groups * passes * parts
    let threads = min(problem.settings.threads, chunks)
    let scratch = try Scratch(bytes: scratchBytes, threads: threads)
    let failures = Failures(chunks: chunks, rows: pass / grid.width + 2)
    try packed.withUnsafeFloats { weights throws(OperationError) in
      nonisolated(unsafe) let weights = weights.baseAddress!
      try Workers.parallel(chunks: chunks, work: problem.nanoseconds, threads: threads) { index, worker in
        let part = index % parts
        let first = index / parts % passes * pass
        let memory = scratch.floats(of: worker)
        let chunk = Chunk(
          group: index / parts / passes, cells: first..<min(first + pass, cells),
          panels: part * panels.panels / parts..<(part + 1) * panels.panels / parts, input: memory,
          products: memory + inputFloats, line: memory + inputFloats + productFloats,
          planes: memory + inputFloats + productFloats + lineFloats)
        compute(chunk, problem, weights, failures.flags(of: index))
      }
    }
    try redo(failures, problem)
  }

  /// Sets the flag of each row of tiles where a sum is not finite.
  func compute(
    _ chunk: Chunk, _ problem: ConvolutionProblem, _ weights: UnsafePointer<Float>,
    _ failed: UnsafeMutablePointer<Bool>
  ) {
    var first = chunk.cells.lowerBound
    while first < chunk.cells.upperBound {
      let run = run(at: first, chunk)
      transformInput(run, chunk, problem)
      first += run.count
    }
    for term in scheme.terms where !Cancellation.isRequested { multiply(term, chunk, problem, weights) }
    first = chunk.cells.lowerBound
    while first < chunk.cells.upperBound {
      let run = run(at: first, chunk)
      let row = first / grid.width - chunk.cells.lowerBound / grid.width
      for vector in chunk.panels.lowerBound * 2..<min(chunk.panels.upperBound * 2, panels.vectors)
      where !transformOutput(run, vector: vector, chunk, problem) { failed[row] = true }
      first += run.count
    }
  }

  /// Cells of one row that are transformed together.
  struct Run {
    var group: Int
    var first: Int
    var picture: Int
    var row: Int
    var column: Int
    var count: Int
  }

  func run(at first: Int, _ chunk: Chunk) -> Run {
    let column = first % grid.width
    let row = first / grid.width
    return Run(
      group: chunk.group, first: first, picture: row / grid.height, row: row % grid.height, column: column,
      count: min(longestRun, grid.width - column, chunk.cells.upperBound - first))
  }

  func multiply(
    _ term: WinogradScheme.Term, _ chunk: Chunk, _ problem: ConvolutionProblem,
    _ weights: UnsafePointer<Float>
  ) {
    let table = problem.kernels.table
    let tiles = pass * phases
    var zero: Int32 = 0
    withUnsafePointer(to: &zero) { offset in
      var job = panel_job()
      job.input_block_stride = tiles * lanes
      job.offsets = offset
      job.taps = 1
      job.end_tap = 1
      job.output_block_stride = tiles * lanes
      job.rows = 1
      job.columns = Int32(chunk.cells.count * phases)
      for panel in chunk.panels {
        let weight = weights + term.weight * panels.floats + panels.place(group: chunk.group, panel: panel)
        job.output =
          chunk.products + term.product * productStride + (panel - chunk.panels.lowerBound) * 2 * tiles
          * lanes
        job.vectors = Int32(panels.width(panel))
        for first in stride(from: 0, to: channelBlocks, by: sumBlocks) {
          let last = min(first + sumBlocks, channelBlocks)
          job.input = UnsafePointer(chunk.input + term.input * inputStride + first * tiles * lanes)
          job.blocks = Int32(last - first)
          job.last_lanes = Int32(last == channelBlocks ? panels.steps - (last - 1) * lanes : lanes)
          job.weight = weight + first * lanes * panels.width(panel) * lanes
          job.accumulates = term.accumulates || first > 0 ? 1 : 0
          table.pointee.convolution.panel(&job)
        }
      }
    }
  }
}
