import ConvoTensor
import Testing

@testable import ConvoEngine

/// Every form of Winograd's convolution, at the edges of its tiles and with taps apart.
@Suite struct WinogradTests {
  /// The forms, and the windows and strides that they are for.
  private static let forms: [(window: Int, stride: Int)] = [(3, 1), (5, 1), (3, 2)]

  /// Outputs of one, a tile less one, a tile, a tile and one, and several.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 11]) func everyFormComputesThePlainDefinition(_ outputs: Int)
    throws
  {
    for (window, stride) in Self.forms {
      for (dilation, padding) in [
        (Extent2(1), Padding2(0)), (Extent2(1), Padding2(top: 2, bottom: 0, left: 1, right: 3)),
        (Extent2(2), Padding2(2)), (Extent2(height: 3, width: 1), Padding2(1)),
        (Extent2(height: 1, width: 4), Padding2(top: 0, bottom: 1, left: 4, right: 3)),
      ] where stride == 1 || dilation == Extent2(1) {
        let height =
          (outputs - 1) * stride + (window - 1) * dilation.height + 1 - padding.top - padding.bottom
        let c = ConvolutionCase(
          batch: outputs % 2 + 1, channels: 17, height: max(1, height), width: (7 - 1) * stride + window,
          outputs: 18,
          window: Extent2(window), stride: Extent2(stride), dilation: dilation, padding: padding, groups: 1,
          hasBias: true, hasResidual: outputs == 5, activation: outputs == 7 ? .relu : .none)
        if c.isValid { try expectPlain(c, seed: UInt64(outputs)) }
      }
    }
  }

  /// Windows that are cut into parts, by their width and by the stride; channels that fill a block and that do not.
  @Test(arguments: [
    (4, 1), (6, 1), (7, 1), (8, 1), (11, 1), (4, 2), (5, 2), (7, 2), (4, 3), (7, 3), (9, 4), (11, 4), (7, 5),
  ])
  func windowsInPartsComputeThePlainDefinition(_ window: Int, _ stride: Int) throws {
    for channels in [1, 3, 16, 17] {
      for (height, width) in [(1, 1), (4, 13), (7, 3)] where channels < 16 || height != 7 {
        try expectPlain(
          ConvolutionCase(
            channels: channels, height: (height - 1) * stride + window - 2,
            width: (width - 1) * stride + window - 1, outputs: 16, window: Extent2(window),
            stride: Extent2(stride), padding: Padding2(top: 2, bottom: 0, left: 0, right: 1), hasBias: true,
            hasResidual: width == 3))
      }
    }
    let uneven = ConvolutionCase(
      batch: 2, channels: 2 * 5, height: 20, width: 31, outputs: 2 * 17,
      window: Extent2(height: 3, width: window), stride: Extent2(height: 1, width: stride),
      padding: Padding2(1), groups: 2)
    try expectPlain(uneven)
    if stride == 1 {
      try expectPlain(
        ConvolutionCase(
          channels: 16, height: 3 * window, width: 2 * window + 5, outputs: 16, window: Extent2(window),
          dilation: Extent2(height: 3, width: 2), padding: Padding2(3)))
    }
  }

  /// Windows of one row or one column.
  @Test(arguments: [2, 3, 4, 5, 7, 9, 11]) func windowsOfOneRowOrColumnComputeThePlainDefinition(
    _ length: Int
  ) throws {
    for (stride, dilation) in [(1, 1), (2, 1), (3, 1), (1, 2)] {
      for channels in [5, 16, 17] {
        let row = ConvolutionCase(
          batch: 2, channels: channels, height: 3, width: 19 + length * dilation, outputs: 17,
          window: Extent2(height: 1, width: length), stride: Extent2(height: 1, width: stride),
          dilation: Extent2(height: dilation, width: dilation),
          padding: Padding2(top: 1, bottom: 0, left: 2, right: 1), hasBias: true)
        try expectPlain(row)
        var column = row
        (column.height, column.width) = (row.width, row.height)
        column.window = Extent2(height: length, width: 1)
        column.stride = Extent2(height: stride, width: stride)
        try expectPlain(column)
      }
    }
  }

