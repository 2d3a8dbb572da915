import ConvoTensor
import Testing

@testable import ConvoEngine

/// Who computes what: a forced algorithm wherever it can, and never the reference where nobody asked for it.
@Suite struct AlgorithmChoiceTests {
  private func choice(_ c: ConvolutionCase, _ settings: EngineSettings) throws -> String {
    ConvolutionAlgorithm.choice(for: try c.geometry(), settings).name
  }

  /// Shapes that no layer of a network has: groups, dilations, sides that differ, lines, windows as large as the picture.
  private static func unusual(_ random: inout SplitMix) -> ConvolutionCase {
    var c = ConvolutionCase()
    c.groups = random.pick([1, 1, 2, 3, 8])
    c.batch = random.pick([1, 2, 5])
    c.channels = c.groups * random.pick([1, 2, 3, 7, 16, 17, 64, 200])
    c.outputs = c.groups * random.pick([1, 2, 3, 8, 16, 31, 64])
    c.height = random.pick([1, 2, 3, 7, 19, 64, 301, 5_000])
    c.width = random.pick([1, 2, 3, 8, 23, 64, 300, 70_001])
    c.window = random.pick([
      Extent2(1), Extent2(2), Extent2(3), Extent2(5), Extent2(11), Extent2(height: 1, width: 9),
      Extent2(height: 9, width: 1), Extent2(height: c.height, width: c.width),
      Extent2(height: c.height, width: 1), Extent2(height: 1, width: c.width),
    ])
    c.stride = random.pick([
      Extent2(1), Extent2(1), Extent2(2), Extent2(height: 3, width: 1), Extent2(height: 1, width: 5),
      Extent2(97),
    ])
    c.dilation = random.pick([
      Extent2(1), Extent2(1), Extent2(2), Extent2(height: 1, width: 7), Extent2(height: 19, width: 2),
    ])
    let sides = [0, 0, 1, 2, 9]
    c.padding = Padding2(
      top: random.pick(sides), bottom: random.pick(sides), left: random.pick(sides), right: random.pick(sides)
    )
    return c
  }

  @Test(arguments: KernelSet.supported.map(\.name))
  func nothingFallsToTheReference(_ kernels: String) throws {
    var random = SplitMix(31)
    var tried = 0
    let set = try #require(KernelSet.named(kernels))
    for _ in 0..<8_000 {
      let c = Self.unusual(&random)
      if !c.isValid { continue }
      tried += 1
      for (threads, exact) in [(1, false), (2, true), (7, false)] {
        let name = try choice(c, EngineSettings(threads: threads, exact: exact, kernels: set))
        #expect(name != "reference", "\(c.testDescription)")
      }
    }
    #expect(tried > 3_000)
  }

  @Test func windowsOfMillionsOfTapsAreNotLeftToTheReference() throws {
    for side in [512, 513, 1_024, 3_000] {
      for padding in [0, side / 2] {
        let c = ConvolutionCase(
          channels: 3, height: side, width: side, outputs: 2, window: Extent2(side),
          padding: Padding2(padding)
        )
        #expect(try choice(c, EngineSettings()) == (padding == 0 ? "matrix" : "flat"))
      }
    }
    let line = ConvolutionCase(
      height: 2, width: 600_000, window: Extent2(height: 1, width: 300_000), padding: Padding2(1))
    #expect(try choice(line, EngineSettings()) == "flat")
  }

  /// Shapes are planned before anybody asks whether they fit in memory.
  @Test func enormousSizesAreWeighedWithoutOverflow() throws {
    for side in [1 << 14, 1 << 16, 1 << 18] {
      for (window, stride) in [(3, 1), (3, 2), (7, 1), (11, 4)] {
        let c = ConvolutionCase(
          channels: 16, height: side, width: side, outputs: 1 << 14,
          window: Extent2(window), stride: Extent2(stride))
        #expect(try choice(c, EngineSettings()).isEmpty == false)
      }
    }
  }

