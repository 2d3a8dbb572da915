import ConvoEngine
import ConvoTensor
import FoundationEssentials

/// One row of the benchmark: a convolution or a pool, in the form of `layers.json`.
struct Layer: Codable, Sendable {
  var name: String
  var kind: String
  var N: Int
  var C: Int
  var H: Int
  var W: Int
  var K: Int
  var R: Int
  var S: Int
  var stride: [Int]
  var pad: [Int]
  var dilation: [Int]
  var groups: Int

  /// A convolution of square pictures and windows.
  static func convolution(
    _ name: String, batch: Int = 1, _ channels: Int, _ height: Int, _ width: Int, to outputs: Int,
    _ window: Int,
    stride: Int = 1, pad: Int = 0, dilation: Int = 1, groups: Int = 1
  ) -> Layer {
    Layer(
      name: name, kind: "conv", N: batch, C: channels, H: height, W: width, K: outputs, R: window, S: window,
      stride: [stride, stride], pad: [pad, pad], dilation: [dilation, dilation], groups: groups)
  }

  /// A convolution of a line of `taps`, padded so that the picture keeps its size.
  static func line(_ name: String, _ channels: Int, _ extent: Int, to outputs: Int, _ taps: Int) -> Layer {
    var layer = convolution(name, channels, extent, extent, to: outputs, 1)
    (layer.S, layer.pad) = (taps, [0, taps / 2])
    return layer
  }

  /// A maximum pool.
  static func pool(
    _ name: String, _ channels: Int, _ height: Int, _ width: Int, _ window: Int, stride: Int, pad: Int = 0
  ) -> Layer {
    Layer(
      name: name, kind: "maxpool", N: 1, C: channels, H: height, W: width, K: channels, R: window, S: window,
      stride: [stride, stride], pad: [pad, pad], dilation: [1, 1], groups: channels)
  }

  /// Layers from the tutorial and from networks that everybody knows.
  static let builtin: [Layer] = [
    .convolution("tutorial 5×5 3→3", 3, 380, 512, to: 3, 5),
    .convolution("tutorial 3×3 1→1", 1, 380, 512, to: 1, 3),
    .convolution("tutorial 3×3 stride 2 3→5", 3, 376, 508, to: 5, 3, stride: 2),
    .convolution("tutorial 3×3 3→5", 3, 380, 512, to: 5, 3),
    .convolution("3×3 64@224", 64, 224, 224, to: 64, 3, pad: 1),
    .convolution("3×3 128@112", 128, 112, 112, to: 128, 3, pad: 1),
    .convolution("3×3 256@56", 256, 56, 56, to: 256, 3, pad: 1),
    .convolution("3×3 512@28", 512, 28, 28, to: 512, 3, pad: 1),
    .convolution("3×3 512@14", 512, 14, 14, to: 512, 3, pad: 1),
    .convolution("3×3 128@28", 128, 28, 28, to: 128, 3, pad: 1),
    .convolution("3×3 256@14", 256, 14, 14, to: 256, 3, pad: 1),
    .convolution("3×3 512@7", 512, 7, 7, to: 512, 3, pad: 1),
    .convolution("7×7 stride 2 3→64@224", 3, 224, 224, to: 64, 7, stride: 2, pad: 3),
    .convolution("3×3 stride 2 128@56", 128, 56, 56, to: 128, 3, stride: 2, pad: 1),
    .convolution("1×1 64→256@56", 64, 56, 56, to: 256, 1),
    .convolution("1×1 256→64@56", 256, 56, 56, to: 64, 1),
    .convolution("1×1 512→128@28", 512, 28, 28, to: 128, 1),
    .convolution("1×1 1024→256@14", 1024, 14, 14, to: 256, 1),
    .convolution("1×1 2048→512@7", 2048, 7, 7, to: 512, 1),
    .convolution("depthwise 96@112 stride 2", 96, 112, 112, to: 96, 3, stride: 2, pad: 1, groups: 96),
    .convolution("depthwise 144@56", 144, 56, 56, to: 144, 3, pad: 1, groups: 144),
    .convolution("depthwise 384@14", 384, 14, 14, to: 384, 3, pad: 1, groups: 384),
    .convolution("dilated 256@28", 256, 28, 28, to: 256, 3, pad: 2, dilation: 2),
    .convolution("grouped 32×128@56", 128, 56, 56, to: 128, 3, pad: 1, groups: 32),
    .convolution("batch 8, 3×3 128@28", batch: 8, 128, 28, 28, to: 128, 3, pad: 1),
    .convolution("photograph 5×5 3→8", 3, 2160, 3840, to: 8, 5, pad: 2),
    .line("1×7 192@17", 192, 17, to: 192, 7),
    .convolution("tiny 3×3 8×8", 1, 8, 8, to: 1, 3),
    .pool("max-pool 2×2 64@224", 64, 224, 224, 2, stride: 2),
    .pool("max-pool 3×3 stride 2 64@112", 64, 112, 112, 3, stride: 2, pad: 1),
    .pool("max-pool 2×2 3@380×512", 3, 380, 512, 2, stride: 2),
  ]

  /// The layers of a file, a JSON list.
  static func read(_ path: String) throws -> [Layer] {
    try JSONDecoder().decode([Layer].self, from: Data(contentsOf: URL(filePath: path)))
  }

  /// The list in the form that ``read(_:)`` takes.
  static func write(_ layers: [Layer]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(layers), as: UTF8.self)
  }

  /// The operation on these operands.
  func operation(_ input: Tensor, _ weight: Tensor?, _ settings: EngineSettings) -> any TensorOperation {
    let window = Extent2(height: R, width: S)
    let step = Extent2(height: stride[0], width: stride[1])
    let padding = Padding.explicit(Padding2(top: pad[0], bottom: pad[0], left: pad[1], right: pad[1]))
    guard let weight else {
      return Pooling(
        kind: .maximum, input: input, window: Window(extent: window, stride: step, padding: padding))
    }
    return Convolution(
      input: input, weight: weight, stride: step, padding: padding,
      dilation: Extent2(height: dilation[0], width: dilation[1]), groups: groups, settings: settings)
  }

  /// Random operands of the right shapes; a pool has no weight.
  func operands() throws -> (input: Tensor, weight: Tensor?) {
    let input = try Layer.random([N, C, H, W], scale: 1)
    if kind != "conv" { return (input, nil) }
    return (
      input, try Layer.random([K, C / groups, R, S], scale: 1 / Float(C / groups * R * S).squareRoot())
    )
  }

  private static func random(_ extents: [Int], scale: Float) throws -> Tensor {
    var tensor = try Tensor(uninitialized: Shape(extents))
    var state: UInt64 = 88_172_645_463_325_252
    tensor.fill { buffer in
      for index in buffer.indices {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        buffer[index] = (Float(state >> 40) * 0x1p-23 - 1) * scale
      }
    }
    return tensor
  }
}
