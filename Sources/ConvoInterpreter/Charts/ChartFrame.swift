internal import ConvoTensor

/// The axes of a chart, and what is to be said of values that are not on it.
public struct ChartFrame: Sendable {
  /// The axis of places, from left to right; of a bar chart the axis of its values.
  public let xAxis: ChartAxis
  /// The axis of values, from the bottom up; a bar chart has names in its place.
  public let yAxis: ChartAxis
  /// `3 values left out: NaN or infinite`; `nil` when everything is.
  public let note: String?

  /// The axes of a chart with room for about so many ticks.
  public init(_ chart: Chart, xTicks: Int, yTicks: Int) {
    let extent = chart.extent
    let values = ChartFrame.including(chart.mark, extent.values)
    switch chart.content {
    case .curves(_, let x, let marks):
      let places = marks == .points ? ChartFrame.spacious(extent.places) : extent.places
      xAxis = ChartAxis(places, ticks: xTicks, widens: false, isWhole: x == nil)
      yAxis = ChartAxis(values, ticks: yTicks, isLogarithmic: chart.isLogarithmic)
    case .histogram:
      xAxis = ChartAxis(extent.places, ticks: xTicks, widens: false)
      let most = extent.values?.upperBound ?? 1
      yAxis =
        chart.isLogarithmic
        ? ChartAxis(0.7...most * 1.4, ticks: yTicks, isLogarithmic: true, widens: false)
        : ChartAxis(extent.values, ticks: yTicks, isWhole: true)
    case .bars:
      let range = chart.isLogarithmic ? values : ChartFrame.including(0, values)
      xAxis = ChartAxis(range, ticks: xTicks, isLogarithmic: chart.isLogarithmic)
      yAxis = ChartAxis(nil, ticks: 1)
    }
    var words: [String] = []
    if extent.oddCount > 0 {
      let what =
        chart.isLogarithmic && !chart.isHistogram ? "NaN, infinite or not above 0" : "NaN or infinite"
      words.append("\(Wording.count(extent.oddCount, "value")) left out: \(what)")
    }
    if case .histogram(let histogram) = chart.content, histogram.outsideCount > 0 {
      words.append("\(Wording.count(histogram.outsideCount, "value")) outside the range")
    }
    if words.isEmpty, chart.isEmpty { words.append("no values") }
    note = words.isEmpty ? nil : words.joined(separator: ", ")
  }

  /// Room for whole points at the ends.
  private static func spacious(_ range: ClosedRange<Double>?) -> ClosedRange<Double>? {
    range.map { range in
      let room = (range.upperBound - range.lowerBound) * 0.02
      return range.lowerBound - room...range.upperBound + room
    }
  }

  private static func including(_ value: Double?, _ range: ClosedRange<Double>?) -> ClosedRange<Double>? {
    guard let value else { return range }
    guard let range else { return value...value }
    return min(value, range.lowerBound)...max(value, range.upperBound)
  }
}

extension Chart {
  /// Whether it has no values at all.
  var isEmpty: Bool {
    switch content {
    case .curves(let series, _, _), .bars(let series, _): series.allSatisfy { $0.values.count == 0 }
    case .histogram(let histogram): histogram.count == 0
    }
  }

  /// Whether it shows how often values occur.
  var isHistogram: Bool {
    if case .histogram = content { return true }
    return false
  }
}
