import CKernels
import ConvoTensor
import Testing

@testable import ConvoEngine

@Suite struct ConvolutionTests {
  static let cases: [ConvolutionCase] = [
    ConvolutionCase(channels: 3, height: 20, width: 31, outputs: 5, window: Extent2(3), hasBias: true),
    ConvolutionCase(channels: 3, height: 38, width: 51, outputs: 3, window: Extent2(5), activation: .relu),
    ConvolutionCase(channels: 1, height: 38, width: 51, window: Extent2(3)),
    ConvolutionCase(channels: 3, height: 37, width: 50, outputs: 5, window: Extent2(3), stride: Extent2(2)),
    ConvolutionCase(
      batch: 2, channels: 16, height: 9, width: 11, outputs: 17, window: Extent2(3), padding: Padding2(1),
      hasBias: true, hasResidual: true, activation: .leakyRelu(0.1)),
    ConvolutionCase(
      channels: 8, height: 12, width: 13, outputs: 8, window: Extent2(3), padding: Padding2(1), groups: 8),
    ConvolutionCase(
      channels: 8, height: 12, width: 13, outputs: 16, window: Extent2(3),
      dilation: Extent2(height: 2, width: 3),
      padding: Padding2(top: 2, bottom: 1, left: 0, right: 4), groups: 4, activation: .clip(-1, 2)),
    ConvolutionCase(channels: 5, height: 4, width: 7, outputs: 9, window: Extent2(height: 4, width: 7)),
    ConvolutionCase(
      channels: 19, height: 17, width: 17, outputs: 33, window: Extent2(height: 1, width: 7),
      padding: Padding2(top: 0, bottom: 0, left: 3, right: 3)),
    ConvolutionCase(channels: 33, height: 7, width: 7, outputs: 40, hasBias: true),
    ConvolutionCase(
      channels: 64, height: 14, width: 15, outputs: 48, window: Extent2(3), padding: Padding2(1)),
    ConvolutionCase(channels: 40, height: 15, width: 15, outputs: 24, stride: Extent2(2)),
    ConvolutionCase(
      channels: 70, height: 9, width: 7, outputs: 33, window: Extent2(3), dilation: Extent2(2),
      padding: Padding2(2)),
    ConvolutionCase(
      channels: 100, height: 8, width: 31, outputs: 20, window: Extent2(3), stride: Extent2(2),
      padding: Padding2(top: 1, bottom: 0, left: 2, right: 3), hasResidual: true),
    ConvolutionCase(
      channels: 64, height: 6, width: 3, outputs: 16, window: Extent2(5), padding: Padding2(3), hasBias: true),
    ConvolutionCase(
      channels: 37, height: 7, width: 7, outputs: 37, window: Extent2(3), padding: Padding2(1), groups: 37,
      hasBias: true, hasResidual: true, activation: .relu),
    ConvolutionCase(
      channels: 3, height: 56, width: 57, outputs: 9, window: Extent2(height: 11, width: 5),
      stride: Extent2(4),
      hasBias: true, activation: .relu),
    ConvolutionCase(
      channels: 4, height: 32, width: 40, outputs: 11, window: Extent2(4), stride: Extent2(4),
      hasResidual: true),
    ConvolutionCase(
      batch: 2, channels: 6, height: 20, width: 21, outputs: 10, window: Extent2(7), padding: Padding2(1),
      hasBias: true),
    ConvolutionCase(
      channels: 6, height: 20, width: 37, outputs: 3, window: Extent2(5), stride: Extent2(2),
      padding: Padding2(top: 2, bottom: 0, left: 1, right: 3), hasResidual: true),
    ConvolutionCase(
      batch: 5, channels: 6, height: 5, width: 3, outputs: 11, window: Extent2(height: 5, width: 3),
      hasBias: true,
      hasResidual: true, activation: .leakyRelu(0.3)),
    ConvolutionCase(channels: 7, height: 13, width: 11, outputs: 8, window: Extent2(5), hasBias: true),
    ConvolutionCase(
      batch: 2, channels: 20, height: 40, width: 29, outputs: 20, window: Extent2(height: 5, width: 3),
      stride: Extent2(height: 3, width: 2), dilation: Extent2(height: 1, width: 2), padding: Padding2(2),
      groups: 20),
  ]

