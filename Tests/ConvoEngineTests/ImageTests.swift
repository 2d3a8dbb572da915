import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

@Suite struct ResamplingTests {
  /// Half-pixel centres without antialiasing, for one plane, in double precision.
  private func exact(
    _ x: [Float], _ from: (Int, Int), _ to: (Int, Int), _ bilinear: Bool
  ) -> [Double] {
    func places(_ input: Int, _ output: Int) -> [(Int, Int, Double)] {
      (0..<output).map { i in
        if !bilinear { return ((2 * i + 1) * input / (2 * output), 0, 0) }
        let position = min(
          max((Double(i) + 0.5) * Double(input) / Double(output) - 0.5, 0), Double(input - 1))
        return (Int(position), min(Int(position) + 1, input - 1), position - position.rounded(.down))
      }
    }
    return places(from.0, to.0).flatMap { top, bottom, down in
      places(from.1, to.1).map { left, right, over in
        func at(_ i: Int, _ j: Int) -> Double { Double(x[i * from.1 + j]) }
        if !bilinear { return at(top, left) }
        return (1 - down) * ((1 - over) * at(top, left) + over * at(top, right))
          + down * ((1 - over) * at(bottom, left) + over * at(bottom, right))
      }
    }
  }

  @Test func resizeAndUpsampleMeetTheirDefinition() throws {
    var numbers = Numbers(31)
    for (from, to) in [
      ((5, 7), (9, 20)), ((1, 1), (3, 4)), ((16, 33), (5, 8)), ((3, 4), (6, 8)), ((7, 5), (7, 5)),
    ] {
      for mode in [Interpolation.nearest, .bilinear] {
        let input = try numbers.tensor([from.0, from.1])
        let wanted = exact(input.toArray(), from, to, mode == .bilinear)
        // Three copies side by side as channels, and one behind the other as planes.
        let pixels = try Tensor(input.toArray().flatMap { [$0, 2 * $0, -$0] }, Shape([from.0, from.1, 3]))
        let planes = try Tensor(
          input.toArray() + input.toArray().map { -$0 }, Shape([2, from.0, from.1]), axes: .pictures(rank: 3))
        for kernels in KernelSet.supported {
          for threads in [1, 3] {
            for (picture, count) in [(input, 1), (pixels, 3), (planes, 2)] {
              var resize = Resizing(input: picture, height: to.0, width: to.1, mode: mode)
              resize.settings = EngineSettings(threads: threads, kernels: kernels)
              let found = try resize.result().toArray()
              #expect(found.count == wanted.count * count)
              for (index, z) in wanted.enumerated() {
                let y = count == 3 ? found[3 * index] : found[index]
                #expect(abs(Double(y) - z) <= 6 * 0x1p-24, "\(from) \(to) \(mode) \(kernels.name) \(count)")
                if count == 3 { #expect(found[3 * index + 2] == -y && found[3 * index + 1] == 2 * y) }
                if count == 2 { #expect(found[wanted.count + index] == -y) }
              }
            }
          }
        }
      }
    }
    let small = try numbers.tensor([1, 2, 3, 4])
    for mode in [Interpolation.nearest, .bilinear] {
      var up = Upsampling(input: small, scale: Extent2(height: 2, width: 3), mode: mode)
      let found = try up.result()
      #expect(found.shape.extents == [1, 2, 6, 12])
      let wanted = exact(Array(small.toArray()[12...]), (3, 4), (6, 12), mode == .bilinear)
      for (y, z) in zip(found.toArray()[72...], wanted) { #expect(abs(Double(y) - z) <= 6 * 0x1p-24) }
    }
  }

  @Test func wrongSizesAreErrors() throws {
    let image = try Tensor(repeating: 1, Shape([4, 5]))
    expectShapeError(
      .tooSmall(parameter: "height", value: 0, minimum: 1), Resizing(input: image, height: 0, width: 3))
    expectShapeError(
      .tooBig(parameter: "width", value: Int.max, maximum: Int(Int32.max)),
      Resizing(input: image, height: 1, width: Int.max))
    expectShapeError(
      .empty(operation: "resize"), Resizing(input: try Tensor([], Shape([0, 5])), height: 1, width: 1))
    expectShapeError(
      .tooSmall(parameter: "scale", value: 0, minimum: 1), Upsampling(input: image, scale: Extent2(0)))
    expectShapeError(
      .tooLarge([4, Int.max, 5, Int.max]), Upsampling(input: image, scale: Extent2(Int.max)))
    expectShapeError(
      .rank(operand: "image", expected: "H×W, H×W×C, C×H×W or N×C×H×W", found: .vector(3)),
      Resizing(input: try Tensor(repeating: 1, .vector(3)), height: 1, width: 1))
  }

  @Test func filter2DRepeatsTheEdges() throws {
    var numbers = Numbers(12)
    for (extents, axes) in [
      ([6, 7], nil), ([5, 6, 3], nil), ([2, 5, 6], Axes.pictures(rank: 3)), ([1, 2, 4, 9], nil),
      ([1, 1], nil),
    ] as [([Int], Axes?)] {
      for (kh, kw) in [(3, 3), (1, 5), (5, 1), (2, 4)] {
        var image = try numbers.tensor(extents)
        if let axes { image.axes = axes }
        let weight = try numbers.tensor([kh, kw])
        let layout = try PictureLayout(image, operand: "image")
        let (h, w, depth) = (layout.extent.height, layout.extent.width, layout.depth)
        let (x, k) = (image.toArray(), weight.toArray())
        for kernels in KernelSet.supported {
          var filter = Filter2D(image: image, weight: weight)
          filter.settings = EngineSettings(threads: 1, kernels: kernels)
          let found = try filter.result()
          #expect(found.shape == image.shape && found.axes == image.axes)
          for (index, y) in found.toArray().enumerated() {
            let (d, j) = (index % depth, index / depth % w)
            let (i, plane) = (index / depth / w % h, index / depth / w / h)
            var (sum, magnitude) = (0.0, 0.0)
            for u in 0..<kh {
              for v in 0..<kw {
                let row = min(max(i + u - (kh - 1) / 2, 0), h - 1)
                let column = min(max(j + v - (kw - 1) / 2, 0), w - 1)
                let term = Double(k[u * kw + v]) * Double(x[((plane * h + row) * w + column) * depth + d])
                sum += term
                magnitude += abs(term)
              }
            }
            #expect(abs(Double(y) - sum) <= Double(kh * kw + 1) * 0x1p-24 * magnitude)
          }
        }
      }
    }
    let image = try Tensor(repeating: 1, Shape([4, 5]))
    expectShapeError(
      .rank(operand: "kernel", expected: "kh×kw", found: .vector(3)),
      Filter2D(image: image, weight: try Tensor(repeating: 1, .vector(3))))
    expectShapeError(
      .empty(operation: "filter2d"), Filter2D(image: image, weight: try Tensor([], Shape([0, 3]))))
  }
}

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
