import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Histograms count every value once.
@Suite struct HistogramTests {
  private func histogram(_ values: [Float], bins: Int? = nil, range: ClosedRange<Double>? = nil) throws
    -> Histogram
  {
    try Histogram(Tensor(values, Shape([values.count])), bins: bins, range: range)
  }

  @Test func theUpperEdgeBelongsToTheLastBin() throws {
    let histogram = try histogram([0, 0.5, 1, 1.5, 2], bins: 2)
    #expect(histogram.counts == [2, 3])
    #expect(histogram.edges(of: 1) == (1, 2))
  }

  @Test func wholeNumbersAreNotCutApart() throws {
    // 12…255 as in a photograph: eight levels in each bin, and none has more.
    let histogram = try histogram((12...255).map(Float.init))
    #expect(histogram.counts.dropLast().allSatisfy { $0 == 8 })
    #expect(histogram.counts.reduce(0, +) == 244)
    #expect(histogram.low == 11.5)
  }

  @Test func fewWholeNumbersHaveABinEach() throws {
    #expect(try histogram([1, 3, 3, 2, 3]).counts == [1, 1, 3])
  }

  @Test func oddValuesAreCountedApart() throws {
    let histogram = try histogram([.nan, .infinity, 1, 2, -.infinity], bins: 2)
    #expect(histogram.oddCount == 3)
    #expect(histogram.counts == [1, 1])
    #expect(try self.histogram([.nan, .nan]).counts.reduce(0, +) == 0)
    #expect(try self.histogram([]).count == 0)
  }

  @Test func aRangeLeavesOthersOut() throws {
    let histogram = try histogram([-1, 0, 0.25, 1, 9], bins: 4, range: 0...1)
    #expect(histogram.counts == [1, 1, 0, 1])
    #expect(histogram.outsideCount == 2)
  }

  @Test func aConstantHasRoomOnBothSides() throws {
    let histogram = try histogram([0.3, 0.3, 0.3], bins: 5)
    #expect(histogram.low < 0.3 && histogram.high > 0.31)
    #expect(histogram.counts.reduce(0, +) == 3)
  }

  @Test(arguments: [1, 2, 3, 31, 32, 33, 1000]) func everyValueIsInTheBinThatItsEdgesSay(bins: Int) throws {
    var random = SmallRandom(UInt64(bins))
    let values = (0..<5000).map { _ in Float(random.unit() * random.unit() * 7 - 3) }
    let histogram = try histogram(values, bins: bins)
    #expect(histogram.counts.count == bins)
    var expected = [Int](repeating: 0, count: bins)
    for value in values {
      let bin = (0..<bins).last { Double(value) >= histogram.edges(of: $0).low } ?? 0
      expected[bin] += 1
    }
    // A value on an edge may fall to either side by rounding.
    let difference = zip(expected, histogram.counts).reduce(0) { $0 + abs($1.0 - $1.1) }
    #expect(difference <= 4)
    #expect(histogram.counts.reduce(0, +) == values.count)
  }
}
