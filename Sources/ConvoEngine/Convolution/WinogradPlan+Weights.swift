internal import CKernels
internal import ConvoTensor

extension WinogradPlan {
  /// Transforms the weights of every part of the window, or finds what was transformed before.
  func pack(_ problem: ConvolutionProblem) throws(OperationError) -> Tensor {
    // Taps that the parts see, beyond the window zeros.
    let seen = Extent2(
      height: extent(origins.rows, step.height * (scheme.down.taps - 1), g.window.height),
      width: extent(origins.columns, step.width * (scheme.across.taps - 1), g.window.width))
    return try panels.pack(problem, scheme.name, step: step, copies: scheme.weights) { rows, place, stride in
      withTemporary(floats: seen == g.window ? 0 : g.channels * seen.height * seen.width * lanes) { padded in
        if seen != g.window { extend(rows, to: seen, padded) }
        var job = winograd_job()
        job.input_row_stride = step.height * seen.width * lanes
        job.input_column_stride = (scheme.isColumn ? step.height * seen.width : step.width) * lanes
        job.input_tile_stride = seen.height * seen.width * lanes
        job.output_row_stride = scheme.across.weights * panels.floats
        job.output_column_stride = panels.floats
        job.output_tile_stride = stride
        job.tiles = Int32(g.channels)
        for (y, row) in origins.rows.enumerated() {
          for (x, column) in origins.columns.enumerated() {
            let part = y * origins.columns.count + x
            job.input =
              (seen == g.window ? rows : UnsafePointer(padded)) + (row * seen.width + column) * lanes
            job.output = place + part * g.channels * stride
            transforms.weight(&job)
          }
        }
      }
    }
  }

  private func extent(_ origins: [Int], _ reach: Int, _ window: Int) -> Int {
    origins.reduce(window) { max($0, $1 + reach + 1) }
  }

  /// Puts zeros around the taps `[channel][tap][lane]`.
  private func extend(_ rows: UnsafePointer<Float>, to seen: Extent2, _ padded: UnsafeMutablePointer<Float>) {
    padded.update(repeating: 0, count: g.channels * seen.height * seen.width * lanes)
    for channel in 0..<g.channels {
      for row in 0..<g.window.height {
        (padded + (channel * seen.height + row) * seen.width * lanes).update(
          from: rows + (channel * g.window.height + row) * g.window.width * lanes,
          count: g.window.width * lanes)
      }
    }
  }

  private func withTemporary(floats: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, floats)) { body($0.baseAddress!) }
  }
}
