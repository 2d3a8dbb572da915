internal import CKernels
internal import ConvoTensor

/// From the picture to the tiles that are multiplied.
extension WinogradPlan {
  /// How blocks of channels are made.
  enum Bringing {
    /// From the picture as it is: one line holds every part of the window that begins in the same row.
    case lines
    /// From a copy of all channels, where channels of several parts share a block.
    case phases
    /// From a copy of the channels of one block.
    case planes
  }

  /// Pixels of one phase in a line of `cells`, from which all parts of a row of the window are taken.
  func lineColumns(_ cells: Int) -> Int {
    columns(cells) + reach
  }

  var lineFloats: Int {
    let input = scheme.down.side * step.width * lineColumns(longestRun)
    return max(input, scheme.down.tile * longestRun * scheme.across.tile * phases) * lanes
  }

  var planeFloats: Int {
    switch bringing {
    case .lines: 0
    case .phases: panels.steps * scheme.down.side * columns(longestRun)
    case .planes: lanes * scheme.down.side * columns(longestRun)
    }
  }

  func transformInput(_ run: Run, _ chunk: Chunk, _ problem: ConvolutionProblem) {
    if bringing == .lines { return transformLines(run, chunk, problem) }
    let columns = columns(run.count)
    if bringing == .phases { copyPhases(run, chunk, problem) }
    var job = block_job()
    job.row_step = 1
    job.column_step = 1
    job.input_channel_stride = scheme.down.side * columns
    job.input_row_stride = columns
    job.height = scheme.down.side
    job.width = columns
    job.rows = scheme.down.side
    job.columns = columns
    job.output = chunk.line
    job.output_row_stride = columns * lanes
    job.output_pixel_stride = lanes
    for block in 0..<channelBlocks {
      let channels = block * lanes..<min((block + 1) * lanes, panels.steps)
      if bringing == .planes { copyPlanes(run, channels, chunk, problem) }
      job.input = UnsafePointer(
        chunk.planes + (bringing == .phases ? channels.lowerBound * scheme.down.side * columns : 0))
      job.channels = channels.count
      problem.kernels.table.pointee.convolution.block(&job)
      transform(run, block: block, from: chunk.line, rowStride: columns * lanes, chunk)
    }
  }

  private func transformLines(_ run: Run, _ chunk: Chunk, _ problem: ConvolutionProblem) {
    let columns = lineColumns(run.count)
    let blocks = (g.channels + lanes - 1) / lanes
    var job = job(run, problem)
    job.column_step = step.width
    job.first_column = left(run)
    job.rows = scheme.down.side
    job.columns = columns * step.width
    job.output = chunk.line
    job.output_phase_stride = columns * lanes
    job.output_row_stride = columns * step.width * lanes
    job.output_pixel_stride = lanes
    let input = job.input!
    for block in 0..<blocks {
      job.input = input + block * lanes * g.inputPlane
      job.channels = min(lanes, g.channels - block * lanes)
      for down in origins.rows.indices {
        job.first_row = top(run, origins.rows[down])
        problem.kernels.table.pointee.convolution.block(&job)
        for across in origins.columns.indices {
          let (place, phase) = origins.columns[across].quotientAndRemainder(dividingBy: step.width)
          transform(
            run, block: (down * origins.columns.count + across) * blocks + block,
            from: chunk.line + (phase * columns + place * g.dilation.width) * lanes,
            rowStride: job.output_row_stride, chunk)
        }
      }
    }
  }

  /// Copies all channels of all parts, each phase of the columns by itself.
  private func copyPhases(_ run: Run, _ chunk: Chunk, _ problem: ConvolutionProblem) {
    let plane = scheme.down.side * columns(run.count)
    var band = band_job()
    let whole = job(run, problem)
    band.input = whole.input
    band.input_channel_stride = g.inputPlane
    band.input_row_stride = g.input.width
    band.height = g.input.height
    band.width = g.input.width
    band.row_step = whole.row_step
    band.first_column = left(run)
    band.column_step = step.width
    band.channels = g.channels
    band.rows = scheme.down.side
    band.columns = columns(run.count)
    band.output_channel_stride = plane
    band.output_row_stride = band.columns
    band.output_phase_stride = g.channels * plane
    for (down, row) in origins.rows.enumerated() {
      band.first_row = top(run, row)
      band.output = chunk.planes + down * step.width * g.channels * plane
      problem.kernels.table.pointee.convolution.band_phases(&band)
    }
  }

  /// Copies some channels of the parts.
  private func copyPlanes(_ run: Run, _ channels: Range<Int>, _ chunk: Chunk, _ problem: ConvolutionProblem) {
    let whole = job(run, problem)
    var band = band_job()
    band.input_channel_stride = g.inputPlane
    band.input_row_stride = g.input.width
    band.height = g.input.height
    band.width = g.input.width
    band.row_step = whole.row_step
    band.column_step = step.width
    band.rows = scheme.down.side
    band.columns = columns(run.count)
    band.output_channel_stride = scheme.down.side * band.columns
    band.output_row_stride = band.columns
    var first = channels.lowerBound
    while first < channels.upperBound {
      let (part, channel) = first.quotientAndRemainder(dividingBy: g.channels)
      let (down, across) = part.quotientAndRemainder(dividingBy: origins.columns.count)
      band.input = whole.input + channel * g.inputPlane
      band.first_row = top(run, origins.rows[down])
      band.first_column = left(run) + origins.columns[across] * g.dilation.width
      band.channels = min(g.channels - channel, channels.upperBound - first)
      band.output = chunk.planes + (first - channels.lowerBound) * band.output_channel_stride
      problem.kernels.table.pointee.convolution.band(&band)
      first += band.channels
    }
  }

  /// What is common to all rows of the window.
  private func job(_ run: Run, _ problem: ConvolutionProblem) -> block_job {
    var job = block_job()
    job.input = problem.input + (run.picture * g.groups + run.group) * g.channels * g.inputPlane
    job.input_channel_stride = g.inputPlane
    job.input_row_stride = g.input.width
    job.height = g.input.height
    job.width = g.input.width
    job.row_step = step.height * g.dilation.height
    return job
  }

  private func top(_ run: Run, _ origin: Int) -> Int {
    lines(run.row).first * g.stride.height - g.padding.top + origin * g.dilation.height
  }

  private func left(_ run: Run) -> Int {
    run.column * scheme.across.tile * phases * g.stride.width - g.padding.left
  }

  private func transform(
    _ run: Run, block: Int, from: UnsafeMutablePointer<Float>, rowStride: Int, _ chunk: Chunk
  ) {
    let place = (block * pass + run.first - chunk.cells.lowerBound) * phases
    var job = winograd_job()
    job.input_row_stride = rowStride
    job.input_column_stride = scheme.isColumn ? rowStride : phases * lanes
    job.input_tile_stride = scheme.across.tile * scheme.across.stride * phases * lanes
    job.output_row_stride = scheme.across.inputs * inputStride
    job.output_column_stride = inputStride
    job.output_tile_stride = phases * lanes
    job.tiles = Int32(run.count)
    for phase in 0..<phases {
      job.input = UnsafePointer(from + phase * lanes)
      job.output = chunk.input + (place + phase) * lanes
      transforms.input(&job)
    }
  }
}
