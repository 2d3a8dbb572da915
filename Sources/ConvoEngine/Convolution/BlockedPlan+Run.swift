internal import CKernels
internal import ConvoTensor

/// The loops of a blocked convolution over bands and panels of output channels.
extension BlockedPlan {
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
  struct Block {
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
}
