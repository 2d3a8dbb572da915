internal import CKernels
internal import ConvoTensor

/// Where the packed weights of a convolution lie: panels of two vectors of output channels, the last perhaps of one.
///
///     panel p of group g at ((g · vectors + 2 p) · steps) · lanes, a row of `width(p)` vectors for each step
///
/// For Winograd there is one such block for each position of the transformed tile.
struct WeightPanels {
  let lanes: Int
  let groups: Int
  let outputs: Int
  /// Steps of a sum: channels × taps.
  let steps: Int

  /// Vectors of output channels in a group.
  var vectors: Int { (outputs + lanes - 1) / lanes }
  var panels: Int { (vectors + 1) / 2 }
  /// Floats of all groups.
  var floats: Int { groups * vectors * steps * lanes }

  /// Vectors in a panel.
  func width(_ panel: Int) -> Int { min(2, vectors - panel * 2) }

  /// The first float of a panel.
  func place(group: Int, panel: Int) -> Int { (group * vectors + panel * 2) * steps * lanes }

  /// Output channels in a vector.
  func channels(_ vector: Int) -> Int { min(lanes, outputs - vector * lanes) }

  /// Packs `weight`, or finds the form that was packed before.
  ///
  /// - Parameters:
  ///   - name: the algorithm, for the cache.
  ///   - step: the distance of the taps of one part, where the window is cut into parts; for the cache.
  ///   - copies: blocks of ``floats`` in the packed form.
  ///   - arrange: gets the rows `[channel][tap][lane]` of one vector and the place of that vector in the packed form.
  func pack(
    _ problem: ConvolutionProblem, _ name: String, step: Extent2 = Extent2(1), copies: Int,
    arrange: (_ rows: UnsafePointer<Float>, _ place: UnsafeMutablePointer<Float>, _ rowStride: Int) -> Void
  ) throws(OperationError) -> Tensor {
    guard let tensor = problem.weightTensor else {
      return try packed(problem, copies: copies, arrange: arrange)
    }
    let g = problem.geometry
    let key = DerivedKey(
      name, [lanes, groups, outputs, g.channels, g.window.height, g.window.width, step.height, step.width])
    return try tensor.derivedForm(for: key) { () throws(OperationError) -> Tensor in
      try packed(problem, copies: copies, arrange: arrange)
    }
  }

  private func packed(
    _ problem: ConvolutionProblem, copies: Int,
    arrange: (_ rows: UnsafePointer<Float>, _ place: UnsafeMutablePointer<Float>, _ rowStride: Int) -> Void
  ) throws(OperationError) -> Tensor {
    let g = problem.geometry
    let row = g.channels * g.taps
    var result: Tensor
    do { result = try Tensor(uninitialized: .vector(floats * copies)) } catch { throw .memory(error) }
    let threads = min(problem.settings.threads, groups * vectors)
    let scratch = try Scratch(bytes: row * lanes * 4, threads: threads)
    let table = problem.kernels.table
    try result.fill { buffer throws(OperationError) in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let target = base
      try Workers.parallel(chunks: groups * vectors, work: floats * copies / 4, threads: threads) {
        chunk, worker in
        let group = chunk / vectors
        let vector = chunk % vectors
        let rows = scratch.floats(of: worker)
        var job = block_job()
        job.input = problem.weight + (group * outputs + vector * lanes) * row
        job.input_channel_stride = row
        job.height = 1
        job.width = row
        job.row_step = 1
        job.column_step = 1
        job.channels = channels(vector)
        job.rows = 1
        job.columns = row
        job.output = rows
        job.output_pixel_stride = lanes
        table.pointee.convolution.block(&job)
        let place = place(group: group, panel: vector / 2) + vector % 2 * lanes
        arrange(UnsafePointer(rows), target + place, width(vector / 2) * lanes)
      }
    }
    return result
  }
}
