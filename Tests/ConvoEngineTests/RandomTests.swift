import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

@Suite struct RandomTests {
  /// The published test vectors of Philox4×32-10 for the counter and key that the stream can take.
  @Test func philoxGivesThePublishedWords() {
    // Key 0, counter 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    #expect(
      RandomSource.words(counter: 0, seed: 0) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
  }

  @Test func everyVariantAndThreadCountGivesTheSameStream() throws {
    for count in [1, 3, 4, 17, 64, 65, 40_003] {
      var reference: [UInt32]?
      try everywhere("uniform \(count)") { settings in
        var source = RandomSource(seed: 42)
        return try source.uniform(.vector(count), settings: settings)
      } check: { kernels, found in
        #expect(reference == nil || bits(found) == reference, "\(kernels.name)")
        reference = bits(found)
      }
      reference = nil
      try everywhere("normal \(count)") { settings in
        var source = RandomSource(seed: 42)
        return try source.normal(.vector(count), settings: settings)
      } check: { kernels, found in
        #expect(reference == nil || bits(found) == reference, "\(kernels.name)")
        reference = bits(found)
      }
    }
  }

  @Test func numbersFollowTheirFormula() throws {
    var source = RandomSource(seed: 7, position: 3)
    let uniform = try source.uniform(.vector(40), from: -2, to: 6).toArray()
    #expect(source.position == 13)
    source = RandomSource(seed: 7, position: 3)
    let normal = try source.normal(.vector(40), mean: 1, standardDeviation: 2).toArray()
    for counter in 0..<10 {
      let words = RandomSource.words(counter: UInt64(counter + 3), seed: 7)
      for i in 0..<4 {
        #expect(uniform[4 * counter + i] == -2 + 8 * Float(words[i] >> 8) * 0x1p-24)
        let radius = (-2 * log((Double(words[i & 2]) + 1) * 0x1p-32)).squareRoot()
        let angle = 2 * Double.pi * Double(words[i | 1]) * 0x1p-32
        let exact = 1 + 2 * radius * (i & 1 == 0 ? cos(angle) : sin(angle))
        #expect(abs(Double(normal[4 * counter + i]) - exact) <= abs(exact) * 0x1p-24 + 1e-9)
      }
    }
  }

  @Test func momentsAreThoseOfTheDistribution() throws {
    var source = RandomSource(seed: 1)
    let n = 200_000
    let uniform = Statistics(try source.uniform(.vector(n)))
    // Five standard errors.
    #expect(abs(uniform.mean - 0.5) < 5 * (1 / Double(12 * n)).squareRoot())
    #expect(uniform.minimum >= 0 && uniform.maximum < 1)
    let normal = Statistics(try source.normal(.vector(n)))
    #expect(abs(normal.mean) < 5 / Double(n).squareRoot())
    #expect(abs(normal.standardDeviation - 1) < 5 / Double(2 * n).squareRoot())
    let first = try source.normal(.vector(8)).toArray()
    let second = try source.normal(.vector(8)).toArray()
    #expect(first != second)
  }
}
