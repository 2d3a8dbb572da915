import ConvoEngine
import ConvoTensor
import Glibc

/// Measures everything but convolution: how long an operation takes, and how many bytes of operands and results it moves
/// in a second.
struct OperationBench {
  let settings: EngineSettings
  let seconds: Double
  let only: String?

  func run() throws {
    print("operation               shape                        median ms     best ms      GB/s   GFLOP/s")
    var random = RandomSource(seed: 1)
    func tensor(_ extents: Int...) throws -> Tensor { try random.normal(Shape(extents)) }

    let tiny = try tensor(8)
    try measure("relu", Unary(kind: .relu, input: tiny), tiny)
    try measure("add", Binary(kind: .add, left: .tensor(tiny), right: .tensor(tiny)), tiny, tiny)
    try measure("sum", Reduction(kind: .sum, input: tiny), tiny)
    try measure("slice", Slicing(tiny, [.range(start: 1, stop: 7, step: 2)]), tiny)

    let large = try tensor(1, 64, 224, 224)
    let small = try tensor(1, 64, 56, 56)
    for x in [large, small] {
      try measure("relu", Unary(kind: .relu, input: x), x)
      try measure("exp", Unary(kind: .exp, input: x), x)
      try measure("tanh", Unary(kind: .tanh, input: x), x)
      try measure("gelu", Unary(kind: .gelu, input: x), x)
      try measure("add", Binary(kind: .add, left: .tensor(x), right: .tensor(x)), x, x)
      let bias = try tensor(64, 1, 1)
      try measure("add channel", Binary(kind: .add, left: .tensor(x), right: .tensor(bias)), x)
      try measure("sum", Reduction(kind: .sum, input: x), x)
      try measure("sum H W", Reduction(kind: .sum, input: x, axes: [2, 3]), x)
      try measure("mean C", Reduction(kind: .mean, input: x, axes: [1]), x)
      try measure("max", Reduction(kind: .maximum, input: x), x)
      try measure("std", Reduction(kind: .standardDeviation, input: x), x)
      try measure("argmax C", Reduction(kind: .argmax, input: x, axes: [1]), x)
      try measure("softmax C", Softmax(input: x, axis: 1), x)
      try measure("softmax W", Softmax(input: x, axis: 3), x)
      try measure("nhwc to nchw", Transposition(input: x, axes: [0, 2, 3, 1]), x)
    }
    let image = try tensor(380, 512, 3)
    try measure("hwc to chw", Transposition(input: image, axes: [2, 0, 1]), image)
    let planes = try tensor(3, 380, 512)
    try measure("chw to hwc", Transposition(input: planes, axes: [1, 2, 0]), planes)
    let three = try tensor(3)
    try measure(
      "image - mean", Binary(kind: .subtract, left: .tensor(image), right: .tensor(three)), image)
    let square = try tensor(2048, 2048)
    try measure("transpose", Transposition(input: square, axes: [1, 0]), square)

    func pool(_ x: Tensor, _ size: Int, _ stride: Int, _ padding: Int, _ kind: PoolingKind = .maximum) throws
    {
      try measure(
        "\(kind == .maximum ? "max" : "avg")pool \(size)×\(size)/\(stride) p\(padding)",
        Pooling(
          kind: kind, input: x,
          window: Window(
            extent: Extent2(size), stride: Extent2(stride), padding: .explicit(Padding2(padding)))), x)
    }
    try pool(large, 2, 2, 0)
    try pool(tensor(1, 64, 112, 112), 3, 2, 1)
    try pool(tensor(1, 3, 380, 512), 2, 2, 0)
    try pool(small, 3, 1, 1)
    try pool(large, 2, 2, 0, .average)
    try pool(tensor(1, 64, 112, 112), 3, 2, 1, .average)
    try pool(small, 5, 3, 0)

    for n in [64, 256, 1024] {
      let (a, b) = (try tensor(n, n), try tensor(n, n))
      try measure("matmul", MatrixProduct(left: a, right: b), a, b)
    }
    let weight = try tensor(1000, 2048)
    for rows in [1, 8, 64] {
      let x = try tensor(rows, 2048)
      try measure("linear \(rows)", Linear(input: x, weight: weight), x, weight)
    }
    let row = try tensor(1, 2048)
    try measure("vector · matrix", MatrixProduct(left: row, right: square), row, square)
    try measure("resize", Resizing(input: image, height: 190, width: 256), image)
    try measure(
      "upsample 2", Upsampling(input: small, scale: Extent2(2), mode: .bilinear), small)
    try measure("filter2d 3×3", Filter2D(image: image, weight: tensor(3, 3)), image)
  }

  private func measure(_ name: String, _ operation: some TensorOperation, _ operands: Tensor...) throws {
    if let only, !name.contains(only) { return }
    let shape = try operation.outputShape()
    var output = try Tensor(uninitialized: shape)
    let result = try Measurement.run(seconds: seconds, minimum: 5) { try operation.evaluate(into: &output) }
    let bytes = Double(4 * (shape.count + operands.reduce(0) { $0 + $1.count }))
    let rate = bytes / result.median * 1e-9
    let flops = 2 * Double(operation.multiplyAdds) / result.median * 1e-9
    let line =
      pad(name, 24) + pad(operands[0].shape.description, 26) + number(result.median * 1e3, 12)
      + number(result.minimum * 1e3, 12) + number(rate, 10) + (flops > 0 ? number(flops, 10) : "")
    print(line)
    flushOutput()
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private func number(_ value: Double, _ width: Int) -> String {
    let scale = value < 1 ? 10_000.0 : 100.0
    let rounded = (value * scale).rounded() / scale
    let text = "\(rounded)"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
