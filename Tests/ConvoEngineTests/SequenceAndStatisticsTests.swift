import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

@Suite struct SequenceAndStatisticsTests {
  @Test func sequencesAreExactAtTheirEnds() throws {
    #expect(try Sequences.arange(from: 0, to: 1, step: 0.25).toArray() == [0, 0.25, 0.5, 0.75])
    #expect(try Sequences.arange(from: 3, to: 0, step: -1).toArray() == [3, 2, 1])
    #expect(try Sequences.arange(from: 3, to: 0).count == 0)
    #expect(try Sequences.linspace(from: 0, to: 1, count: 3).toArray() == [0, 0.5, 1])
    #expect(try Sequences.linspace(from: 2, to: 9, count: 1).toArray() == [2])
    #expect(try Sequences.eye(2, columns: 3).toArray() == [1, 0, 0, 0, 1, 0])
    // Long enough to be shared out, with rows that end inside the parts.
    for (rows, columns) in [(700, 700), (3, 200_001), (200_001, 3), (1, 5), (5, 1)] {
      let found = try Sequences.eye(rows, columns: columns).toArray()
      let ones = found.indices.filter { found[$0] != 0 }
      #expect(ones == (0..<min(rows, columns)).map { $0 * (columns + 1) })
      #expect(ones.allSatisfy { found[$0] == 1 })
    }
    let long = try Sequences.linspace(from: 0, to: 999_999, count: 1_000_000).toArray()
    #expect(long.indices.allSatisfy { long[$0] == Float($0) })
    #expect(throws: OperationError.self) { try Sequences.arange(from: 0, to: 1, step: 0) }
    #expect(throws: OperationError.self) { try Sequences.arange(from: 0, to: 1e300) }
    #expect(throws: OperationError.self) { try Sequences.eye(Int.max) }
    #expect(throws: OperationError.self) { try Sequences.linspace(from: 0, to: 1, count: -1) }
  }

  @Test func statisticsTellWhatIsThere() throws {
    var values = (0..<9_000).map { Float($0 % 10) }
    values[4_321] = .nan
    values[5_000] = .infinity
    values[8_999] = -.infinity
    values[77] = -5
    values[8_500] = 100
    let statistics = Statistics(try Tensor(values, Shape([90, 100])), bins: 7)
    let finite = values.filter(\.isFinite).map(Double.init)
    let mean = finite.reduce(0, +) / Double(finite.count)
    let variance = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(finite.count)
    #expect(statistics.count == 9_000 && statistics.finiteCount == finite.count && !statistics.isSampled)
    #expect(statistics.nanCount == 1 && statistics.firstNaN == 4_321)
    #expect(statistics.infinityCount == 2 && statistics.firstInfinity == 5_000)
    #expect(statistics.minimum == -5 && statistics.minimumIndex == 77)
    #expect(statistics.maximum == 100 && statistics.maximumIndex == 8_500)
    #expect(
      abs(statistics.mean - mean) < 1e-12 && abs(statistics.standardDeviation - variance.squareRoot()) < 1e-12
    )
    #expect(statistics.histogram.reduce(0, +) == finite.count && statistics.histogram.last == 1)
    var bins = [Int](repeating: 0, count: 7)
    for value in finite { bins[min(6, Int((value + 5) * (7 / 105)))] += 1 }
    #expect(statistics.histogram == bins)
    #expect(Statistics.indices(of: 4_321, in: try Shape([90, 100])) == [43, 21])
  }

  @Test func statisticsOfNothingAndOfOneValue() throws {
    let nothing = Statistics(try Tensor([], Shape([0])))
    #expect(nothing.count == 0 && nothing.minimum.isNaN && nothing.mean.isNaN)
    let odd = Statistics(try Tensor([.nan, .infinity], .vector(2)))
    #expect(
      odd.finiteCount == 0 && odd.mean.isNaN && odd.minimum.isNaN
        && odd.histogram == [Int](repeating: 0, count: 16))
    let same = Statistics(try Tensor(repeating: 2, .vector(5)))
    #expect(same.minimum == 2 && same.maximum == 2 && same.standardDeviation == 0 && same.histogram[0] == 5)
  }
}
