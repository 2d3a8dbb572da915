internal import ConvoTensor

/// Which taps of a blocked convolution are multiplied together, and for which columns of output.
extension BlockedPlan {
  /// Some taps, one sum for each of some columns.
  struct Pass {
    /// Neighbouring places in the order of the packed weight.
    var taps: Range<Int>
    /// Taps of one line of the window among them.
    var tapsInLine: Int
    /// Columns of a block.
    var columns: Range<Int>
    /// Whether an earlier pass has left sums.
    var accumulates: Bool
  }

  /// All taps for all columns, or each column of the window for those columns of output where it meets the picture.
  ///
  /// The columns of the window that meet it everywhere come first and begin the sums.
  func passes(_ columns: Range<Int>) -> [Pass] {
    let all = 0..<columns.count
    if !splitsColumns {
      return [Pass(taps: 0..<g.taps, tapsInLine: g.window.width, columns: all, accumulates: false)]
    }
    let useful = (0..<g.window.width).map { s -> Range<Int> in
      let range = BlockedPlan.usefulColumns(g, s).clamped(to: columns)
      return range.lowerBound - columns.lowerBound..<range.upperBound - columns.lowerBound
    }
    let whole = useful.indices.filter { useful[$0] == all }
    let others = useful.indices.filter { useful[$0] != all && !useful[$0].isEmpty }
    let order = whole.isEmpty ? Array(useful.indices) : whole + others
    return order.enumerated().map { index, s in
      Pass(
        taps: s * g.window.height..<(s + 1) * g.window.height, tapsInLine: 1,
        columns: whole.isEmpty ? all : useful[s], accumulates: index > 0)
    }
  }

  /// The columns of output that see the picture, and not only padding, through a column of the window.
  private static func usefulColumns(_ g: ConvolutionGeometry, _ s: Int) -> Range<Int> {
    let left = s * g.dilation.width - g.padding.left
    let first = left < 0 ? (-left + g.stride.width - 1) / g.stride.width : 0
    let end = left < g.input.width ? (g.input.width - left - 1) / g.stride.width + 1 : 0
    let last = min(max(end, first), g.output.width)
    return min(first, last)..<last
  }

  /// Whether splitting spares more than a hundredth of the work, with sums long enough that going back to them for each
  /// column of the window costs less.
  static func paysToSplit(_ g: ConvolutionGeometry) -> Bool {
    guard g.window.width > 1, g.channels * g.window.height >= 192, g.window.width <= 16 else { return false }
    let useful = (0..<g.window.width).map { usefulColumns(g, $0).count }
    guard useful.contains(g.output.width) else { return false }
    let all = g.window.width * g.output.width
    return (all - useful.reduce(0, +)) * 100 > all
  }

  /// The lines of the window that can meet the picture from a row of output.
  func usefulLines(_ row: Int) -> Range<Int> {
    let top = row * g.stride.height - g.padding.top
    let first = top < 0 ? (-top + g.dilation.height - 1) / g.dilation.height : 0
    let end = top < g.input.height ? (g.input.height - top - 1) / g.dilation.height + 1 : 0
    let last = min(max(end, first), g.window.height)
    return min(first, last)..<last
  }
}
