internal import CKernels
internal import ConvoTensor

/// Blocked direct convolution: output channels in the lanes, pixels broadcast.
///
/// A band of the picture is brought into blocks of `lanes` channels (`nChw16c`) in the L2 cache; a tile of 14 pixels ×
/// 32 channels then needs 16 loads for 28 multiply-adds whatever the window, stride or width of the picture. The result
/// leaves through register transposes, which also apply bias and activation. It pays where there are channels enough to
/// outweigh both reorders.
///
/// Taps that meet nothing but padding are passed over, row by row of the output. A window of one row is turned: what the
/// kernel takes for rows are then the columns of the picture, so that the padding beside the picture is passed over as
/// well (a tenth of the work of 1×7 on 17 columns).
///
/// Blocking: `rows · pitch · channels · 4 B ≤ 448 KB` for the band; the weights of 32 channels stream beside it.
extension ConvolutionAlgorithm {
  static let blocked = ConvolutionAlgorithm(
    name: "blocked",
    accepts: { g, settings in
      // With fewer channels the reorders cost more than the lanes give (3→5 on 380×512 took 2.4 ms here on 128-bit vectors
      // and 1.3 ms flat), except where rows are so short that pixels would fill no vector.
      let hasChannels = g.channels >= 8 && g.outputs >= max(16, settings.kernels.lanes)
      if !hasChannels && !BlockedPlan.isNarrow(g, lanes: settings.kernels.lanes) { return false }
      if g.isPointwise && g.stride == Extent2(1) && g.outputPlane > 400 { return false }
      // Where pixels cannot be broadcast by a load, weights can be copied once, if there are pixels enough to read so much.
      if settings.kernels.copiesWeights && g.outputPlane >= 100 && (g.isPointwise || g.output.width >= 24) {
        return false
      }
      return BlockedPlan(g, settings).isFeasible
    },
    canRun: { g, settings in BlockedPlan(g, settings).isFeasible }
  ) { problem throws(OperationError) in
    try BlockedPlan(problem.geometry, problem.settings).run(problem)
  }
}

/// How a blocked convolution is cut into bands.
struct BlockedPlan {
  static let bandFloats = 448 * 1024 / 4
  static let mostFloats = 6 << 18

