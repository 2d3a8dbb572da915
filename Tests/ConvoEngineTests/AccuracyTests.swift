import ConvoTensor
import Testing

@testable import ConvoEngine

/// What the documents promise: 5e-6 of the largest output, 3e-6 with the exact setting, against a sum in float64.
///
/// The depths and windows are those of the layers that `convo-bench` measures; pictures are smaller and outputs fewer,
/// which changes no sum. `convo-bench --errors` measures the layers themselves.
@Suite struct AccuracyTests {
  private static let cases: [ConvolutionCase] = [
    ConvolutionCase(channels: 3, height: 24, width: 40, outputs: 3, window: Extent2(5)),
    ConvolutionCase(channels: 3, height: 40, width: 40, outputs: 16, window: Extent2(7), stride: Extent2(2)),
    ConvolutionCase(
      channels: 64, height: 20, width: 20, outputs: 32, window: Extent2(3), padding: Padding2(1)),
    ConvolutionCase(
      channels: 128, height: 17, width: 13, outputs: 16, window: Extent2(3), padding: Padding2(1)),
    ConvolutionCase(
      channels: 256, height: 14, width: 14, outputs: 16, window: Extent2(3), padding: Padding2(1)),
    ConvolutionCase(
      channels: 512, height: 12, width: 12, outputs: 16, window: Extent2(3), padding: Padding2(1)),
    ConvolutionCase(
      channels: 512, height: 7, width: 7, outputs: 16, window: Extent2(3), padding: Padding2(1)),
    ConvolutionCase(
      channels: 128, height: 20, width: 20, outputs: 16, window: Extent2(3), stride: Extent2(2),
      padding: Padding2(1)),
    ConvolutionCase(
      channels: 256, height: 14, width: 14, outputs: 16, window: Extent2(3), dilation: Extent2(2),
      padding: Padding2(2)),
    ConvolutionCase(channels: 2048, height: 7, width: 7, outputs: 16),
    ConvolutionCase(channels: 1024, height: 21, width: 20, outputs: 8),
    // Sums of thousands of terms, which no algorithm may make in one go.
    ConvolutionCase(channels: 4096, height: 21, width: 20, outputs: 4),
    ConvolutionCase(
      channels: 160, height: 12, width: 13, outputs: 4, window: Extent2(11), padding: Padding2(5)),
    ConvolutionCase(height: 80, width: 83, window: Extent2(70)),
    ConvolutionCase(
      channels: 192, height: 17, width: 17, outputs: 16, window: Extent2(height: 1, width: 7),
      padding: Padding2(top: 0, bottom: 0, left: 3, right: 3)),
    ConvolutionCase(
      channels: 24, height: 30, width: 33, outputs: 24, window: Extent2(7), padding: Padding2(3), groups: 24),
  ]

  @Test(arguments: cases) func theLayersOfTheTableKeepTheirPromise(_ c: ConvolutionCase) throws {
    var operation = try c.operation(EngineSettings())
    let (wanted, _) = try plain(operation)
    let largest = wanted.map(abs).max() ?? 0
    for kernels in KernelSet.supported {
      for (exact, bound) in [(false, 5e-6), (true, 3e-6)] {
        operation.settings = EngineSettings(threads: 2, exact: exact, kernels: kernels)
        let found = try operation.result().toArray()
        let error = zip(found, wanted).map { abs(Double($0) - $1) }.max() ?? .infinity
        #expect(
          error <= bound * largest,
          "\(kernels.name), \(operation.algorithmName ?? ""): \(error / largest) of the largest output")
      }
    }
  }
}
