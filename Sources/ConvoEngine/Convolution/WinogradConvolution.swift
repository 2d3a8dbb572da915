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
struct WinogradPlan {
  /// Floats of transformed input and products in one pass that stay in the L2 cache of one core.
  static let privateFloats = 640 * 1024 / 4
  /// Floats of a pass that all threads share, in the L3 cache.
  static let sharedFloats = 2_500_000 / 4

  private let g: ConvolutionGeometry
  private let lanes: Int
  /// Rows of outputs in a tile; of inputs, 2 more.
  private let tile: Int
  private let panels: WeightPanels
  private let channelBlocks: Int
  /// Rows and columns of tiles in a picture.
  private let grid: Extent2
  /// Tiles in a pass.
  private let pass: Int
  /// Tiles that are transformed together: their pixels stay in the L1 cache.
  private let run = 12

  static func canRun(_ g: ConvolutionGeometry) -> Bool {
    g.window == Extent2(3) && g.stride == Extent2(1) && g.dilation == Extent2(1) && g.channels > 0
      && (g.channels + g.outputs + 32) * 36 * 14 < 7_500_000 / 4
  }

  private var positions: Int { (tile + 2) * (tile + 2) }
  private var tilesInAll: Int { g.batch * grid.height * grid.width }
  /// Floats between the positions of one kind, a cache line more than they need: otherwise all positions of a tile would
  /// meet in the same cache set.
  private var inputStride: Int { channelBlocks * pass * lanes + 16 }
  private var productStride: Int { panels.vectors * pass * lanes + 16 }
  private var passFloats: Int { positions * (inputStride + productStride) }
  private var lineFloats: Int { (tile + 2) * (run * tile + 2) * lanes }

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings, tile: Int) {
    g = geometry
    lanes = settings.kernels.lanes
    self.tile = tile
    panels = WeightPanels(lanes: lanes, groups: g.groups, outputs: g.outputs, steps: g.channels)
    channelBlocks = (g.channels + lanes - 1) / lanes
    grid = Extent2(
      height: (g.output.height + tile - 1) / tile, width: (g.output.width + tile - 1) / tile)
    let positions = (tile + 2) * (tile + 2)
    let floatsPerTile = positions * (channelBlocks + (g.outputs + lanes - 1) / lanes) * lanes
    let most = max(min(48, 7_500_000 / 4 / floatsPerTile), WinogradPlan.sharedFloats / floatsPerTile)
    let all = g.batch * grid.height * grid.width
    let passes = (all + most - 1) / most
    pass = (all + passes - 1) / passes
  }

  /// What the three steps of a pass work on.
  private struct Pass {
    var group: Int
    var tiles: Range<Int>
    var input: UnsafeMutablePointer<Float>
    var products: UnsafeMutablePointer<Float>
  }

  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    let packed = try pack(problem)
    let memory = try Scratch(bytes: passFloats * 4, threads: 1)
    let lines = try Scratch(bytes: lineFloats * 4, threads: problem.settings.threads)
    try packed.withUnsafeFloats { weights throws(OperationError) in
      guard let weights = weights.baseAddress else { return }
      for group in 0..<g.groups {
        for first in stride(from: 0, to: tilesInAll, by: pass) {
          let input = memory.floats(of: 0)
          try run(
            Pass(
              group: group, tiles: first..<min(first + pass, tilesInAll), input: input,
              products: input + positions * inputStride), problem, weights, lines)
        }
      }
    }
  }

  private func pack(_ problem: ConvolutionProblem) throws(OperationError) -> Tensor {
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

  private func run(
    _ pass: Pass, _ problem: ConvolutionProblem, _ weights: UnsafePointer<Float>, _ lines: borrowing Scratch
  ) throws(OperationError) {
    let threads = problem.settings.threads
    let runs = runs(of: pass.tiles)
    nonisolated(unsafe) let base = lines.floats(of: 0)
    let part = lines.stride
    let count = pass.tiles.count
    try Workers.parallel(
      chunks: channelBlocks * runs.count, work: count * channelBlocks * positions * 3, threads: threads
    ) { chunk, worker in
      transformInput(
        runs[chunk / channelBlocks], block: chunk % channelBlocks, pass, problem, base + worker * part)
    }
    let split = min(panels.panels, max(1, (8 * threads + positions - 1) / positions))
    try Workers.parallel(
      chunks: positions * split, work: count * positions * g.channels * g.outputs / 100, threads: threads
    ) { chunk, _ in
      let part = chunk % split
      multiply(
        position: chunk / split, panels: part * panels.panels / split..<(part + 1) * panels.panels / split,
        pass,
        problem, weights)
    }
    let failures = Failures(count: runs.count * panels.vectors)
    try Workers.parallel(
      chunks: runs.count * panels.vectors, work: count * panels.vectors * positions * 3, threads: threads
    ) { chunk, worker in
      if !transformOutput(
        runs[chunk / panels.vectors], vector: chunk % panels.vectors, pass, problem, base + worker * part)
      {
        failures.flags[chunk] = true
      }
    }
    try redo(
      runs.indices.filter { failures.any(in: $0 * panels.vectors..<($0 + 1) * panels.vectors) }.map {
        runs[$0]
      },
      pass.group, problem)
  }

  /// Tiles of one row that are transformed together.
  private struct Run {
    var first: Int
    var picture: Int
    var row: Int
    var column: Int
    var count: Int
  }

  private func runs(of tiles: Range<Int>) -> [Run] {
    var result: [Run] = []
    var first = tiles.lowerBound
    while first < tiles.upperBound {
      let column = first % grid.width
      let row = first / grid.width
      let count = min(run, grid.width - column, tiles.upperBound - first)
      result.append(
        Run(
          first: first - tiles.lowerBound, picture: row / grid.height, row: row % grid.height, column: column,
          count: count))
      first += count
    }
    return result
  }

  private func transformInput(
    _ run: Run, block: Int, _ pass: Pass, _ problem: ConvolutionProblem, _ line: UnsafeMutablePointer<Float>
  ) {
    let table = problem.kernels.table
    let columns = run.count * tile + 2
    var reorder = block_job()
    let plane = (run.picture * g.groups + pass.group) * g.channels + block * lanes
    reorder.input = problem.input + plane * g.inputPlane
    reorder.input_channel_stride = g.inputPlane
    reorder.input_row_stride = g.input.width
    reorder.height = g.input.height
    reorder.width = g.input.width
    reorder.first_row = run.row * tile - g.padding.top
    reorder.row_step = 1
    reorder.first_column = run.column * tile - g.padding.left
    reorder.column_step = 1
    reorder.channels = min(lanes, g.channels - block * lanes)
    reorder.rows = tile + 2
    reorder.columns = columns
    reorder.output = line
    reorder.output_row_stride = columns * lanes
    table.pointee.convolution.block(&reorder)
    var job = winograd_job()
    job.input = UnsafePointer(line)
    job.input_stride = columns * lanes
    job.output = pass.input + (block * self.pass + run.first) * lanes
    job.output_stride = inputStride
    job.tiles = Int32(run.count)
    if tile == 4 {
      table.pointee.convolution.winograd4_input(&job)
    } else {
      table.pointee.convolution.winograd2_input(&job)
    }
  }

  private func multiply(
    position: Int, panels range: Range<Int>, _ pass: Pass, _ problem: ConvolutionProblem,
    _ weights: UnsafePointer<Float>
  ) {
    let table = problem.kernels.table
    var zero: Int32 = 0
    withUnsafePointer(to: &zero) { offset in
      var job = panel_job()
      job.input = UnsafePointer(pass.input + position * inputStride)
      job.input_block_stride = self.pass * lanes
      job.offsets = offset
      job.taps = 1
      job.blocks = Int32(channelBlocks)
      job.last_lanes = Int32(g.channels - (channelBlocks - 1) * lanes)
      job.output_block_stride = self.pass * lanes
      job.rows = 1
      job.columns = Int32(pass.tiles.count)
      for panel in range {
        job.weight = weights + position * panels.floats + panels.place(group: pass.group, panel: panel)
        job.output = pass.products + position * productStride + panel * 2 * self.pass * lanes
        job.vectors = Int32(panels.width(panel))
        table.pointee.convolution.panel(&job)
      }
    }
  }

  /// Returns whether all sums are finite.
  private func transformOutput(
    _ run: Run, vector: Int, _ pass: Pass, _ problem: ConvolutionProblem, _ line: UnsafeMutablePointer<Float>
  ) -> Bool {
    let table = problem.kernels.table
    var job = winograd_job()
    job.input = UnsafePointer(pass.products + (vector * self.pass + run.first) * lanes)
    job.input_stride = productStride
    job.output = line
    job.output_stride = run.count * tile * lanes
    job.tiles = Int32(run.count)
    let failed =
      tile == 4
      ? table.pointee.convolution.winograd4_output(&job) : table.pointee.convolution.winograd2_output(&job)
    let channel = pass.group * g.outputs + vector * lanes
    let at =
      (run.picture * g.groups * g.outputs + channel) * g.outputPlane + run.row * tile * g.output.width
      + run.column * tile
    var leave = unblock_job()
    leave.input = UnsafePointer(line)
    leave.input_row_stride = job.output_stride
    leave.channels = Int32(panels.channels(vector))
    leave.rows = Int32(min(tile, g.output.height - run.row * tile))
    leave.columns = Int32(min(run.count * tile, g.output.width - run.column * tile))
    leave.bias = problem.bias.map { $0 + channel }
    leave.residual = problem.residual.map { $0 + at }
    leave.output = problem.output + at
    leave.output_channel_stride = g.outputPlane
    leave.output_row_stride = g.output.width
    leave.rule = problem.activation.rule
    table.pointee.convolution.unblock(&leave)
    return failed == 0
  }

  /// Computes rows whose tiles met a NaN or an infinity again, so that it reaches just the windows that see it.
  private func redo(_ runs: [Run], _ group: Int, _ problem: ConvolutionProblem) throws(OperationError) {
    if runs.isEmpty { return }
    let plan = FlatPlan(g, problem.settings)
    var done: (picture: Int, row: Int) = (-1, -1)
    for run in runs where (run.picture, run.row) != done {
      done = (run.picture, run.row)
      let picture = run.picture * g.groups + group
      try plan.run(
        problem, pictures: picture..<picture + 1,
        lines: run.row * tile..<min((run.row + 1) * tile, g.output.height))
    }
  }
}

/// One flag for each chunk, set by the thread that ran it.
private final class Failures: @unchecked Sendable {
  let flags: UnsafeMutablePointer<Bool>
  private let count: Int

  init(count: Int) {
    self.count = count
    flags = .allocate(capacity: count)
    flags.initialize(repeating: false, count: count)
  }

  func any(in range: Range<Int>) -> Bool { range.contains { flags[$0] } }

  deinit { flags.deallocate() }
}