  /// As the kernel sees it: with rows for columns where the picture is turned.
  let g: ConvolutionGeometry
  private let isTurned: Bool
  private let lanes: Int
  private let panels: WeightPanels
  private let channelBlocks: Int
  /// Rows and columns of output in a band.
  private var rows: Int
  private var columns: Int
  private var separatesRows = false
  /// Whether each column of the window is a sum of its own, over those pixels that it meets: see ``passes(_:)``.
  let splitsColumns: Bool
  /// Parts into which the output channels are split, so that all threads have work on small pictures.
  private var parts = 1

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    var g = geometry
    if g.isPointwise && !g.hasPadding && g.stride == Extent2(1) {
      g.input = Extent2(height: 1, width: g.inputPixels)
      g.output = g.input
    }
    isTurned =
      g.window.height == 1 && g.window.width > 1 && g.stride == Extent2(1)
      && g.padding.left + g.padding.right > 0
      && g.padding.top == 0 && g.padding.bottom == 0 && g.output.height > 3 && g.output.width < 64
    if isTurned { g.turn() }
    self.g = g
    lanes = settings.kernels.lanes
    panels = WeightPanels(lanes: lanes, groups: g.groups, outputs: g.outputs, steps: g.channels * g.taps)
    channelBlocks = (g.channels + lanes - 1) / lanes
    splitsColumns = !isTurned && BlockedPlan.paysToSplit(g)
    rows = 1
    columns = g.output.width
    let tile = Int(settings.kernels.table.pointee.convolution.panel_pixels)
    separatesRows = separates
    while columns > 4 * tile, bandFloats > BlockedPlan.bandFloats {
      columns = max(2 * tile, (columns / 2 + tile - 1) / tile * tile)
    }
    while rows < g.output.height {
      rows += 1
      separatesRows = separates
      if bandFloats > BlockedPlan.bandFloats {
        rows -= 1
        break
      }
    }
    // Bands of equal height.
    let bands = (g.output.height + rows - 1) / rows
    rows = (g.output.height + bands - 1) / bands
    separatesRows = separates
    let chunks = g.batch * g.groups * bands * ((g.output.width + columns - 1) / columns)
    if settings.threads > 1, chunks < 4 * settings.threads {
      parts = min(panels.panels, (4 * settings.threads + chunks - 1) / chunks)
    }
  }

  /// Whether rows of output are too short for pixels in the lanes, by measurement: 384→5 channels, 3×3 with stride 2 to
  /// 7×7, take 35 µs here and 71 flat.
  static func isNarrow(_ g: ConvolutionGeometry, lanes: Int) -> Bool {
    let isStrided = g.stride.width > 1
    let longest: Int
    if g.channels >= 8 {
      longest = isStrided ? 14 + g.outputs / 2 : 2 + g.outputs * 7 / 5
    } else {
      longest = g.channels > 1 && g.outputs >= 16 ? (isStrided ? 7 : 4) : 0
    }
    return g.output.width * 16 <= longest * lanes && g.taps > 1
  }

  /// Channel blocks whose products are summed before they are added to the others: a sum of several thousand terms, one
  /// after the other, would lose more than 3e-6 of the largest output.
  private var sumBlocks: Int { max(1, 1024 / (lanes * (splitsColumns ? g.window.height : g.taps))) }
  private var separates: Bool { !isTurned && rows * g.window.height <= sharedRows }
  private var sharedRows: Int { (rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1 }
  private var scratchRows: Int { separatesRows ? rows * g.window.height : sharedRows }
  private var phaseWidth: Int { columns + (g.window.width - 1) * g.dilation.width / g.stride.width + 1 }
  private var pitch: Int { phaseWidth * g.stride.width * lanes }
  private var bandFloats: Int { scratchRows * pitch * channelBlocks }
  private var tileFloats: Int { rows * columns * 2 * lanes }
  private var scratchBytes: Int { (bandFloats + tileFloats + 64) * 4 }

  /// Whether the scratch of a thread stays within its bound and every offset in 32 bits.
  var isFeasible: Bool {
    let (product, overflow) = g.window.width.multipliedReportingOverflow(by: g.dilation.width)
    return !overflow && product < 1 << 24 && g.stride.width < 1 << 16 && g.taps < 1 << 16
      && bandFloats + tileFloats <= BlockedPlan.mostFloats
  }

  private func offsets() -> [Int32] {
    var result = [Int32](repeating: 0, count: g.taps)
    for r in 0..<g.window.height {
      for s in 0..<g.window.width {
        let place = s * g.dilation.width
        let column = place % g.stride.width * phaseWidth + place / g.stride.width
        let tap = splitsColumns ? s * g.window.height + r : r * g.window.width + s
        result[tap] = Int32(r * (separatesRows ? 1 : g.dilation.height) * pitch + column * lanes)
      }
    }
    return result
  }

  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    let table = problem.kernels.table
    let packed = try panels.pack(problem, splitsColumns ? "blocked by columns" : "blocked", copies: 1) {
      rows, place, stride in
      var job = panel_weight_job()
      job.input = rows
      job.channels = Int32(g.channels)
      job.taps = Int32(g.taps)
      job.across = splitsColumns ? Int32(g.window.width) : 0
      job.output = place
      job.output_row_stride = stride
      table.pointee.convolution.panel_weight(&job)
    }
    let offsets = offsets()
    let rowBlocks = (g.output.height + rows - 1) / rows
    let columnBlocks = (g.output.width + columns - 1) / columns
    let chunks = g.batch * g.groups * rowBlocks * columnBlocks * parts
    let threads = min(problem.settings.threads, chunks)
    let scratch = try Scratch(bytes: scratchBytes, threads: threads)
    try packed.withUnsafeFloats { weights throws(OperationError) in
      try offsets.withUnsafeBufferPointer { offsets throws(OperationError) in
        // The band that each thread has in its scratch: the parts of the output channels follow one another.
        let filled = UnsafeMutablePointer<Int>.allocate(capacity: threads * 16)
        filled.initialize(repeating: -1, count: threads * 16)
        defer { filled.deallocate() }
        nonisolated(unsafe) let (weights, offsets) = (weights.baseAddress!, offsets.baseAddress!)
        try Workers.parallel(chunks: chunks, work: problem.nanoseconds, threads: threads) { chunk, worker in
          let part = chunk % parts
          let column = chunk / parts % columnBlocks * columns
          let row = chunk / parts / columnBlocks % rowBlocks * rows
          let block = Block(
            picture: chunk / parts / columnBlocks / rowBlocks, row: row,
            rows: min(rows, g.output.height - row),
            column: column, columns: min(columns, g.output.width - column),
            panels: part * panels.panels / parts..<(part + 1) * panels.panels / parts)
          let memory = scratch.floats(of: worker)
          if filled[worker * 16] != chunk / parts { fill(memory, block, problem) }
          filled[worker * 16] = chunk / parts
          compute(block, problem, weights, offsets, memory)
        }
      }
    }
  }

  /// A part of the output of one group of one picture.
  private struct Block {
    var picture: Int
    var row: Int
    var rows: Int
    var column: Int
    var columns: Int
    var panels: Range<Int>
  }

  private func compute(
    _ block: Block, _ problem: ConvolutionProblem, _ weights: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Int32>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let table = problem.kernels.table
    let tile = scratch + bandFloats
    var multiply = panel_job()
    multiply.input_block_stride = scratchRows * pitch
    multiply.input_row_stride = (separatesRows ? g.window.height : g.stride.height) * pitch
    multiply.offsets = offsets
    multiply.taps = Int32(g.taps)
    multiply.output = tile
    multiply.output_block_stride = block.rows * block.columns * lanes
    multiply.output_row_stride = block.columns * lanes
    multiply.rows = Int32(block.rows)
    multiply.columns = Int32(block.columns)
    let passes = passes(block.column..<block.column + block.columns)
    let group = block.picture % g.groups
    let place =
      block.picture * g.outputs * g.outputPlane
      + (isTurned
        ? block.column * g.output.height + block.row : block.row * g.output.width + block.column)
    for panel in block.panels {
      if Cancellation.isRequested { return }
      let weight = weights + panels.place(group: group, panel: panel)
      multiply.vectors = Int32(panels.width(panel))
      let multiplyWidth = panels.width(panel) * lanes
      for pass in passes {
        multiply.columns = Int32(pass.columns.count)
        var row = 0
        while row < block.rows {
          let lines = usefulLines(block.row + row)
          var end = row + 1
          while end < block.rows, usefulLines(block.row + end) == lines { end += 1 }
          let place = row * multiply.output_row_stride + pass.columns.lowerBound * lanes
          multiply.output = tile + place
          multiply.rows = Int32(end - row)
          multiply.first_tap = Int32(pass.taps.lowerBound + lines.lowerBound * pass.tapsInLine)
          multiply.end_tap = Int32(pass.taps.lowerBound + lines.upperBound * pass.tapsInLine)
          for first in stride(from: 0, to: channelBlocks, by: sumBlocks) {
            let last = min(first + sumBlocks, channelBlocks)
            multiply.input = UnsafePointer(
              scratch + first * multiply.input_block_stride + row * multiply.input_row_stride
                + pass.columns.lowerBound * lanes)
            multiply.blocks = Int32(last - first)
            multiply.last_lanes = Int32(last == channelBlocks ? g.channels - (last - 1) * lanes : lanes)
            multiply.weight = weight + first * lanes * g.taps * multiplyWidth
            multiply.accumulates = first > 0 || pass.accumulates ? 1 : 0
            table.pointee.convolution.panel(&multiply)
          }
          row = end
        }
      }
      for v in 0..<panels.width(panel) {
        let vector = panel * 2 + v
        let at = place + vector * lanes * g.outputPlane
        var leave = unblock_job()
        leave.input = UnsafePointer(tile + v * multiply.output_block_stride)
        leave.input_row_stride = isTurned ? lanes : multiply.output_row_stride
        leave.input_pixel_stride = isTurned ? multiply.output_row_stride : lanes
        leave.channels = Int32(panels.channels(vector))
        leave.rows = Int32(isTurned ? block.columns : block.rows)
        leave.columns = Int32(isTurned ? block.rows : block.columns)
        leave.bias = problem.bias.map { $0 + group * g.outputs + vector * lanes }
        leave.residual = problem.residual.map { $0 + at }
        leave.output = problem.output + at
        leave.output_channel_stride = g.outputPlane
        leave.output_row_stride = isTurned ? g.output.height : g.output.width
        leave.rule = problem.activation.rule
        table.pointee.convolution.unblock(&leave)
      }
    }
  }

  /// The lines of the window that can meet the picture from a row of output.
  private func usefulLines(_ row: Int) -> Range<Int> {
    let top = row * g.stride.height - g.padding.top
    let first = top < 0 ? (-top + g.dilation.height - 1) / g.dilation.height : 0
    let end = top < g.input.height ? (g.input.height - top - 1) / g.dilation.height + 1 : 0
    let last = min(max(end, first), g.window.height)
    return min(first, last)..<last
  }

  /// Brings what a block sees into blocks of channels.
  private func fill(
    _ scratch: UnsafeMutablePointer<Float>, _ block: Block, _ problem: ConvolutionProblem
  ) {
    let table = problem.kernels.table
    var job = block_job()
    job.input_channel_stride = g.inputPlane
    job.input_row_stride = g.input.width
    job.height = g.input.height
    job.width = g.input.width
    job.first_column = block.column * g.stride.width - g.padding.left
    job.column_step = g.stride.width
    job.columns = (block.columns - 1) * g.stride.width + (g.window.width - 1) * g.dilation.width + 1
    job.output_phase_stride = phaseWidth * lanes
    job.output_pixel_stride = lanes
    let top = block.row * g.stride.height - g.padding.top
    if isTurned {
      job.input_row_stride = g.input.height
      job.height = g.input.width
      job.width = g.input.height
      job.first_column = top
      job.columns = block.rows - 1 + (g.window.height - 1) * g.dilation.height + 1
      job.output_pixel_stride = pitch
    }
    for index in 0..<channelBlocks {
      job.input = problem.input + (block.picture * g.channels + index * lanes) * g.inputPlane
      job.channels = min(lanes, g.channels - index * lanes)
      let target = scratch + index * scratchRows * pitch
      if isTurned {
        job.rows = block.columns
        job.row_step = 1
        job.first_row = block.column
        job.output_row_stride = lanes
        job.output = target
        table.pointee.convolution.block(&job)
      } else if separatesRows {
        job.rows = block.rows
        job.row_step = g.stride.height
        job.output_row_stride = g.window.height * pitch
        for r in 0..<g.window.height {
          job.first_row = top + r * g.dilation.height
          job.output = target + r * pitch
          table.pointee.convolution.block(&job)
        }
      } else {
        job.rows = (block.rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1
        job.row_step = 1
        job.first_row = top
        job.output_row_stride = pitch
        job.output = target
        table.pointee.convolution.block(&job)
      }
    }
  }
}
