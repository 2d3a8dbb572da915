internal import CKernels
internal import ConvoTensor

/// Winograd's convolution for 3×3 windows with stride 1: tiles of 4×4 (or 2×2) outputs are computed from 6×6 (4×4)
/// transformed inputs with 36 (16) multiplications instead of 144 (36).
///
/// Tiles are transformed channel block by channel block, multiplied position by position through the kernel of blocked
/// convolution, and transformed back on their way to memory. The points of F(4×4) keep the error at 1.2–3.8e-6 of the
/// largest output; the exact setting does without both.
extension ConvolutionAlgorithm {
  static let winograd4 = ConvolutionAlgorithm(
    name: "winograd4",
    accepts: { g, settings in
      let lanes = settings.kernels.lanes
      return WinogradPlan.canRun(g) && !settings.exact && g.channels >= lanes && g.outputs >= lanes
        && g.output.height > 7 && g.output.width > 7
    },
    canRun: { g, _ in WinogradPlan.canRun(g) }
  ) { problem throws(OperationError) in
    try WinogradPlan(problem.geometry, problem.settings, tile: 4).run(problem)
  }

  static let winograd2 = ConvolutionAlgorithm(
    name: "winograd2",
    accepts: { g, settings in
      let lanes = settings.kernels.lanes
      return WinogradPlan.canRun(g) && !settings.exact && g.channels >= lanes && g.outputs >= lanes
        && g.output.height > 3 && g.output.width > 3
    },
    canRun: { g, _ in WinogradPlan.canRun(g) }
  ) { problem throws(OperationError) in
    try WinogradPlan(problem.geometry, problem.settings, tile: 2).run(problem)
  }
}

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
  let lanes: Int
  /// Rows of outputs in a tile; of inputs, 2 more.
  let tile: Int
  let panels: WeightPanels
  let channelBlocks: Int
  /// Rows and columns of tiles in a picture.
  let grid: Extent2
  /// Tiles in a pass.
  let pass: Int
  /// Parts of the output channels.
  let parts: Int
  /// Tiles that are transformed together: their pixels stay in the L1 cache.
  let longestRun = 12

  static func canRun(_ g: ConvolutionGeometry) -> Bool {
    g.window == Extent2(3) && g.stride == Extent2(1) && g.dilation == Extent2(1) && g.channels > 0
      && (g.channels + g.outputs + 32) * 36 * 14 < mostFloats
  }

  /// Channel blocks whose products are summed before they are added to the others: sums of 512 terms one after the other
  /// lose twice as much as four of 128.
  var sumBlocks: Int { max(1, 128 / lanes) }
  var positions: Int { (tile + 2) * (tile + 2) }
  var tilesInAll: Int { g.batch * grid.height * grid.width }
  var passes: Int { (tilesInAll + pass - 1) / pass }
  /// Panels in the largest part.
  var mostPanels: Int { (panels.panels + parts - 1) / parts }
  /// Floats between the positions of one kind, a cache line more than they need: otherwise all positions of a tile would
  /// meet in the same cache set.
  var inputStride: Int { channelBlocks * pass * lanes + 16 }
  var productStride: Int { min(mostPanels * 2, panels.vectors) * pass * lanes + 16 }
  var lineFloats: Int { (tile + 2) * (longestRun * tile + 2) * lanes }
  var scratchBytes: Int { (positions * (inputStride + productStride) + lineFloats) * 4 }

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings, tile: Int) {
    g = geometry
    lanes = settings.kernels.lanes
    self.tile = tile
    panels = WeightPanels(lanes: lanes, groups: g.groups, outputs: g.outputs, steps: g.channels)
    channelBlocks = (g.channels + lanes - 1) / lanes
    grid = Extent2(
      height: (g.output.height + tile - 1) / tile, width: (g.output.width + tile - 1) / tile)
    let positions = (tile + 2) * (tile + 2)
    let floatsPerTile = positions * (channelBlocks + panels.vectors) * lanes
    let most = max(
      min(WinogradPlan.fewestTiles + 1, WinogradPlan.mostFloats / floatsPerTile),
      WinogradPlan.passFloats / floatsPerTile, 14)
    let all = g.batch * grid.height * grid.width
    var passes = (all + most - 1) / most
    let threads = settings.threads
    // Passes in a multiple of the threads where tiles are many; where they are few, parts of the output channels, which
    // read the weights once but transform the input each for itself.
    if threads > 1, passes * g.groups < 4 * threads {
      let rounded = (passes + threads - 1) / threads * threads
      let weightBytes = positions * panels.floats * 4
      if all / rounded >= (weightBytes < 4 << 20 ? 20 : WinogradPlan.fewestTiles) { passes = rounded }
    }
    pass = (all + passes - 1) / passes
    parts = passes * g.groups >= threads ? 1 : min(panels.panels, (threads + passes - 1) / passes)
  }

  /// What the steps of a chunk work on.
  struct Chunk {
    var group: Int
    var tiles: Range<Int>
    var panels: Range<Int>
    var input: UnsafeMutablePointer<Float>
    var products: UnsafeMutablePointer<Float>
    var line: UnsafeMutablePointer<Float>
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
          group: index / parts / passes, tiles: first..<min(first + pass, tilesInAll),
          panels: part * panels.panels / parts..<(part + 1) * panels.panels / parts, input: memory,
          products: memory + positions * inputStride,
          line: memory + positions * (inputStride + productStride))
        compute(chunk, problem, weights, failures.flags(of: index))
      }
    }
    try redo(failures, problem)
  }

  func pack(_ problem: ConvolutionProblem) throws(OperationError) -> Tensor {
    let kernels = problem.kernels.table.pointee.convolution
    let transform = tile == 4 ? kernels.winograd4_weight! : kernels.winograd2_weight!
    return try panels.pack(problem, "winograd\(tile)", copies: positions) { rows, place, stride in
      var job = winograd_weight_job()
      job.input = rows
      job.channels = Int32(g.channels)
      job.output = place
      job.output_stride = panels.floats
      job.channel_stride = stride
      transform(&job)
    }
  }

  /// Sets the flag of each row of tiles where a sum is not finite.
  func compute(
    _ chunk: Chunk, _ problem: ConvolutionProblem, _ weights: UnsafePointer<Float>,
    _ failed: UnsafeMutablePointer<Bool>
  ) {
    var first = chunk.tiles.lowerBound
    while first < chunk.tiles.upperBound {
      let run = run(at: first, before: chunk.tiles.upperBound)
      for block in 0..<channelBlocks { transformInput(run, block: block, chunk, problem) }
      first += run.count
    }
    for position in 0..<positions where !Cancellation.isRequested {
      multiply(position: position, chunk, problem, weights)
    }
    first = chunk.tiles.lowerBound
    while first < chunk.tiles.upperBound {
      let run = run(at: first, before: chunk.tiles.upperBound)
      let row = first / grid.width - chunk.tiles.lowerBound / grid.width
      for vector in chunk.panels.lowerBound * 2..<min(chunk.panels.upperBound * 2, panels.vectors)
      where !transformOutput(run, vector: vector, chunk, problem) { failed[row] = true }
      first += run.count
    }
  }

  /// Tiles of one row that are transformed together.
  struct Run {
    var first: Int
    var picture: Int
    var row: Int
    var column: Int
    var count: Int
  }

  func run(at first: Int, before end: Int) -> Run {
    let column = first % grid.width
    let row = first / grid.width
    return Run(
      first: first, picture: row / grid.height, row: row % grid.height, column: column,
      count: min(longestRun, grid.width - column, end - first))
  }

  func multiply(
    position: Int, _ chunk: Chunk, _ problem: ConvolutionProblem, _ weights: UnsafePointer<Float>
  ) {
    let table = problem.kernels.table
    var zero: Int32 = 0
    withUnsafePointer(to: &zero) { offset in
      var job = panel_job()
      job.input_block_stride = pass * lanes
      job.offsets = offset
      job.taps = 1
      job.end_tap = 1
      job.output_block_stride = pass * lanes
      job.rows = 1
      job.columns = Int32(chunk.tiles.count)
      for panel in chunk.panels {
        let weight = weights + position * panels.floats + panels.place(group: chunk.group, panel: panel)
        job.output =
          chunk.products + position * productStride + (panel - chunk.panels.lowerBound) * 2 * pass * lanes
        job.vectors = Int32(panels.width(panel))
        for first in stride(from: 0, to: channelBlocks, by: sumBlocks) {
          let last = min(first + sumBlocks, channelBlocks)
          job.input = UnsafePointer(chunk.input + position * inputStride + first * pass * lanes)
          job.blocks = Int32(last - first)
          job.last_lanes = Int32(last == channelBlocks ? g.channels - (last - 1) * lanes : lanes)
          job.weight = weight + first * lanes * panels.width(panel) * lanes
          job.accumulates = first > 0 ? 1 : 0
          table.pointee.convolution.panel(&job)
        }
      }
    }
  }
}
