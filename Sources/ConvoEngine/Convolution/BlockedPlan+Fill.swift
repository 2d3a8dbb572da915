internal import CKernels
internal import ConvoTensor

extension BlockedPlan {
  /// Brings what a block sees into blocks of channels.
  func fill(
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
