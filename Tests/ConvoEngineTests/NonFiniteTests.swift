import ConvoTensor
import Testing

@testable import ConvoEngine

/// NaN and infinities travel as IEEE 754 says, in every algorithm and on every CPU variant.
@Suite struct NonFiniteTests {
  /// What a number is beside its value.
  private enum Kind: Equatable {
    case finite, notANumber, infinite, minusInfinite

    init(_ value: Double) {
      self =
        value.isNaN ? .notANumber : value.isFinite ? .finite : value < 0 ? .minusInfinite : .infinite
    }
  }

  /// Problems that between them every algorithm can compute.
  private static let cases: [ConvolutionCase] = [
    ConvolutionCase(
      batch: 2, channels: 16, height: 17, width: 19, outputs: 17, window: Extent2(3), padding: Padding2(1),
      hasBias: true),
    ConvolutionCase(channels: 12, height: 17, width: 35, outputs: 12, window: Extent2(3), groups: 12),
    ConvolutionCase(
      channels: 9, height: 16, width: 21, outputs: 9, window: Extent2(5), stride: Extent2(2), groups: 9),
    ConvolutionCase(
      channels: 3, height: 20, width: 51, outputs: 5, window: Extent2(5), stride: Extent2(2),
      padding: Padding2(top: 0, bottom: 2, left: 1, right: 0)),
    ConvolutionCase(channels: 33, height: 9, width: 9, outputs: 40),
    ConvolutionCase(
      channels: 20, height: 15, width: 18, outputs: 36, window: Extent2(height: 1, width: 7),
      dilation: Extent2(height: 1, width: 2), padding: Padding2(top: 0, bottom: 0, left: 3, right: 3)),
    ConvolutionCase(
      channels: 8, height: 13, width: 16, outputs: 16, window: Extent2(3), dilation: Extent2(2), groups: 2),
  ]

  /// Compares every way with the definition, which is worked out once.
  private func expectKinds(_ operation: Convolution, _ c: ConvolutionCase) throws {
    let kinds = try plain(operation).values.map(Kind.init)
    for way in Way.all where try way.isItself(c) {
      var convolution = operation
      convolution.settings = way.settings()
      let found = try convolution.result().toArray()
      let wrong = zip(found, kinds).filter { Kind(Double($0)) != $1 }.count
      #expect(wrong == 0, "\(way.testDescription), \(c.testDescription): \(wrong) of \(found.count)")
    }
  }

  @Test(arguments: cases) func whatIsNotFiniteInAPictureIsWhatTheDefinitionSays(_ c: ConvolutionCase) throws {
    for activation in [Activation.none, .relu, .leakyRelu(0.5), .clip(-1, 1)] {
      var c = c
      c.activation = activation
      var operation = try c.operation(EngineSettings())
      try operation.input.withUnsafeMutableFloats { x in
        // An infinity alone, two that cancel, a NaN, and something at the very end.
        x[3 * c.width + 4] = .infinity
        x[8 * c.width + 2] = .infinity
        x[8 * c.width + 3] = -.infinity
        x[5 * c.width + c.width - 1] = .nan
        x[x.count - 1] = -.infinity
      }
      try expectKinds(operation, c)
    }
  }

  /// Without padding: whether 0 · ∞ is summed beside the picture is up to the algorithm.
  @Test(arguments: cases) func whatIsNotFiniteInAWeightIsWhatTheDefinitionSays(_ c: ConvolutionCase) throws {
    var c = c
    c.padding = .none
    for value in [Float.nan, .infinity] {
      var operation = try c.operation(EngineSettings())
      try operation.weight.withUnsafeMutableFloats { $0[$0.count / 2] = value }
      try expectKinds(operation, c)
    }
  }

  @Test(arguments: cases)
  func whatIsNotFiniteInABiasOrResidualIsWhatTheDefinitionSays(_ c: ConvolutionCase) throws {
    var c = c
    c.hasBias = true
    c.hasResidual = true
    var operation = try c.operation(EngineSettings())
    try operation.bias?.withUnsafeMutableFloats { $0[1] = .nan }
    try operation.residual?.withUnsafeMutableFloats { x in
      x[0] = .infinity
      x[7] = .nan
      x[x.count - 1] = -.infinity
    }
    try expectKinds(operation, c)
  }

  @Test(arguments: Way.all) func aSumTooLargeForFloatBecomesInfinite(_ way: Way) throws {
    for c in Self.cases {
      var operation = try c.operation(way.settings())
      // Every product is 2¹²⁷: two of them are too many. Winograd's transforms overflow on the way.
      let picture = try Tensor(repeating: 0x1p100, operation.input.shape)
      let weight = try Tensor(repeating: 0x1p27, operation.weight.shape)
      operation = Convolution(
        input: picture, weight: weight, stride: c.stride, dilation: c.dilation, groups: c.groups,
        settings: way.settings())
      let found = try operation.result().toArray()
      #expect(found.allSatisfy { $0 == .infinity }, "\(way.testDescription): \(c.testDescription)")
    }
  }

  @Test(arguments: Way.all) func numbersNearTheLargestAreSummedWhereTheSumFits(_ way: Way) throws {
    let c = ConvolutionCase(channels: 16, height: 12, width: 12, outputs: 16, window: Extent2(3))
    var operation = try c.operation(way.settings())
    operation.input = try Tensor(repeating: 0x1p126, operation.input.shape)
    operation.weight = try Tensor(repeating: 0x1p-8, operation.weight.shape)
    let found = try operation.result().toArray()
    // 144 · 2¹¹⁸ is exact.
    #expect(found.allSatisfy { $0 == 144 * 0x1p118 }, "\(way.testDescription): \(found[0])")
  }

  @Test(arguments: KernelSet.supported.map(\.name))
  func aTransposedConvolutionSpreadsANaNOverItsWindowOnly(_ kernels: String) throws {
    var random = SplitMix(8)
    let set = try #require(KernelSet.named(kernels))
    for (stride, window) in [(1, 3), (2, 4), (2, 3), (3, 2)] {
      let shape = try Shape([1, 16, 11, 12])
      var values = (0..<shape.count).map { _ in random.normal() }
      values[5 * 12 + 7] = .nan
      let weightShape = try Shape([16, 16, window, window])
      var operation = TransposedConvolution(
        input: try Tensor(values, shape),
        weight: try Tensor((0..<weightShape.count).map { _ in random.normal() }, weightShape),
        stride: Extent2(stride), settings: EngineSettings(threads: 2, kernels: set))
      let found = try operation.result()
      let (height, width) = (found.shape[2], found.shape[3])
      let numbers = found.toArray()
      for index in numbers.indices {
        let (y, x) = (index / width % height, index % width)
        let isReached =
          (5 * stride..<5 * stride + window).contains(y) && (7 * stride..<7 * stride + window).contains(x)
        if numbers[index].isNaN != isReached {
          Issue.record("\(kernels) stride \(stride) window \(window): \(y), \(x) is \(numbers[index])")
          break
        }
      }
    }
  }
}
