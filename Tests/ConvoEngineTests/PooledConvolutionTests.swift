import ConvoTensor
import Testing

@testable import ConvoEngine

/// Bands that are pooled in cache give the bits of the separate steps.
@Suite struct PooledConvolutionTests {
  /// A convolution that fits, or nil.
  private static func convolution(_ random: inout SplitMix) -> ConvolutionCase? {
    var c = ConvolutionCase()
    c.batch = random.pick([1, 1, 2, 5])
    c.groups = random.pick([1, 1, 1, 2])
    c.channels = c.groups * random.pick([1, 3, 8, 16, 17])
    c.outputs = c.groups * random.pick([1, 4, 16, 19, 32])
    if random.pick([false, false, false, true]) {
      c.groups = c.channels
      c.outputs = c.channels
    }
    c.height = random.pick([9, 16, 33, 47])
    c.width = random.pick([5, 12, 16, 29])
    c.window = random.pick([
      Extent2(1), Extent2(3), Extent2(3), Extent2(5), Extent2(2), Extent2(height: 1, width: 3),
      Extent2(height: 7, width: 1),
    ])
    c.stride = random.pick([Extent2(1), Extent2(1), Extent2(2), Extent2(height: 3, width: 1)])
    c.dilation = random.pick([Extent2(1), Extent2(1), Extent2(2)])
    c.padding = random.pick([
      Padding2(0), Padding2(1), Padding2(2), Padding2(top: 3, bottom: 0, left: 1, right: 2),
    ])
    c.hasBias = random.pick([true, false])
    c.activation = random.pick([.none, .relu, .leakyRelu(0.2)])
    return c.isValid ? c : nil
  }

  private static func pooling(_ random: inout SplitMix) throws -> Pooling {
    let window = Window(
      extent: random.pick([Extent2(2), Extent2(2), Extent2(3), Extent2(height: 1, width: 2)]),
      stride: random.pick([Extent2(2), Extent2(2), Extent2(1), Extent2(3)]),
      padding: random.pick([.none, .none, .explicit(Padding2(top: 1, bottom: 0, left: 0, right: 0))]),
      dilation: random.pick([Extent2(1), Extent2(1), Extent2(2)]))
    return try Pooling(
      kind: random.pick([.maximum, .maximum, .average]), input: Tensor(scalar: 0), window: window,
      coverAll: random.pick([true, false]), countPadding: random.pick([true, false]))
  }

  @Test(arguments: KernelSet.supported.map(\.name))
  func bandsGiveTheBitsOfTheSeparateSteps(_ kernels: String) throws {
    let set = try #require(KernelSet.named(kernels))
    var random = SplitMix(97)
    var inBands = 0
    for round in 0..<400 {
      guard let c = Self.convolution(&random) else { continue }
      let settings = EngineSettings(threads: random.pick([1, 1, 3]), kernels: set)
      var convolution = try c.operation(settings, seed: UInt64(round))
      var pooling = try Self.pooling(&random)
      pooling.settings = settings
      pooling.input = try convolution.result()
      guard let expected = try? pooling.result() else { continue }
      var fused = PooledConvolution(convolution, pooling)
      fused.leastBytes = 0
      fused.bandBytes = random.pick([1, 4_000, 40_000])
      if fused.isWorthwhile { inBands += 1 }
      #expect(try fused.outputShape() == expected.shape)
      let found = try fused.result()
      #expect(
        found.toArray().map(\.bitPattern) == expected.toArray().map(\.bitPattern),
        "\(c.testDescription), then \(pooling.window) on \(settings.threads)")
    }
    #expect(inBands > 60)
  }

  @Test func whatStaysInCacheIsNotCutUp() throws {
    let small = ConvolutionCase(channels: 3, height: 64, width: 64, outputs: 8, window: Extent2(3))
    let large = ConvolutionCase(channels: 3, height: 600, width: 600, outputs: 8, window: Extent2(3))
    let window = Window(extent: Extent2(2), stride: Extent2(2))
    for (c, pays) in [(small, false), (large, true)] {
      let pooling = Pooling(kind: .maximum, input: try Tensor(scalar: 0), window: window)
      #expect(PooledConvolution(try c.operation(EngineSettings(threads: 1)), pooling).isWorthwhile == pays)
    }
  }

  @Test func theErrorsOfBothStepsStay() throws {
    let c = ConvolutionCase(channels: 3, height: 6, width: 6, outputs: 2, window: Extent2(3))
    let convolution = try c.operation(EngineSettings(threads: 1))
    let window = Window(extent: Extent2(5), stride: Extent2(5))
    let pooling = Pooling(kind: .maximum, input: try Tensor(scalar: 0), window: window)
    #expect(throws: ShapeError.self) { try PooledConvolution(convolution, pooling).outputShape() }
  }
}
