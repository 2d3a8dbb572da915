import ConvoEngine
import ConvoTensor

/// The table of `convo-bench --denormals`: what numbers below 1.2e-38 cost, for each algorithm.
///
/// A layer runs with ordinary operands, with a picture of denormals, with a weight of denormals, and with ordinary operands
/// whose products are denormal.
struct Denormals {
  let settings: EngineSettings
  let seconds: Double

  /// The algorithms, each with a layer that it computes.
  private static let layers: [(algorithm: String, layer: Layer)] = [
    ("depthwise", .convolution("3×3 144@56", 144, 56, 56, to: 144, 3, pad: 1, groups: 144)),
    ("channelwise", .convolution("7×7 96@14", 96, 14, 14, to: 96, 7, pad: 3, groups: 96)),
    ("winograd4", .convolution("3×3 128@28", 128, 28, 28, to: 128, 3, pad: 1)),
    ("winograd2", .convolution("3×3 128@28", 128, 28, 28, to: 128, 3, pad: 1)),
    ("winograd2-step2", .convolution("3×3 stride 2 128@56", 128, 56, 56, to: 128, 3, stride: 2, pad: 1)),
    ("winograd3", .convolution("7×7 stride 2 64@56", 64, 56, 56, to: 64, 7, stride: 2, pad: 3)),
    ("blocked", .convolution("3×3 128@28", 128, 28, 28, to: 128, 3, pad: 1)),
    ("flat", .convolution("3×3 128@28", 128, 28, 28, to: 128, 3, pad: 1)),
    ("flat", .convolution("5×5 3→3@380×512", 3, 380, 512, to: 3, 5)),
    ("matrix", .convolution("7×7 512→256@7", 512, 7, 7, to: 256, 7)),
    ("reference", .convolution("3×3 16@28", 16, 28, 28, to: 16, 3, pad: 1)),
  ]

  /// Measures and prints.
  func run() throws {
    print(
      column("algorithm", 16) + column("layer", 22) + number("ms", 10) + number("picture", 10)
        + number("weight", 10) + number("products", 10))
    for (name, layer) in Denormals.layers {
      let (input, weight) = try layer.operands()
      guard let weight else { continue }
      var forced = settings
      forced.algorithm = .named(name)
      // 0x1p-126 is the smallest number that is not denormal.
      let cases: [(Float, Float)] = [(1, 1), (0x1p-130, 1), (1, 0x1p-127), (0x1p-66, 0x1p-64)]
      let times = try cases.map { (picture, coefficients) in
        let operation = layer.operation(
          try scaled(input, by: picture), try scaled(weight, by: coefficients), forced)
        var output = try Tensor(uninitialized: operation.outputShape())
        return try Measurement.run(seconds: seconds, minimum: 5) { try operation.evaluate(into: &output) }
          .minimum
      }
      print(
        column(name, 16) + column(layer.name, 22) + number(fixed(times[0] * 1e3, 4), 10)
          + times.dropFirst().map { number("×" + fixed($0 / times[0], 2), 10) }.joined())
      flushOutput()
    }
  }

  private func scaled(_ tensor: Tensor, by factor: Float) throws -> Tensor {
    try Tensor(tensor.toArray().map { $0 * factor }, tensor.shape)
  }
}
