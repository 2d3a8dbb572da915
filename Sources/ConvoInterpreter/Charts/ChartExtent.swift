internal import ConvoEngine
internal import ConvoTensor

/// What the values of a chart span; found once, when the chart is made.
struct ChartExtent: Sendable {
  /// Where values stand; `nil` when nothing can be drawn.
  private(set) var places: ClosedRange<Double>?
  /// The values that can be drawn.
  private(set) var values: ClosedRange<Double>?
  /// How many cannot: NaN, infinite, and on a logarithmic scale what is not above 0.
  private(set) var oddCount = 0

  /// - Throws: ``Interruption`` after Ctrl-C.
  init(_ content: Chart.Content, isLogarithmic: Bool) throws {
    switch content {
    case .curves(let series, let x, _):
      values = try span(series.map(\.values), above: isLogarithmic ? 0 : -.infinity)
      if let x {
        places = try span([x], above: -.infinity)
      } else if let longest = series.map(\.values.count).max(), longest > 0 {
        places = 0...Double(max(1, longest - 1))
      }
    case .bars(let series, _):
      values = try span(series.map(\.values), above: isLogarithmic ? 0 : -.infinity)
    case .histogram(let histogram):
      places = histogram.low...histogram.high
      values = 0...Double(max(1, histogram.counts.max() ?? 1))
      oddCount = histogram.oddCount
    }
  }

  private mutating func span(_ tensors: [Tensor], above bound: Float) throws -> ClosedRange<Double>? {
    var (low, high) = (Float.infinity, -Float.infinity)
    let block = 1 << 20
    for tensor in tensors {
      for start in stride(from: 0, to: tensor.count, by: block) {
        if Cancellation.isRequested { throw Interruption() }
        unsafe tensor.withUnsafeFloats { floats in
          for index in start..<min(start + block, floats.count) {
            let value = unsafe floats[index]
            if value.isFinite, value > bound {
              low = min(low, value)
              high = max(high, value)
            } else {
              oddCount += 1
            }
          }
        }
      }
    }
    return low <= high ? Double(low)...Double(high) : nil
  }
}
