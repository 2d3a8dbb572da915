internal import ConvoTensor

/// Which form of Winograd's convolution pays, in multiplications for one input and one output channel.
extension WinogradPlan {
  /// Fewer tiles than this wait for the weights: those that stay in a cache, and those that come from memory.
  private static let cachedTiles = 6
  private static func streamedTiles(lanes: Int) -> Int { lanes < 16 ? 6 : 18 }
  private static let cachedBytes = 24 << 20
  /// Transformed weights of several parts, many times the weights, are not made beyond this.
  private static let mostWeightBytes = 48 << 20
  /// Multiply-adds of a vector that take as long as one vector's way through a transform and back.
  private static let vectorCost = 12
  /// Terms of a sum for each lane.
  private static let shortestSum = 6
  /// Beyond this, what is compared might not fit in 64 bits; weeks of work may stay with a direct sum.
  private static let mostMultiplyAdds = 1 << 50

  /// Whether a form computes the problem in scratch of less than 8 MB a thread.
  static func canRun(_ g: ConvolutionGeometry, _ scheme: WinogradScheme) -> Bool {
    let isStraight = g.dilation == Extent2(1)
    if scheme === WinogradScheme.tile2Step2 {
      guard isStraight, g.stride == Extent2(2), g.window == Extent2(3) else { return false }
    } else {
      guard isStraight || g.stride == Extent2(1), (g.window.height > 1) == (scheme.down.taps > 1),
        (g.window.width > 1) == (scheme.across.taps > 1)
      else { return false }
    }
    let channels = g.channels * parts(of: g, scheme)
    let weightBytes = scheme.weights * g.groups * channels * g.outputs * 4
    return channels > 0 && (channels == g.channels || weightBytes <= mostWeightBytes)
      && g.dilation.height <= g.output.height && g.dilation.width <= min(g.output.width, 32)
      && (channels + g.outputs + 32) * scheme.inputs * max(14, g.dilation.width) < mostFloats
  }

  /// Whether blocks of channels lie as they do in the picture, and no block is shared by parts of the window.
  static func isAligned(_ g: ConvolutionGeometry, _ scheme: WinogradScheme, lanes: Int) -> Bool {
    g.channels % lanes == 0 || parts(of: g, scheme) == 1 && g.stride.width == scheme.across.stride
  }

  /// Parts of the window.
  private static func parts(of g: ConvolutionGeometry, _ scheme: WinogradScheme) -> Int {
    let step = scheme.step(of: g)
    return scheme.down.parts(window: g.window.height, step: step.height)
      * scheme.across.parts(window: g.window.width, step: step.width)
  }

  private static func tiles(_ g: ConvolutionGeometry, _ scheme: WinogradScheme) -> Int {
    g.batch * scheme.down.tiles(g.output.height, dilation: g.dilation.height)
      * scheme.across.tiles(g.output.width, dilation: g.dilation.width)
  }

  /// How many products there are, or as many as can be made while the weights are read.
  private static func products(_ g: ConvolutionGeometry, _ scheme: WinogradScheme, lanes: Int) -> Int {
    let parts = parts(of: g, scheme)
    let positions = scheme.weights * parts
    let bytes = positions * g.groups * g.channels * g.outputs * 4
    return max(
      scheme.terms.count * parts * tiles(g, scheme),
      positions * (bytes > cachedBytes ? streamedTiles(lanes: lanes) : cachedTiles))
  }

  /// Taps that meet the picture: what a direct convolution multiplies.
  private static func directProducts(_ g: ConvolutionGeometry) -> Int {
    func seen(_ window: Int, _ stride: Int, _ dilation: Int, _ before: Int, _ inputs: Int, _ outputs: Int)
      -> Int
    {
      (0..<window).reduce(0) { sum, tap in
        // Outputs whose pixel under this tap lies inside.
        let offset = tap * dilation - before
        let first = max(0, (stride - 1 - offset) / stride)
        let end = max(0, (inputs - offset + stride - 1) / stride)
        return sum + max(0, min(end, outputs) - first)
      }
    }
    let rows = seen(
      g.window.height, g.stride.height, g.dilation.height, g.padding.top, g.input.height, g.output.height)
    let columns = seen(
      g.window.width, g.stride.width, g.dilation.width, g.padding.left, g.input.width, g.output.width)
    return g.batch * rows * columns
  }

  /// What the transforms cost, in products of all channels.
  private static func transformCost(_ g: ConvolutionGeometry, _ scheme: WinogradScheme, lanes: Int) -> Int {
    let blocks = (g.channels * parts(of: g, scheme) + lanes - 1) / lanes
    let vectors = (g.outputs + lanes - 1) / lanes
    // Three phases and more are taken apart pixel by pixel; shared blocks are copied first.
    let bringing =
      !isAligned(g, scheme, lanes: lanes) ? 2 : scheme.step(of: g).width > 2 ? 4 : 1
    return tiles(g, scheme) * (scheme.inputs * blocks * bringing + scheme.products * vectors) * vectorCost
  }

  /// The forms that may cost least.
  private static func candidates(_ g: ConvolutionGeometry) -> [WinogradScheme] {
    if g.window == Extent2(3) {
      if g.stride == Extent2(1) { return WinogradScheme.plain }
      if g.stride == Extent2(2) { return WinogradScheme.stepped }
    }
    if g.taps == 1 { return [] }
    if g.window.height == 1 { return WinogradScheme.rows }
    return g.window.width == 1 ? WinogradScheme.columns : WinogradScheme.wide
  }

  /// The form that costs least, if that is less than a direct convolution.
  static func best(_ g: ConvolutionGeometry, _ settings: EngineSettings) -> WinogradScheme? {
    let lanes = settings.kernels.lanes
    // Sums must be long enough to be worth two transforms.
    if settings.exact || g.outputs < lanes || g.channels * g.taps < shortestSum * lanes { return nil }
    if g.multiplyAdds > mostMultiplyAdds { return nil }
    // Products of one vector of outputs.
    let channels = g.channels * ((g.outputs + lanes - 1) / lanes)
    var best: (scheme: WinogradScheme, products: Int, cost: Int)?
    for scheme in candidates(g) where canRun(g, scheme) {
      let products = products(g, scheme, lanes: lanes)
      let cost = products * channels + transformCost(g, scheme, lanes: lanes)
      if cost < best?.cost ?? .max { best = (scheme, products, cost) }
    }
    guard let (scheme, products, cost) = best else { return nil }
    let direct = directProducts(g)
    let isPlain = g.window == Extent2(3) && g.stride == Extent2(1) && g.dilation == Extent2(1)
    // Direct sums of 3×3 taps are the slowest of all: on the small planes where it matters, they wait for their weights.
    if isPlain { return cost * 5 <= direct * channels * 6 ? scheme : nil }
    return products * 5 <= direct * 4 && cost <= direct * channels ? scheme : nil
  }
}

extension WinogradScheme {
  /// Pixels between the pixels that one part of the window sees.
  func step(of g: ConvolutionGeometry) -> Extent2 {
    Extent2(height: g.stride.height / down.stride, width: g.stride.width / across.stride)
  }
}