  @Test(arguments: cases) func everyAlgorithmComputesThePlainDefinition(_ c: ConvolutionCase) throws {
    try expectPlain(c)
  }

  /// One, a tile less one, a tile, a tile and one, and primes: of lanes, of vectors in a tile, of pixels in a tile.
  private static func extents(_ tile: Int) -> [Int] { [1, tile - 1, tile, tile + 1] }

  private static func sweep(_ part: Int) -> [ConvolutionCase] {
    var random = SplitMix(UInt64(7 + part))
    return (0..<24).map { _ in
      let kernels = random.pick(KernelSet.supported)
      let table = kernels.table.pointee.convolution
      let (lanes, pixels) = (kernels.lanes, Int(table.panel_pixels))
      let outputsOfTile = Int(table.flat_channels)
      var c = ConvolutionCase()
      c.groups = random.pick([1, 1, 1, 1, 2, 3])
      c.batch = random.pick([1, 1, 1, 2, 3])
      c.channels = c.groups * random.pick(Self.extents(lanes) + [2, 3, 13, 2 * lanes])
      c.outputs =
        c.groups
        * random.pick(
          Self.extents(lanes) + Self.extents(outputsOfTile).filter { $0 > 0 } + [2, 5, 2 * lanes + 1, 37])
      c.height = random.pick([1, 2, 3, 4, 5, 7, 8, 9, 13, 17])
      c.width = random.pick(
        Self.extents(pixels) + Self.extents(lanes) + Self.extents(3 * lanes) + [2, 5, 29])
      c.window = random.pick([
        Extent2(1), Extent2(3), Extent2(3), Extent2(3), Extent2(2), Extent2(5), Extent2(height: 1, width: 7),
        Extent2(height: 1, width: 3), Extent2(height: 1, width: 5),
        Extent2(height: 7, width: 1), Extent2(height: 3, width: 2), Extent2(4), Extent2(7),
        Extent2(height: c.height, width: 2),
      ])
      c.stride = random.pick([
        Extent2(1), Extent2(1), Extent2(1), Extent2(2), Extent2(3), Extent2(height: 1, width: 2),
      ])
      c.dilation = random.pick([
        Extent2(1), Extent2(1), Extent2(1), Extent2(2), Extent2(height: 3, width: 1),
        Extent2(height: 1, width: 9),
      ])
      if random.pick([false, false, false, false, true]) {
        c.groups = c.channels
        c.outputs = c.channels * random.pick([1, 1, 1, 2])
        c.window = Extent2(random.pick([3, 3, 5, 7]))
        c.stride = Extent2(random.pick([1, 2]))
        c.dilation = Extent2(random.pick([1, 1, 1, 2]))
      }
      let sides = [0, 0, 1, 1, 2, 3]
      c.padding =
        random.pick([true, false])
        ? Padding2(random.pick([0, 1, 1, 2]))
        : Padding2(
          top: random.pick(sides), bottom: random.pick(sides), left: random.pick(sides),
          right: random.pick(sides))
      // A window as large as the picture is a case of its own.
      if random.pick([true] + [Bool](repeating: false, count: 9)) {
        (c.window, c.groups, c.padding) = (Extent2(height: c.height, width: c.width), 1, .none)
        (c.stride, c.dilation) = (Extent2(1), Extent2(1))
      }
      c.hasBias = random.pick([true, false])
      c.hasResidual = random.pick([true, false, false, false])
      c.activation = random.pick([.none, .relu, .leakyRelu(0.2), .clip(-0.5, 1)])
      if random.pick([false, false, false, false, false, false, false, true]) {
        (c.channels, c.outputs, c.groups) = (c.channels / c.groups, c.outputs / c.groups, 1)
        (c.window, c.padding) = (Extent2(height: c.height, width: c.width), Padding2(0))
        c.dilation = Extent2(1)
      }
      return c
    }.filter(\.isValid)
  }

  @Test(arguments: 0..<10) func aRandomSweepOfShapesComputesThePlainDefinition(_ part: Int) throws {
    for (round, c) in Self.sweep(part).enumerated() { try expectPlain(c, seed: UInt64(round)) }
  }

