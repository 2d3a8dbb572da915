internal import CKernels
public import ConvoTensor

/// A convolution whose result is read by a pooling alone: bands of rows are convolved and pooled while they are in cache,
/// and the result of the convolution is never in memory as a whole.
///
/// Every element is the same, to the bit, as that of one operation after the other.
///
/// - Shapes: as ``Convolution``, then as ``Pooling``.
public struct PooledConvolution: TensorOperation {
  /// What is pooled.
  public var convolution: Convolution
  /// How; its input is ignored.
  public var pooling: Pooling

  /// A result of the convolution of up to so many bytes is in the caches after the convolution anyway.
  var leastBytes = 8 << 20
  /// What a band of the convolution, input and result, should take in L2.
  var bandBytes = 768 << 10

  /// Describes the operation; ``outputShape()`` checks it.
  public init(_ convolution: Convolution, _ pooling: Pooling) {
    self.convolution = convolution
    self.pooling = pooling
  }

  /// - Throws: ``ShapeError`` for what either of the two refuses.
  public func outputShape() throws(ShapeError) -> Shape { try pooled().outputShape() }

  /// `N C H W`, as the input.
  public func outputAxes() -> Axes? { convolution.outputAxes() }

  /// Those of the convolution.
  public var multiplyAdds: Int { convolution.multiplyAdds }

  /// The pooling of what the convolution gives, without elements.
  private func pooled() throws(ShapeError) -> Pooling {
    var result = pooling
    let shape = try convolution.outputShape()
    do { result.input = try Tensor(phantom: shape) } catch { throw .tooLarge(shape.extents) }
    return result
  }

  /// Whether bands pay: where the result of the convolution would not stay in cache as a whole.
  public var isWorthwhile: Bool {
    guard let g = try? convolution.geometry(), g.outputPlane > 0,
      let lines = try? pooled().lines()
    else { return false }
    let settings = convolution.settings ?? .current
    let plan = PoolingPlan(pooling, lines.rows, lines.columns, threads: 1)
    return Bands(self, g, plan, .choice(for: g, settings), settings) != nil
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let g: ConvolutionGeometry
    let plan: PoolingPlan
    do {
      g = try convolution.geometry()
      let lines = try pooled().lines()
      plan = PoolingPlan(pooling, lines.rows, lines.columns, threads: 1)
    } catch { throw .shape(error) }
    let settings = convolution.settings ?? .current
    let algorithm = ConvolutionAlgorithm.choice(for: g, settings)
    guard let bands = Bands(self, g, plan, algorithm, settings) else {
      var (convolution, pooling) = (convolution, pooling)
      pooling.input = try convolution.result()
      return try pooling.evaluate(into: &output)
    }
    // A thread takes whole bands, so that it pools what is in its own cache.
    let threads = min(settings.threads, bands.all.count)
    let scratch = try Scratch(bytes: bands.floats * 4, threads: threads)
    let errors = FirstError()
    try convolution.withOperands { (input, weight, bias) throws(OperationError) in
      try output.fillAddress { (output) throws(OperationError) in
        let problem = ConvolutionProblem(
          geometry: g, input: input, weight: weight, weightTensor: convolution.weight, bias: bias,
          residual: nil,
          output: output, activation: convolution.activation, settings: bands.settings)
        nonisolated(unsafe) let (whole, target) = (problem, output)
        try Workers.parallel(chunks: bands.all.count, work: Int.max, threads: threads) { chunk, worker in
          do throws(OperationError) {
            try Self.run(bands.all[chunk], of: whole, algorithm, plan, scratch.floats(of: worker), target)
          } catch { errors.record(error) }
        }
      }
    }
    try errors.rethrow()
  }

  /// Convolves one band into `rows` and pools it.
  private static func run(
    _ band: Band, of whole: ConvolutionProblem, _ algorithm: ConvolutionAlgorithm, _ plan: PoolingPlan,
    _ rows: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let g = whole.geometry
    let channels = g.groups * g.outputs
    let (part, firstRow) = g.part(band.rows)
    var problem = whole
    problem.geometry = part
    problem.geometry.batch = band.pictures.count
    problem.input +=
      band.pictures.lowerBound * g.groups * g.channels * g.inputPlane + firstRow * g.input.width
    problem.output = rows
    try algorithm.run(problem)
    try plan.run(
      UnsafePointer(rows), planes: band.pictures.count * channels, held: band.rows, windows: band.windows,
      output + band.pictures.lowerBound * channels * plan.rows.output * plan.columns.output)
  }

  /// Some rows of the convolution, and the windows that they are enough for.
  private struct Band {
    var pictures: Range<Int>
    var rows: Range<Int>
    var windows: Range<Int>
  }

  /// The bands of a convolution, or nil where they do not pay.
  private struct Bands {
    let all: [Band]
    /// The most that the convolution of a band gives.
    let floats: Int
    /// Those of the work on one band.
    private(set) var settings: EngineSettings

    init?(
      _ operation: PooledConvolution, _ g: ConvolutionGeometry, _ plan: PoolingPlan,
      _ algorithm: ConvolutionAlgorithm,
      _ settings: EngineSettings
    ) {
      let channels = g.groups * g.outputs
      let bytes = 4 * channels * g.outputPlane
      guard plan.canRunInBands, g.channels * g.taps > 0, g.inputPixels > 0, bytes > 0,
        bytes <= Int(Int32.max) * 64, bytes * g.batch > operation.leastBytes,
        operation.convolution.residual == nil,
        // A window of one row may be turned, as a whole.
        g.window.height > 1 || g.window.width == 1
      else { return nil }
      var all: [Band] = []
      var floats = 0
      // Several bands for each thread.
      let size = min(operation.bandBytes, bytes * g.batch / (settings.threads * 8))
      if bytes <= size {
        let together = size / bytes
        for first in stride(from: 0, to: g.batch, by: together) {
          all.append(
            Band(
              pictures: first..<min(first + together, g.batch), rows: 0..<g.output.height,
              windows: 0..<plan.rows.output))
        }
        floats = min(together, g.batch) * bytes / 4
      } else {
        // Winograd's tiles must stay where they are in the whole, and be enough to outweigh the stream of weights.
        let tile = algorithm.rowsTogether
        let isWinograd = tile > 1
        if isWinograd && g.dilation.height > 1 { return nil }
        let least = isWinograd ? 100 * tile * tile / g.output.width : 8
        let row = 4 * channels * g.output.width + 4 * g.groups * g.channels * g.input.width * g.stride.height
        let height = max(least, size / row)
        let windows = max(1, (height / plan.rows.stride + tile - 1) / tile * tile)
        if windows * 2 * settings.threads > plan.rows.output { return nil }
        for picture in 0..<g.batch {
          for first in stride(from: 0, to: plan.rows.output, by: windows) {
            let range = first..<min(first + windows, plan.rows.output)
            let seen = plan.seen(range)
            let end = min(g.output.height, (seen.upperBound + tile - 1) / tile * tile)
            let rows = seen.lowerBound / tile * tile..<max(end, seen.lowerBound / tile * tile)
            if rows.isEmpty { return nil }
            all.append(Band(pictures: picture..<picture + 1, rows: rows, windows: range))
            floats = max(floats, rows.count * g.output.width * channels)
          }
        }
      }
      self.settings = settings
      self.settings.threads = 1
      self.all = all
      self.floats = floats
    }
  }
}
