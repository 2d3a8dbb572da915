internal import ConvoTensor

/// Flat direct convolution: pixels in the lanes, weights broadcast straight from `O I kh kw`, an offset table for the
/// taps.
///
/// A band of rows goes into scratch, padded and split into phases, so that every stride, padding and dilation is just
/// an offset; a convolution with stride 1 and no padding reads the picture where it lies. For few channels nothing is
/// faster: there is no packing, and a 5×5 window with 3 channels runs at four fifths of the peak.
///
/// Blocking: `band · pitch · channels · 4 B ≤ 448 KB`, so that the band stays in a 1 MB L2 beside the output rows; where
/// one row of output is too much, columns are split, then channels, whose sums continue from the output.
extension ConvolutionAlgorithm {
  static let flat = ConvolutionAlgorithm(
    name: "flat",
    accepts: { g, settings in FlatPlan.canRun(g, settings) },
    canRun: { g, settings in FlatPlan.canRun(g, settings) }
  ) { problem throws(OperationError) in
    try FlatPlan(problem.geometry, problem.settings).run(problem)
  }
}

/// How a flat convolution is cut into bands and how rows share vectors.
struct FlatPlan {
  /// Entries of the offset table, unless the window alone has more.
  static let maximumSteps = 1 << 18
  /// Steps of a sum whose weights, copied for each lane, stay in L1.
  static let stepsOfCopies = 144
  /// Floats of one band in scratch.
  static let bandFloats = 448 * 1024 / 4
  /// Pixels of joined rows that are computed before they are taken apart: eight channels of them stay in L1.
  static let joinedPixels = 768

  let g: ConvolutionGeometry
  /// Where the pixels of a band lie.
  let band: FlatBand
  /// Rows of output in a band, columns in a block, channels in one sum.
  let rows: Int
  let columns: Int
  let channels: Int
  /// Whether rows of output are computed as one long row, with what lies between them, so that only the last vector of
  /// several rows is partly idle.
  let joinsRows: Bool

  /// Whether every offset fits in 32 bits. Only windows of gigabytes do not.
  static func canRun(_ g: ConvolutionGeometry, _ settings: EngineSettings) -> Bool {
    if g.taps <= maximumSteps { return true }
    let columns = min(g.output.width, 64)
    return g.taps < 1 << 30 && FlatBand.planeFloats(g, rows: 1, columns: columns) < Int(Int32.max)
  }

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    var g = geometry
    let isInPlace =
      !g.hasPadding && g.stride.width == 1 && g.channels * g.inputPlane < Int(Int32.max)
      && (g.channels * g.taps <= FlatPlan.maximumSteps || g.taps > FlatPlan.maximumSteps)
    if isInPlace && g.isPointwise && g.stride.height == 1 {
      // Rows of a 1×1 convolution follow one another: the plane is one long row.
      g.input = Extent2(height: 1, width: g.inputPixels)
      g.output = g.input
    }
    let lanes = settings.kernels.lanes
    var rows = g.output.height
    var columns = g.output.width
    let mostSteps = settings.kernels.copiesWeights ? FlatPlan.stepsOfCopies : FlatPlan.maximumSteps
    var channels = max(1, min(g.channels, mostSteps / g.taps))
    if isInPlace {
      // Blocks of at most 4096 pixels, whose channels stay in L2 while all outputs read them, make chunks for the threads.
      // A few for each thread are enough; whole tiles of three vectors leave a smaller last one that evens out.
      let tile = 3 * lanes
      var pixels = min(4096, max(FlatPlan.bandFloats / channels / tile, 4) * tile)
      if settings.threads > 1 {
        let share = g.batch * g.groups * rows * columns / (settings.threads * 4)
        pixels = min(pixels, max(share / (3 * lanes), 2) * 3 * lanes)
      }
      columns = min(columns, pixels)
      rows = max(1, min(rows, pixels / max(1, columns)))
    } else {
      func fits(rows: Int) -> Bool {
        FlatBand.planeFloats(g, rows: rows, columns: columns) * channels <= FlatPlan.bandFloats
      }
      // Columns are halved until a row of output fits, channels after that.
      while columns > 512, !fits(rows: 1) { columns = (columns + 1) / 2 }
      while channels > 1, !fits(rows: 1) { channels = (channels + 1) / 2 }
      while columns > 64, !fits(rows: 1) { columns = (columns + 1) / 2 }
      var fitting = 1
      while fitting < rows, fits(rows: fitting * 2) { fitting *= 2 }
      rows = min(rows, fitting)
      // Several bands for each thread, but not so low that the rows above and below outweigh it.
      let wanted = (g.output.height + settings.threads * 4 - 1) / (settings.threads * 4)
      if settings.threads > 1, g.batch * g.groups < settings.threads * 4 {
        rows = max(min(rows, max(wanted, g.window.height * 2)), 1)
      }
    }
    let isWhole = columns == g.output.width && channels == g.channels && rows > 1
    let joins = isWhole && FlatPlan.paysToJoin(g, rows: rows, lanes: lanes, isInPlace: isInPlace)
    band =
      isInPlace
      ? FlatBand(inPlace: g)
      : joins ? FlatBand(joining: g, rows: rows) : FlatBand(g, rows: rows, columns: columns)
    joinsRows = joins
    (self.g, self.rows, self.columns, self.channels) = (g, rows, columns, channels)
  }

  /// Whether whole vectors for each row would leave more lanes idle than taking joined rows apart costs.
  private static func paysToJoin(_ g: ConvolutionGeometry, rows: Int, lanes: Int, isInPlace: Bool) -> Bool {
    if isInPlace && g.stride.height > 1 { return false }
    let columns = g.output.width
    let pitch = isInPlace ? g.input.width : FlatBand.phaseWidth(g, columns)
    let apart = rows * ((columns + lanes - 1) / lanes)
    let together = ((rows - 1) * pitch + columns + lanes - 1) / lanes
    // What it costs to take a vector apart, in steps of a sum.
    let price = pitch == columns ? 0 : 12
    let steps = g.channels * g.taps
    return steps * together + price * apart < steps * apart
      && (isInPlace || FlatBand.joinedPlaneFloats(g, rows: rows) * g.channels <= 2 * FlatPlan.bandFloats)
  }

  func joinedLength(_ rows: Int, _ pitch: Int) -> Int { (rows - 1) * pitch + columns }

  /// Rows that are computed together: all where they come out as they belong, a few where they must be taken apart.
  var rowsTogether: Int {
    guard joinsRows, let pitch = band.joinedPitch, pitch > columns else { return rows }
    return max(1, min(rows, FlatPlan.joinedPixels / pitch))
  }

  /// Floats in which joined rows of eight channels wait to be taken apart.
  var joinedFloats: Int {
    guard joinsRows, let pitch = band.joinedPitch, pitch > columns else { return 0 }
    return 8 * joinedStride(pitch)
  }

  func joinedStride(_ pitch: Int) -> Int { (joinedLength(rowsTogether, pitch) + 15) / 16 * 16 + 16 }

  /// Floats of the band of a thread.
  var scratchFloats: Int { band.isInPlace ? 0 : band.plane * channels + 64 }

  /// Bytes of scratch for each thread.
  var scratchBytes: Int { (scratchFloats + joinedFloats) * 4 }

  /// For each step of a sum (channel, then tap) the distance of its pixel from the first one, in floats.
  func offsets() -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(channels * g.taps)
    for c in 0..<channels {
      for r in 0..<g.window.height {
        for s in 0..<g.window.width { result.append(Int32(c * band.plane + band.lines[r] + band.taps[s])) }
      }
    }
    return result
  }
}
