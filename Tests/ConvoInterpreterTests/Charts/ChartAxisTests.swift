import Testing

@testable import ConvoInterpreter

/// Axes have round numbers, whatever range they are asked for.
@Suite struct ChartAxisTests {
  private func labels(_ range: ClosedRange<Double>?, _ count: Int, log: Bool = false, widens: Bool = true)
    -> [String]
  {
    ChartAxis(range, ticks: count, isLogarithmic: log, widens: widens).ticks.map(\.label)
  }

  @Test func ticksAreRoundNumbers() {
    #expect(labels(0...1, 5) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(-443...393, 5) == ["-600", "-400", "-200", "0", "200", "400"])
    #expect(labels(3.1...19.7, 4, widens: false) == ["5", "10", "15"])
    #expect(labels(0...0.3, 3) == ["0.0", "0.1", "0.2", "0.3"])
  }

  @Test func largeAndSmallNumbersAreShort() {
    #expect(labels(0...150_000, 3) == ["0", "50k", "100k", "150k"])
    #expect(labels(0...4e6, 4) == ["0", "1M", "2M", "3M", "4M"])
    #expect(labels(0...3e-6, 3) == ["0", "1e-6", "2e-6", "3e-6"])
    #expect(labels(0...2e30, 2) == ["0", "1e30", "2e30"])
  }

  @Test func aLogarithmicAxisHasPowersOfTen() {
    #expect(labels(0.002...40, 6, log: true) == ["0.001", "0.01", "0.1", "1", "10", "100"])
    #expect(labels(0.00101...1.001, 6, log: true) == ["0.001", "0.01", "0.1", "1"])
    #expect(labels(1...1e12, 4, log: true) == ["1", "1000", "1e6", "1e9", "1e12"])
    #expect(ChartAxis(1...100, ticks: 3, isLogarithmic: true).position(10) == 0.5)
    #expect(ChartAxis(1...100, ticks: 3, isLogarithmic: true).position(0) == nil)
  }

  @Test func countsHaveWholeNumbers() {
    func labels(_ range: ClosedRange<Double>, widens: Bool) -> [String] {
      ChartAxis(range, ticks: 8, widens: widens, isWhole: true).ticks.map(\.label)
    }
    #expect(labels(0...2, widens: false) == ["0", "1", "2"])
    #expect(labels(0...1, widens: true) == ["0", "1"])
    #expect(labels(0...80, widens: true) == ["0", "10", "20", "30", "40", "50", "60", "70", "80"])
  }

  @Test func noRangeAndAConstantHaveAnAxisToo() {
    #expect(labels(nil, 2) == ["0.0", "0.5", "1.0"])
    #expect(labels(7...7, 2).contains("7"))
    #expect(labels(0...0, 2) == ["-1", "0", "1"])
    #expect(ChartAxis(0.001...0.001, ticks: 3, isLogarithmic: true).position(0.001) == 0.5)
  }

  /// Ticks increase, are equally far apart, lie on the axis, and their texts say what they are.
  @Test(arguments: 0..<2000) func anyRangeHasAnAxis(seed: Int) throws {
    var random = SmallRandom(UInt64(seed))
    let size = pow10(Int(random.below(78)) - 40)
    let middle = (random.unit() - 0.5) * size * (seed % 3 == 0 ? 1000 : 1)
    let range = middle...(middle + random.unit() * size)
    let count = 1 + Int(random.below(12))
    let axis = ChartAxis(range, ticks: count, widens: seed % 2 == 0)
    #expect(axis.low < axis.high)
    #expect(axis.low <= range.lowerBound && axis.high >= range.upperBound)
    #expect(axis.ticks.count <= count + 3, "\(axis.ticks.map(\.label))")
    #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, "\(axis.ticks.map(\.label))")
    for (one, next) in zip(axis.ticks, axis.ticks.dropFirst()) { #expect(one.value < next.value) }
    let step = axis.ticks.count > 1 ? axis.ticks[1].value - axis.ticks[0].value : axis.high - axis.low
    for tick in axis.ticks {
      let position = try #require(axis.position(tick.value))
      #expect(position > -1e-6 && position < 1 + 1e-6)
      #expect(tick.label.utf8.count <= 16, "\(tick.label)")
      let written = try #require(value(of: tick.label), "\(tick.label)")
      #expect(
        abs(written - tick.value) <= step * 1e-3 + abs(tick.value) * 1e-12, "\(tick.label) \(tick.value)")
    }
  }

  private func pow10(_ exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
  }

  private func value(of label: String) -> Double? {
    let factors: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    if let last = label.last, let factor = factors[last] {
      return Double(label.dropLast()).map { $0 * factor }
    }
    return Double(label)
  }
}

/// A small generator, the same everywhere.
struct SmallRandom {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
  mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }
  mutating func unit() -> Double { Double(next() >> 11) / 0x1p53 }
}
