internal import ConvoTensor

/// The axes of a chart, and what is to be said of values that are not on it.
public struct ChartFrame: Sendable {
  /// The axis of places, from left to right; of a bar chart the axis of its values.
  public let xAxis: ChartAxis
  /// The axis of values, from the bottom up; a bar chart has names in its place.
  public let yAxis: ChartAxis
  /// `3 values are not drawn: NaN or infinite`; `nil` when everything is.
  public let note: String?

  /// The axes of a chart with room for about so many ticks.
  public init(_ chart: Chart, xTicks: Int, yTicks: Int) {
    var odd = 0
    switch chart.content {
    case .curves(let series, let x, _):
      let places = x.map { Chart.range(of: [$0], isLogarithmic: false) }
      let values = Chart.range(of: series.map(\.values), isLogarithmic: chart.isLogarithmic)
      let longest = series.map(\.values.count).max() ?? 0
      xAxis = ChartAxis(
        places?.range ?? (longest > 0 ? 0...Double(max(1, longest - 1)) : nil), ticks: xTicks, widens: false)
      yAxis = ChartAxis(
        ChartFrame.including(chart.mark, values.range), ticks: yTicks, isLogarithmic: chart.isLogarithmic)
      odd = values.odd + (places?.odd ?? 0)
    case .histogram(let histogram):
      xAxis = ChartAxis(histogram.low...histogram.high, ticks: xTicks, widens: false)
      let most = Double(max(1, histogram.counts.max() ?? 1))
      yAxis =
        chart.isLogarithmic
        ? ChartAxis(0.7...most * 1.4, ticks: yTicks, isLogarithmic: true, widens: false)
        : ChartAxis(0...most, ticks: yTicks)
      odd = histogram.oddCount
    case .bars(let series, _):
      let values = Chart.range(of: series.map(\.values), isLogarithmic: chart.isLogarithmic)
      let range = ChartFrame.including(chart.mark, values.range)
      xAxis = ChartAxis(
        chart.isLogarithmic ? range : ChartFrame.including(0, range), ticks: xTicks,
        isLogarithmic: chart.isLogarithmic)
      yAxis = ChartAxis(nil, ticks: 1)
      odd = values.odd
    }
    var words: [String] = []
    if odd > 0 {
      let what =
        chart.isLogarithmic && !chart.isHistogram ? "NaN, infinite or not above 0" : "NaN or infinite"
      words.append("\(Wording.count(odd, "value")) left out: \(what)")
    }
    if case .histogram(let histogram) = chart.content, histogram.outsideCount > 0 {
      words.append("\(Wording.count(histogram.outsideCount, "value")) outside the range")
    }
    note = words.isEmpty ? nil : words.joined(separator: ", ")
  }

  private static func including(_ value: Double?, _ range: ClosedRange<Double>?) -> ClosedRange<Double>? {
    guard let value else { return range }
    guard let range else { return value...value }
    return min(value, range.lowerBound)...max(value, range.upperBound)
  }
}

extension Chart {
  /// Whether it shows how often values occur.
  var isHistogram: Bool {
    if case .histogram = content { return true }
    return false
  }
}
