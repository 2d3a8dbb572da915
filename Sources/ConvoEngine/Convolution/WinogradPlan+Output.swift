internal import CKernels
internal import ConvoTensor

/// From the products to the output.
extension WinogradPlan {
  /// Returns whether all sums are finite.
  func transformOutput(
    _ run: Run, vector: Int, _ chunk: Chunk, _ problem: ConvolutionProblem
  ) -> Bool {
    let table = problem.kernels.table
    let place =
      ((vector - chunk.panels.lowerBound * 2) * pass + run.first - chunk.cells.lowerBound) * phases
    let columns = run.count * scheme.across.tile * phases
    var job = winograd_job()
    job.input_row_stride = scheme.across.products * productStride
    job.input_column_stride = productStride
    job.input_tile_stride = phases * lanes
    job.output_row_stride = columns * lanes
    job.output_column_stride = (scheme.isColumn ? columns : phases) * lanes
    job.output_tile_stride = scheme.across.tile * phases * lanes
    job.tiles = Int32(run.count)
    var isFinite = true
    for phase in 0..<phases {
      job.input = UnsafePointer(chunk.products + (place + phase) * lanes)
      job.output = chunk.line + phase * lanes
      if transforms.output(&job) != 0 { isFinite = false }
    }
    let lines = lines(run.row)
    if lines.count == 0 { return true }
    let channel = chunk.group * g.outputs + vector * lanes
    let column = run.column * scheme.across.tile * phases
    let at =
      (run.picture * g.groups * g.outputs + channel) * g.outputPlane + lines.first * g.output.width + column
    var leave = unblock_job()
    leave.input = UnsafePointer(chunk.line)
    leave.input_row_stride = columns * lanes
    leave.input_pixel_stride = lanes
    leave.channels = Int32(panels.channels(vector))
    leave.rows = Int32(lines.count)
    leave.columns = Int32(min(columns, g.output.width - column))
    leave.bias = problem.bias.map { $0 + channel }
    leave.residual = problem.residual.map { $0 + at }
    leave.output = problem.output + at
    leave.output_channel_stride = g.outputPlane
    leave.output_row_stride = g.output.width * g.dilation.height
    leave.rule = problem.activation.rule
    table.pointee.convolution.unblock(&leave)
    return isFinite
  }
}
