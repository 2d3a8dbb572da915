internal import CKernels
internal import ConvoTensor

/// Blocked direct convolution: output channels in the lanes, pixels broadcast.
///
/// A band of the picture is brought into blocks of `lanes` channels (`nChw16c`) in the L2 cache; a tile of 14 pixels ×
/// 32 channels then needs 16 loads for 28 multiply-adds whatever the window, stride or width of the picture. The result
/// leaves through register transposes, which also apply bias and activation. It pays where there are channels enough to
/// outweigh both reorders.
///
/// Taps that meet nothing but padding are passed over, row by row of the output. A window of one row is turned: what the
/// kernel takes for rows are then the columns of the picture, so that the padding beside the picture is passed over as
/// well (a tenth of the work of 1×7 on 17 columns).
///
/// Blocking: `rows · pitch · channels · 4 B ≤ 448 KB` for the band; the weights of 32 channels stream beside it.
extension ConvolutionAlgorithm {
  static let blocked = ConvolutionAlgorithm(
    name: "blocked",
    accepts: { g, settings in
      // With fewer channels the reorders cost more than the lanes give (3→5 on 380×512 took 2.4 ms here on 128-bit vectors
      // and 1.3 ms flat), except where rows are so short that pixels would fill no vector.
      let hasChannels = g.channels >= 8 && g.outputs >= max(16, settings.kernels.lanes)
      if !hasChannels && !BlockedPlan.isNarrow(g, lanes: settings.kernels.lanes) { return false }
      if BlockedPlan.isBetterFlat(g, settings.kernels) { return false }
      return BlockedPlan(g, settings).isFeasible
    },
    canRun: { g, settings in BlockedPlan(g, settings).isFeasible }
  ) { problem throws(OperationError) in
    try BlockedPlan(problem.geometry, problem.settings).run(problem)
  }
}

/// How a blocked convolution is cut into bands.
struct BlockedPlan {
  static let bandFloats = 448 * 1024 / 4
  static let mostFloats = 6 << 18

