internal import CKernels
internal import ConvoTensor

/// Into the tiles that are multiplied, and back.
extension WinogradPlan {
  func transformInput(_ run: Run, block: Int, _ chunk: Chunk, _ problem: ConvolutionProblem) {
    let table = problem.kernels.table
    let columns = run.count * tile + 2
    var reorder = block_job()
    let plane = (run.picture * g.groups + chunk.group) * g.channels + block * lanes
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
    reorder.output = chunk.line
    reorder.output_row_stride = columns * lanes
    reorder.output_pixel_stride = lanes
    table.pointee.convolution.block(&reorder)
    var job = winograd_job()
    job.input = UnsafePointer(chunk.line)
    job.input_stride = columns * lanes
    job.output = chunk.input + (block * pass + run.first - chunk.tiles.lowerBound) * lanes
    job.output_stride = inputStride
    job.tiles = Int32(run.count)
    if tile == 4 {
      table.pointee.convolution.winograd4_input(&job)
    } else {
      table.pointee.convolution.winograd2_input(&job)
    }
  }

  /// Returns whether all sums are finite.
  func transformOutput(
    _ run: Run, vector: Int, _ chunk: Chunk, _ problem: ConvolutionProblem
  ) -> Bool {
    let table = problem.kernels.table
    var job = winograd_job()
    let place = (vector - chunk.panels.lowerBound * 2) * pass + run.first - chunk.tiles.lowerBound
    job.input = UnsafePointer(chunk.products + place * lanes)
    job.input_stride = productStride
    job.output = chunk.line
    job.output_stride = run.count * tile * lanes
    job.tiles = Int32(run.count)
    let failed =
      tile == 4
      ? table.pointee.convolution.winograd4_output(&job) : table.pointee.convolution.winograd2_output(&job)
    let channel = chunk.group * g.outputs + vector * lanes
    let at =
      (run.picture * g.groups * g.outputs + channel) * g.outputPlane + run.row * tile * g.output.width
      + run.column * tile
    var leave = unblock_job()
    leave.input = UnsafePointer(chunk.line)
    leave.input_row_stride = job.output_stride
    leave.input_pixel_stride = lanes
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
}
