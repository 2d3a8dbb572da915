internal import ConvoTensor

/// The numbers beside bars.
public enum BarText {
  /// The numbers of all series: whole ones where all are, others with two decimals or three digits.
  public static func texts(_ series: [Chart.Series]) -> [[String]] {
    let values = series.map { $0.values.toArray().map(Double.init) }
    let isWhole = values.joined().allSatisfy { !$0.isFinite || ($0 == $0.rounded() && abs($0) < 1e5) }
    return values.map { $0.map { isWhole ? NumberText.plain($0) : number($0) } }
  }

  /// `1.42`, `237`, `0.80`, `0.0123`
  private static func number(_ value: Double) -> String {
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 99.95, size < 1e5 { return ChartAxis.fixed(value, 0) }
    if size >= 0.1, size < 99.95 { return ChartAxis.fixed(value, size < 9.995 ? 2 : 1) }
    return size >= 1e-3 && size < 1
      ? NumberText.significant(value, digits: 3) : ChartAxis.short(value, digits: 3)
  }
}