  @Test func aForcedAlgorithmRunsWhereverItCan() throws {
    let everything = ConvolutionCase(
      channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(3), padding: Padding2(1))
    let depthwise = ConvolutionCase(
      channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(3), groups: 16)
    let whole = ConvolutionCase(
      channels: 16, height: 5, width: 4, outputs: 16, window: Extent2(height: 5, width: 4))
    let wide = ConvolutionCase(channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(5))
    let coarse = ConvolutionCase(
      channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(3), stride: Extent2(2))
    let row = ConvolutionCase(
      channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(height: 1, width: 5))
    let column = ConvolutionCase(
      channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(height: 5, width: 1))
    let uneven = ConvolutionCase(
      channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(height: 5, width: 2),
      stride: Extent2(height: 2, width: 1), dilation: Extent2(height: 1, width: 2))
    for kernels in KernelSet.supported {
      for algorithm in ConvolutionAlgorithm.all {
        let settings = EngineSettings(threads: 1, algorithm: algorithm, kernels: kernels)
        let canRun = try [everything, depthwise, whole, wide, coarse, row, column].filter {
          algorithm.canRun(try $0.geometry(), settings)
        }
        #expect(!canRun.isEmpty, "a problem for \(algorithm.name) is missing here")
        for c in canRun { #expect(try choice(c, settings) == algorithm.name) }
      }
      // One that cannot leaves the choice to the shape.
      let settings = EngineSettings(threads: 1, algorithm: .named("winograd4"), kernels: kernels)
      #expect(try choice(uneven, settings) == "blocked")
    }
  }

  /// Pictures of 64 channels, 64 outputs: side, window, stride, dilation.
  static let winograds: [(name: String, side: Int, window: Int, stride: Int, dilation: Int)] = [
    ("winograd4", 28, 3, 1, 1), ("winograd2", 6, 3, 1, 1), ("winograd2-of5", 14, 5, 1, 1),
    ("winograd4", 28, 5, 1, 1),
    ("winograd2-step2", 56, 3, 2, 1), ("winograd3", 56, 7, 1, 1), ("winograd4", 28, 3, 1, 2),
    ("winograd2-of5", 30, 5, 1, 3),
  ]

  @Test(arguments: winograds) func theExactSettingDoesWithoutWinograd(
    _ name: String, _ side: Int, _ window: Int, _ stride: Int, _ dilation: Int
  ) throws {
    let c = ConvolutionCase(
      channels: 64, height: side, width: side, outputs: 64, window: Extent2(window), stride: Extent2(stride),
      dilation: Extent2(dilation), padding: Padding2(window / 2 * dilation))
    for kernels in KernelSet.supported {
      #expect(try choice(c, EngineSettings(exact: false, kernels: kernels)) == name)
      let direct = try choice(c, EngineSettings(exact: true, kernels: kernels))
      #expect(direct == "blocked" || direct == "flat")
    }
  }

  /// Where most taps meet padding, or channels are too few for the transforms, a direct convolution multiplies less.
  @Test func winogradIsLeftWhereItDoesNotPay() throws {
    let farApart = ConvolutionCase(
      channels: 64, height: 33, width: 33, outputs: 64, window: Extent2(3), dilation: Extent2(18),
      padding: Padding2(18))
    let thin = ConvolutionCase(
      channels: 16, height: 56, width: 56, outputs: 16, window: Extent2(3), stride: Extent2(2),
      padding: Padding2(1))
    for c in [farApart, thin] { #expect(try choice(c, EngineSettings()) == "blocked") }
  }
}

extension ConvolutionCase {
  /// The numbers of the operation, without operands.
  func geometry() throws -> ConvolutionGeometry {
    let window = Window(extent: window, stride: stride, padding: .explicit(padding), dilation: dilation)
    let picture = Extent2(height: height, width: width)
    let (sides, places) = try window.resolved(on: picture)
    return ConvolutionGeometry(
      batch: batch, groups: groups, channels: channels / groups, outputs: outputs / groups, input: picture,
      window: window.extent, stride: stride, dilation: dilation, padding: sides, output: places)
  }
}
