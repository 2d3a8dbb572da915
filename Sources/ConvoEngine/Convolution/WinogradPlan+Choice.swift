internal import ConvoTensor

/// Whether Winograd's convolution pays, in multiplications for one input and one output channel.
extension WinogradPlan {
  /// Fewer tiles than this wait for the weights: those that stay in a cache, and those that come from memory.
  private static let cachedTiles = 6
  private static let streamedTiles = 18
  private static let cachedBytes = 24 << 20
  /// Multiply-adds of a vector that take as long as one vector's way through a transform and back.
  private static let transformCost = 12

  private var tiles: Int { cells * phases }

  /// What the products cost, the stream of weights included.
  var cost: Int {
    let positions = scheme.weights * scheme.weights
    let fewest =
      positions * panels.floats * 4 > Self.cachedBytes ? Self.streamedTiles : Self.cachedTiles
    return max(scheme.terms.count * tiles, positions * fewest)
  }

  /// Taps that meet the picture: what a direct convolution multiplies.
  var directCost: Int {
    func seen(_ stride: Int, _ dilation: Int, before: Int, inputs: Int, outputs: Int) -> Int {
      (0..<scheme.window).reduce(0) { sum, tap in
        // Outputs whose pixel under this tap lies inside.
        let offset = tap * dilation - before
        let first = max(0, (stride - 1 - offset) / stride)
        let end = max(0, (inputs - offset + stride - 1) / stride)
        return sum + max(0, min(end, outputs) - first)
      }
    }
    let rows = seen(
      g.stride.height, g.dilation.height, before: g.padding.top, inputs: g.input.height,
      outputs: g.output.height)
    let columns = seen(
      g.stride.width, g.dilation.width, before: g.padding.left, inputs: g.input.width, outputs: g.output.width
    )
    return g.batch * rows * columns
  }

  /// Whether fewer multiplications outweigh the transforms, and those of no other form are fewer.
  func pays(_ settings: EngineSettings) -> Bool {
    if scheme.tile == 4, WinogradPlan(g, settings, .tile2).cost < cost { return false }
    if scheme.window == 3 && scheme.stride == 1 && g.dilation == Extent2(1) {
      return min(g.output.height, g.output.width) > 3
    }
    let transforms =
      tiles
      * (scheme.inputs * scheme.inputs * channelBlocks + scheme.products * scheme.products * panels.vectors)
    return cost * 5 <= directCost * 4
      && (directCost - cost) * g.channels * panels.vectors >= Self.transformCost * transforms
  }
}