  /// A sweep that never reaches an algorithm shows nothing about it.
  @Test(arguments: Way.all) func theSweepReachesEveryAlgorithmOften(_ way: Way) throws {
    let cases = (0..<10).flatMap(Self.sweep)
    #expect(try cases.filter { try way.isItself($0) }.count >= 8)
  }

  /// Windows of more taps than a table of the usual length holds.
  @Test func aWindowAsLargeAsTheTableOfTapsComputesThePlainDefinition() throws {
    for (height, width, padding) in [(513, 512, 0), (3, 90_001, 0), (600, 450, 1)] {
      let c = ConvolutionCase(
        channels: 2, height: height, width: width, outputs: 2, window: Extent2(height: height, width: width),
        padding: Padding2(padding), hasBias: true)
      var operation = try c.operation(EngineSettings())
      #expect(operation.algorithmName == (padding == 0 ? "matrix" : "flat"))
      let (values, magnitudes) = try plain(operation)
      for (kernels, algorithm) in KernelSet.supported.flatMap({ [($0, nil), ($0, "flat")] }) {
        operation.settings = EngineSettings(
          threads: 2, algorithm: algorithm.flatMap { ConvolutionAlgorithm.named($0) }, kernels: kernels)
        let found = try operation.result().toArray()
        for (index, value) in found.enumerated() {
          let bound = Double(2 * height * width + 3) * magnitudes[index] * 0x1p-24
          #expect(abs(Double(value) - values[index]) <= bound)
          // A sum of n terms in any order; the errors of random terms grow with the root of n only.
          #expect(abs(Double(value) - values[index]) <= 1e-4 * (values.map(abs).max() ?? 0))
        }
      }
    }
  }

  @Test(arguments: Way.all)
  func aNaNAndAnInfinityReachExactlyTheWindowsThatSeeThem(_ way: Way) throws {
    for (value, place) in [(Float.nan, 5 * 19 + 7), (.infinity, 3 * 17 * 19 + 16 * 19 + 18), (-.infinity, 0)]
    {
      let c = ConvolutionCase(
        batch: 2, channels: 16, height: 17, width: 19, outputs: 16, window: Extent2(3), padding: Padding2(1))
      var convolution = try c.operation(way.settings())
      let clean = try convolution.result().toArray()
      try convolution.input.withUnsafeMutableFloats { $0[place] = value }
      let found = try convolution.result().toArray()
      let (row, column) = (place / 19 % 17, place % 19)
      for index in found.indices {
        let (y, x) = (index / 19 % 17, index % 19)
        let sees = index < 16 * 17 * 19 && abs(y - row) <= 1 && abs(x - column) <= 1
        if sees {
          #expect(!found[index].isFinite)
        } else if abs(found[index] - clean[index]) > 1e-4 || !found[index].isFinite {
          Issue.record("\(way.testDescription): element \(index) is \(found[index]), not \(clean[index])")
          break
        }
      }
    }
  }

  @Test func aNaNGivesTheSameBitsOnAnyNumberOfThreads() throws {
    let c = ConvolutionCase(
      channels: 16, height: 60, width: 61, outputs: 32, window: Extent2(3), padding: Padding2(1))
    var convolution = try c.operation(EngineSettings(threads: 1))
    try convolution.input.withUnsafeMutableFloats { $0[2000] = .nan }
    let expected = try convolution.result().toArray().map(\.bitPattern)
    for threads in [2, 3, 7] {
      convolution.settings = EngineSettings(threads: threads)
      #expect(try convolution.result().toArray().map(\.bitPattern) == expected)
    }
  }

  @Test(arguments: Way.all) func anyNumberOfThreadsGivesTheSameBits(_ way: Way) throws {
    for c in Self.cases + [
      ConvolutionCase(
        channels: 16, height: 60, width: 60, outputs: 32, window: Extent2(3), padding: Padding2(1))
    ] where try way.isItself(c) {
      var one = try c.operation(way.settings())
      let expected = try one.result().toArray().map(\.bitPattern)
      for threads in [2, 3, 7] {
        var many = try c.operation(way.settings(threads: threads))
        #expect(
          try many.result().toArray().map(\.bitPattern) == expected, "\(c.testDescription) on \(threads)")
      }
    }
  }
}
