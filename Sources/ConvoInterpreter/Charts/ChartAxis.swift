#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One axis of a chart: its range, and the round numbers that are written beside it.
public struct ChartAxis: Sendable {
  /// A round number with its text.
  public struct Tick: Sendable {
    /// The number.
    public let value: Double
    /// How it is written: all ticks of an axis with the same number of decimals.
    public let label: String
  }

  /// Where the axis begins.
  public let low: Double
  /// Where it ends; larger than ``low``.
  public let high: Double
  /// The round numbers between them, in order.
  public let ticks: [Tick]
  /// Whether equal steps are equal factors.
  public let isLogarithmic: Bool

  /// An axis for a range.
  ///
  /// - Parameters:
  ///   - range: what must be on it; `nil` when there is nothing. On a logarithmic axis it must be above 0.
  ///   - count: about how many ticks there is room for.
  ///   - isLogarithmic: whether equal steps are equal factors.
  ///   - widens: whether the ends move out to round numbers.
  ///   - isWhole: whether only whole numbers are of interest, as with counts.
  public init(
    _ range: ClosedRange<Double>?, ticks count: Int, isLogarithmic: Bool = false, widens: Bool = true,
    isWhole: Bool = false
  ) {
    let range = ChartAxis.spread(range ?? (isLogarithmic ? 1...10 : 0...1), isLogarithmic: isLogarithmic)
    self.isLogarithmic = isLogarithmic
    let isDecades = isLogarithmic && log10(range.upperBound) - log10(range.lowerBound) >= 1
    let values: [Double]
    let labels: [String]
    if isDecades {
      values = ChartAxis.powers(range, count, widens: widens)
      labels = values.map { ChartAxis.short($0) }
    } else {
      let (multiples, step) = ChartAxis.multiples(
        range, count, widens: widens && !isLogarithmic, least: isWhole ? 1 : 0)
      values = multiples
      labels = ChartAxis.labels(multiples, step: step)
    }
    low = widens ? min(range.lowerBound, values.first ?? range.lowerBound) : range.lowerBound
    high = widens ? max(range.upperBound, values.last ?? range.upperBound) : range.upperBound
    ticks = zip(values, labels).map { Tick(value: $0, label: $1) }
  }

  /// Where a value lies: 0 at the beginning, 1 at the end; `nil` for what is not a number, or has no logarithm.
  public func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if !isLogarithmic { return (value - low) / (high - low) }
    return value > 0 ? (log(value) - log(low)) / (log(high) - log(low)) : nil
  }

  /// A range that is not a single point.
  private static func spread(_ range: ClosedRange<Double>, isLogarithmic: Bool) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    if isLogarithmic { return low < high * (1 - 1e-12) ? range : low / 2...high * 2 }
    // A constant of single precision has at most 7 digits.
    if high - low > max(abs(low), abs(high)) * 1e-9 { return range }
    let room = low == 0 ? 1 : abs(low) * 0.1
    return low - room...high + room
  }

  /// Multiples of 1, 2 or 5 times a power of ten, at least two; with `widens` the first and the last enclose the range.
  private static func multiples(
    _ range: ClosedRange<Double>, _ count: Int, widens: Bool, least: Double
  ) -> (values: [Double], step: Double) {
    let span = range.upperBound - range.lowerBound
    var count = max(count, 1)
    while true {
      let raw = max(span / Double(count), least)
      let power = pow(10, floor(log10(raw)))
      let factor = [1.0, 2, 5, 10].first { $0 * power >= raw * (1 - 1e-9) } ?? 10
      let step = factor * power
      // A little less than a step: an end that only rounding takes beyond a tick needs no further tick.
      let slack = 1e-6
      let first = widens ? floor(range.lowerBound / step + slack) : ceil(range.lowerBound / step - slack)
      let last = widens ? ceil(range.upperBound / step - slack) : floor(range.upperBound / step + slack)
      if last > first || count > 64 {
        let values = Swift.stride(from: first, through: last, by: 1).map { index in
          // A quotient of whole numbers is the nearest to 0.3; 3 · 0.1 is not.
          power < 1 ? index * factor / (1 / power).rounded() : index * step
        }
        return (values, step)
      }
      count *= 2
    }
  }

  private static func powers(_ range: ClosedRange<Double>, _ count: Int, widens: Bool) -> [Double] {
    let low = log10(range.lowerBound)
    let high = log10(range.upperBound)
    // What lies a twentieth of a decade beyond a power needs no further decade.
    let first = Int(widens ? floor(low + 0.05) : ceil(low - 1e-9))
    let last = Int(widens ? ceil(high - 0.05) : floor(high + 1e-9))
    guard first <= last else { return [range.lowerBound, range.upperBound] }
    let step = max(1, (last - first + max(count, 1) - 1) / max(count, 1))
    return Swift.stride(from: first, through: last, by: step).map { pow(10, Double($0)) }
  }

  // MARK: Texts

  /// The numbers with as many decimals as their step needs; from 100 000 on with a letter: `150k`, `2M`.
  private static func labels(_ values: [Double], step: Double) -> [String] {
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return values.map(NumberText.plain) }
    let exponent = Int(floor(log10(step) + 1e-9))
    if largest >= 1e15 || largest < 1e-4 || exponent < -9 {
      let digits = min(15, max(1, Int(floor(log10(largest) + 1e-9)) - exponent + 1))
      return values.map { short($0, digits: digits) }
    }
    let unit = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")].first {
      largest >= $0.0 * ($0.0 == 1e3 ? 100 : 1)
    }
    if let unit, largest >= 1e5, step >= unit.0 / 100 {
      let decimals = max(0, Int(log10(unit.0)) - exponent)
      return values.map { $0 == 0 ? "0" : fixed($0 / unit.0, decimals) + unit.1 }
    }
    return values.map { fixed($0, max(0, -exponent)) }
  }

  /// `1`, `0.001`, `1e6`, `1e-5`
  static func short(_ value: Double, digits: Int = 6) -> String {
    let size = abs(value)
    if !value.isFinite { return NumberText.plain(value) }
    if size == 0 || (size >= 1e-3 && size < 1e5) {
      return NumberText.significant(value, digits: max(digits, 5))
    }
    // `1e+06` with fewer signs: `1e6`.
    var exponent = Int(floor(log10(size) + 1e-12))
    var mantissa = NumberText.significant(value / pow(10, Double(exponent)), digits: digits)
    if abs(Double(mantissa) ?? 0) >= 10 {
      exponent += 1
      mantissa = value < 0 ? "-1" : "1"
    }
    return "\(mantissa)e\(exponent)"
  }

  /// A number with that many decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    let scaled = (abs(value) * pow(10, Double(decimals))).rounded()
    guard scaled < 9e18 else { return NumberText.plain(value) }
    var digits = String(Int(scaled))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
      digits = digits.dropLast(decimals) + "." + digits.suffix(decimals)
    }
    return value < 0 && scaled > 0 ? "-" + digits : digits
  }
}