  @Test func groupsAndBlocksOfChannelsAreSummedApart() throws {
    for (window, stride) in Self.forms {
      try expectPlain(
        ConvolutionCase(
          batch: 2, channels: 3 * 17, height: 10, width: 11, outputs: 3 * 16, window: Extent2(window),
          stride: Extent2(stride), padding: Padding2(1), groups: 3))
    }
  }

  /// The sum of the terms of a form must be what its tile needs.
  @Test func theTermsOfAFormReachEveryPosition() {
    for form in WinogradScheme.all {
      #expect(Set(form.terms.map(\.input)) == Set(0..<form.inputs))
      #expect(Set(form.terms.map(\.weight)) == Set(0..<form.weights))
      #expect(Set(form.terms.map(\.product)) == Set(0..<form.products))
      for product in 0..<form.products {
        #expect(form.terms.filter { $0.product == product }.map(\.accumulates).filter { !$0 }.count == 1)
      }
      #expect(form.terms.map(\.product) == form.terms.map(\.product).sorted())
    }
  }

  @Test(arguments: KernelSet.supported.map(\.name))
  func aNaNReachesExactlyTheWindowsThatSeeItWhereTapsAreApart(_ kernels: String) throws {
    for (name, window, stride, dilation) in [
      ("winograd4", 3, 1, 2), ("winograd2", 3, 1, 3), ("winograd2-of5", 5, 1, 1), ("winograd2-of5", 5, 1, 2),
      ("winograd2-step2", 3, 2, 1), ("winograd3", 7, 2, 1), ("winograd3", 4, 1, 1), ("winograd4", 9, 3, 1),
    ] {
      let c = ConvolutionCase(
        channels: 16, height: 21, width: 23, outputs: 16, window: Extent2(window), stride: Extent2(stride),
        dilation: Extent2(dilation), padding: Padding2(1))
      for threads in [1, 3] {
        var convolution = try c.operation(
          EngineSettings(threads: threads, algorithm: .named(name), kernels: try #require(.named(kernels))))
        #expect(convolution.algorithmName == name)
        let clean = try convolution.result().toArray()
        let bound = 1e-5 * (clean.map(abs).max() ?? 0)
        let (row, column) = (11, 6)
        try convolution.input.withUnsafeMutableFloats { $0[(5 * 21 + row) * 23 + column] = .infinity }
        let found = try convolution.result().toArray()
        let shape = try convolution.outputShape()
        func sees(_ output: Int, _ place: Int) -> Bool {
          (0..<window).contains { output * stride + $0 * dilation - 1 == place }
        }
        for index in found.indices {
          let (y, x) = (index / shape[3] % shape[2], index % shape[3])
          if sees(y, row) && sees(x, column) {
            #expect(!found[index].isFinite)
          } else if abs(found[index] - clean[index]) > bound || !found[index].isFinite {
            Issue.record("\(kernels) \(name): element \(index) is \(found[index]), not \(clean[index])")
            break
          }
        }
      }
    }
  }

  @Test func anyNumberOfThreadsGivesTheSameBitsWhereTapsAreApart() throws {
    for (name, window, stride, dilation) in [
      ("winograd4", 3, 1, 2), ("winograd4", 3, 1, 6), ("winograd2-of5", 5, 1, 1), ("winograd2-of5", 5, 1, 3),
      ("winograd2-step2", 3, 2, 1), ("winograd3", 7, 2, 1), ("winograd4", 11, 4, 1),
    ] {
      for side in [20, 67] {
        let c = ConvolutionCase(
          batch: 1, channels: 48, height: side, width: side + 3, outputs: 40, window: Extent2(window),
          stride: Extent2(stride), dilation: Extent2(dilation), padding: Padding2(window / 2 * dilation))
        var settings = EngineSettings(threads: 1, algorithm: .named(name))
        var convolution = try c.operation(settings)
        #expect(convolution.algorithmName == name)
        let expected = try convolution.result().toArray().map(\.bitPattern)
        for threads in [2, 3, 7] {
          settings.threads = threads
          convolution.settings = settings
          #expect(try convolution.result().toArray().map(\.bitPattern) == expected, "\(c.testDescription)")
        }
      }
    }
  }
}