  /// As the kernel sees it: with rows for columns where the picture is turned.
  let g: ConvolutionGeometry
  let isTurned: Bool
  let lanes: Int
  let panels: WeightPanels
  let channelBlocks: Int
  /// Rows and columns of output in a band.
  private(set) var rows: Int
  private(set) var columns: Int
  private(set) var separatesRows = false
  /// Whether each column of the window is a sum of its own, over those pixels that it meets: see ``passes(_:)``.
  let splitsColumns: Bool
  /// Parts into which the output channels are split, so that all threads have work on small pictures.
  private(set) var parts = 1

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    var g = geometry
    if g.isPointwise && !g.hasPadding && g.stride == Extent2(1) {
      g.input = Extent2(height: 1, width: g.inputPixels)
      g.output = g.input
    }
    isTurned =
      g.window.height == 1 && g.window.width > 1 && g.stride == Extent2(1)
      && g.padding.left + g.padding.right > 0
      && g.padding.top == 0 && g.padding.bottom == 0 && g.output.height > 3 && g.output.width < 64
    if isTurned { g.turn() }
    self.g = g
    lanes = settings.kernels.lanes
    panels = WeightPanels(lanes: lanes, groups: g.groups, outputs: g.outputs, steps: g.channels * g.taps)
    channelBlocks = (g.channels + lanes - 1) / lanes
    splitsColumns = !isTurned && BlockedPlan.paysToSplit(g)
    rows = 1
    columns = g.output.width
    let tile = Int(settings.kernels.table.pointee.convolution.panel_pixels)
    separatesRows = separates
    while columns > 4 * tile, bandFloats > BlockedPlan.bandFloats {
      columns = max(2 * tile, (columns / 2 + tile - 1) / tile * tile)
    }
    while rows < g.output.height {
      rows += 1
      separatesRows = separates
      if bandFloats > BlockedPlan.bandFloats {
        rows -= 1
        break
      }
    }
    // Bands of equal height.
    let bands = (g.output.height + rows - 1) / rows
    rows = (g.output.height + bands - 1) / bands
    separatesRows = separates
    let chunks = g.batch * g.groups * bands * ((g.output.width + columns - 1) / columns)
    if settings.threads > 1, chunks < 4 * settings.threads {
      parts = min(panels.panels, (4 * settings.threads + chunks - 1) / chunks)
    }
  }

  /// Whether pixels in the lanes are faster although there are channels enough, by measurement on every variant.
  static func isBetterFlat(_ g: ConvolutionGeometry, _ kernels: KernelSet) -> Bool {
    if kernels.copiesWeights {
      // Where no load broadcasts, weights are copied for each lane, if there are pixels enough to read so much.
      if g.isPointwise {
        return g.outputPlane >= 100 || g.outputPlane >= 16 && g.channels * g.outputs <= 1 << 18
      }
      return g.output.width >= 24 || g.output.width >= 12 && g.window.height > 1
    }
    if g.isPointwise && g.stride == Extent2(1) {
      // Nothing needs to be reordered for a 1×1 window. On small planes many channels pay for it.
      let fewest = min(g.channels, g.outputs)
      if g.outputPlane < 100 { return g.channels * g.outputs < 96 * 96 }
      return fewest < 192 || g.outputPlane > (g.channels >= 512 && g.outputs >= 128 ? 600 : 400)
    }
    if g.output.width < 24 { return false }
    if g.isPointwise { return true }
    // 17 outputs fill 17 lanes of 32, or of 24: 5×5 on 56×56 runs at 52 and 58 % of the peak here, flat at 86 and 88 %.
    let vectors = (g.outputs + kernels.lanes - 1) / kernels.lanes
    return g.outputs * 100 < vectors * kernels.lanes * (g.stride.width > 1 ? 72 : 85)
  }

  /// Whether rows of output are too short for pixels in the lanes, by measurement: 384→5 channels, 3×3 with stride 2 to
  /// 7×7, take 35 µs here and 71 flat.
  static func isNarrow(_ g: ConvolutionGeometry, lanes: Int) -> Bool {
    let isStrided = g.stride.width > 1
    let longest: Int
    let products = g.channels * g.outputs
    switch (g.channels >= 8, g.taps > 25) {
    case (true, false): longest = isStrided ? 14 + g.outputs / 2 : 2 + g.outputs * 7 / 5
    case (false, false): longest = g.channels > 1 && g.outputs >= 16 ? min(20, 4 + products / 8) : 0
    // Of a large window so much is computed that idle lanes count, not copies.
    case (true, true): longest = g.outputs * g.outputs / 14
    case (false, true): longest = g.outputs >= 16 && products >= 48 ? min(20, 3 + products / 10) : 0
    }
    return g.output.width * 16 <= longest * lanes && g.taps > 1
  }

  /// Channel blocks whose products are summed before they are added to the others: a sum of several thousand terms, one
  /// after the other, would lose more than 3e-6 of the largest output.
  var sumBlocks: Int { max(1, 1024 / (lanes * (splitsColumns ? g.window.height : g.taps))) }
  var separates: Bool { !isTurned && rows * g.window.height <= sharedRows }
  var sharedRows: Int { (rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1 }
  var scratchRows: Int { separatesRows ? rows * g.window.height : sharedRows }
  var phaseWidth: Int { columns + (g.window.width - 1) * g.dilation.width / g.stride.width + 1 }
  var pitch: Int { phaseWidth * g.stride.width * lanes }
  var bandFloats: Int { scratchRows * pitch * channelBlocks }
  var tileFloats: Int { rows * columns * 2 * lanes }
  var scratchBytes: Int { (bandFloats + tileFloats + 64) * 4 }

  /// Whether the scratch of a thread stays within its bound and every offset in 32 bits.
  var isFeasible: Bool {
    let (product, overflow) = g.window.width.multipliedReportingOverflow(by: g.dilation.width)
    return !overflow && product < 1 << 24 && g.stride.width < 1 << 16 && g.taps < 1 << 16
      && bandFloats + tileFloats <= BlockedPlan.mostFloats
  }

  func offsets() -> [Int32] {
    var result = [Int32](repeating: 0, count: g.taps)
    for r in 0..<g.window.height {
      for s in 0..<g.window.width {
        let place = s * g.dilation.width
        let column = place % g.stride.width * phaseWidth + place / g.stride.width
        let tap = splitsColumns ? s * g.window.height + r : r * g.window.width + s
        result[tap] = Int32(r * (separatesRows ? 1 : g.dilation.height) * pitch + column * lanes)
      }
    }
    return result
  }
}
