internal import CKernels
internal import ConvoTensor

/// The loops of a flat convolution over pictures, bands and output channels.
extension FlatPlan {
  /// Computes everything.
  func run(_ problem: ConvolutionProblem) throws(OperationError) {
    try run(problem, pictures: 0..<g.batch * g.groups, lines: 0..<g.output.height)
  }

  /// Computes some rows of some pictures; a picture is one group of one member of the batch.
  func run(_ problem: ConvolutionProblem, pictures: Range<Int>, lines: Range<Int>) throws(OperationError) {
    let tableBytes = 4 * channels * g.taps
    do { try MemoryBudget.reserve(tableBytes) } catch { throw .memory(error) }
    defer { MemoryBudget.release(tableBytes) }
    let offsets = offsets()
    let rowBlocks = (lines.count + rows - 1) / rows
    let columnBlocks = (g.output.width + columns - 1) / columns
    let chunks = pictures.count * rowBlocks * columnBlocks
    let threads = min(problem.settings.threads, chunks)
    let scratch = try Scratch(bytes: scratchBytes, threads: threads)
    let copies = try FlatWeights.copies(problem)
    defer { withExtendedLifetime(copies) {} }
    nonisolated(unsafe) let weight = FlatWeights(problem, copies)
    try Workers.parallel(chunks: chunks, work: problem.nanoseconds, threads: threads) { chunk, worker in
      let column = chunk % columnBlocks * columns
      let row = lines.lowerBound + chunk / columnBlocks % rowBlocks * rows
      let block = Block(
        picture: pictures.lowerBound + chunk / columnBlocks / rowBlocks,
        rows: row..<min(row + rows, lines.upperBound),
        columns: column..<min(column + columns, g.output.width))
      compute(block, problem, weight, offsets, scratch.floats(of: worker))
    }
  }

  /// A part of the output of one group of one picture, all its channels.
  private struct Block {
    var picture: Int
    var rows: Range<Int>
    var columns: Range<Int>
  }

  private func compute(
    _ block: Block, _ problem: ConvolutionProblem, _ weight: FlatWeights, _ offsets: [Int32],
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let kernels = problem.kernels.table.pointee.convolution
    let planes = problem.input + block.picture * g.channels * g.inputPlane
    offsets.withUnsafeBufferPointer { offsets in
      // At least once, so that a convolution of no channels gives its bias.
      var channel = 0
      repeat {
        let count = min(channels, g.channels - channel)
        let source = planes + channel * g.inputPlane
        var job = flat_job()
        if band.isInPlace {
          job.input = source + block.rows.lowerBound * band.rowStride + block.columns.lowerBound
        } else {
          band.fill(
            scratch, from: source, channels: count, g, rows: block.rows, columns: block.columns, kernels)
          job.input = UnsafePointer(scratch)
        }
        job.input_row_stride = band.rowStride
        job.offsets = offsets.baseAddress ?? UnsafePointer(bitPattern: 4)!
        job.steps = Int32(count * g.taps)
        job.accumulates = channel > 0 ? 1 : 0
        job.finishes = channel + count >= g.channels ? 1 : 0
        job.rule = problem.activation.rule
        multiply(&job, block, problem, weight, channel: channel, scratch + scratchFloats)
        channel += count
      } while channel < g.channels
    }
  }

  /// Multiplies a band with the weights of all output channels of its group, as many at a time as registers allow.
  private func multiply(
    _ job: inout flat_job, _ block: Block, _ problem: ConvolutionProblem, _ weight: FlatWeights, channel: Int,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let kernels = problem.kernels.table.pointee.convolution
    let input = job.input!
    let group = block.picture % g.groups
    let firstOutput = group * g.outputs
    let pitch = joinsRows ? band.joinedPitch ?? columns : columns
    // Joined rows with something between them are taken apart; the residual would have to be as far apart.
    let joins = joinsRows && (pitch == columns || problem.residual == nil)
    let together = joins ? rowsTogether : block.rows.count
    for first in stride(from: 0, to: block.rows.count, by: together) {
      let rows = min(together, block.rows.count - first)
      let place =
        block.picture * g.outputs * g.outputPlane + (block.rows.lowerBound + first) * g.output.width
        + block.columns.lowerBound
      for index in 0..<weight.blocks {
        // With many channels a block of pixels is a long job.
        if Cancellation.isRequested { return }
        let outputs = weight.outputs(of: index)
        let output = outputs.lowerBound
        job.channels = Int32(outputs.count)
        (job.weight, job.weight_stride) = weight.place(group: group, outputs, step: channel * g.taps)
        job.bias = problem.bias.map { $0 + firstOutput + output }
        job.input = input + first * band.rowStride
        let at = place + output * g.outputPlane
        job.residual = problem.residual.map { $0 + at }
        job.output = problem.output + at
        job.output_channel_stride = g.outputPlane
        job.output_row_stride = g.output.width
        job.rows = joins ? 1 : Int32(rows)
        job.columns = Int32(joins ? joinedLength(rows, pitch) : block.columns.count)
        if joins && pitch > columns {
          job.output = scratch
          job.output_channel_stride = joinedStride(pitch)
          kernels.flat(&job)
          var apart = band_job()
          apart.input = UnsafePointer(scratch)
          apart.input_channel_stride = job.output_channel_stride
          apart.input_row_stride = pitch
          apart.height = rows
          apart.width = pitch
          apart.row_step = 1
          apart.column_step = 1
          apart.channels = Int(job.channels)
          apart.rows = rows
          apart.columns = columns
          apart.output = problem.output + at
          apart.output_channel_stride = g.outputPlane
          apart.output_row_stride = g.output.width
          kernels.band(&apart)
        } else {
          kernels.flat(&job)
        }
      }
    }
  }
}
