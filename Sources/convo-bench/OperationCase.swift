import ConvoEngine
import ConvoTensor

/// An operation that is measured: its name, the shapes of its operands, and how they make a call.
struct OperationCase: Sendable {
  let name: String
  let shapes: [[Int]]
  let make: @Sendable ([Tensor]) throws -> any TensorOperation

  init(
    _ name: String, _ shapes: [Int]..., make: @escaping @Sendable ([Tensor]) throws -> any TensorOperation
  ) {
    self.name = name
    self.shapes = shapes
    self.make = make
  }

  /// Everything that is measured, in the order of the table.
  static let all: [OperationCase] =
    tiny + maps + pictures + pools + matrices + sampling

  private static let tiny: [OperationCase] = [
    unary("relu", .relu, [8]), binary("add", .add, [8], [8]), reduction("sum", .sum, [8], nil),
    OperationCase("slice", [8]) { Slicing($0[0], [.range(start: 1, stop: 7, step: 2)]) },
  ]

  private static let maps: [OperationCase] = [[1024], [1, 64, 56, 56], [1, 64, 224, 224]].flatMap { shape in
    let functions = [
      unary("relu", .relu, shape), unary("exp", .exp, shape), unary("sigmoid", .sigmoid, shape),
      unary("tanh", .tanh, shape), unary("silu", .silu, shape), unary("gelu", .gelu, shape),
      binary("add", .add, shape, shape), reduction("sum", .sum, shape, nil),
      reduction("max", .maximum, shape, nil), reduction("argmax", .argmax, shape, nil),
      OperationCase("x*y + z", shape, shape, shape) {
        MultiplyAdd(x: $0[0], y: $0[1], z: $0[2])
      },
    ]
    if shape.count == 1 { return functions }
    return functions + [
      binary("add channel", .add, shape, [64, 1, 1]),
      reduction("sum H W", .sum, shape, [2, 3]), reduction("mean H W", .mean, shape, [2, 3]),
      reduction("mean C", .mean, shape, [1]), reduction("std", .standardDeviation, shape, nil),
      reduction("argmax C", .argmax, shape, [1]),
      OperationCase("softmax C", shape) { Softmax(input: $0[0], axis: 1) },
      OperationCase("softmax W", shape) { Softmax(input: $0[0], axis: 3) },
      OperationCase("nchw to nhwc", shape) { Transposition(input: $0[0], axes: [0, 2, 3, 1]) },
      OperationCase("concat C", shape, shape) { Concatenation($0, axis: 1) },
      OperationCase("pad 1", shape) { PaddingOperation(input: $0[0], widths: [(1, 1), (1, 1)]) },
    ]
  }

  private static let pictures: [OperationCase] = [
    OperationCase("hwc to chw", [380, 512, 3]) { Transposition(input: $0[0], axes: [2, 0, 1]) },
    OperationCase("chw to hwc", [3, 380, 512]) { Transposition(input: $0[0], axes: [1, 2, 0]) },
    OperationCase("hwc to chw", [2160, 3840, 3]) { Transposition(input: $0[0], axes: [2, 0, 1]) },
    OperationCase("chw to hwc", [3, 2160, 3840]) { Transposition(input: $0[0], axes: [1, 2, 0]) },
    binary("image - mean", .subtract, [380, 512, 3], [3]),
    OperationCase("transpose", [2048, 2048]) { Transposition(input: $0[0], axes: [1, 0]) },
  ]

  private static let pools: [OperationCase] = [
    pool([1, 64, 224, 224], 2, 2, 0), pool([1, 64, 112, 112], 3, 2, 1), pool([1, 3, 380, 512], 2, 2, 0),
    pool([1, 64, 56, 56], 3, 1, 1), pool([1, 64, 224, 224], 2, 2, 0, .average),
    pool([1, 64, 112, 112], 3, 2, 1, .average), pool([1, 64, 56, 56], 5, 3, 0),
  ]

  private static let matrices: [OperationCase] =
    [(64, 64, 64), (127, 333, 65), (256, 256, 256), (1024, 1024, 1024), (1, 2048, 2048)].map { m, k, n in
      OperationCase("matmul", [m, k], [k, n]) { MatrixProduct(left: $0[0], right: $0[1]) }
    }
    + [(1, 512), (32, 512), (1, 2048), (8, 2048), (64, 2048)].map { rows, features in
      OperationCase("linear", [rows, features], [1000, features]) { Linear(input: $0[0], weight: $0[1]) }
    }
    + [1, 64].map { rows in OperationCase("softmax", [rows, 1000]) { Softmax(input: $0[0], axis: 1) } }

  private static let sampling: [OperationCase] =
    [
      OperationCase("resize half", [380, 512, 3]) { Resizing(input: $0[0], height: 190, width: 256) },
      OperationCase("resize 2 nearest", [380, 512, 3]) {
        Resizing(input: $0[0], height: 760, width: 1024, mode: .nearest)
      },
      OperationCase("resize 2", [380, 512, 3]) { Resizing(input: $0[0], height: 760, width: 1024) },
      OperationCase("upsample 2 nearest", [1, 64, 56, 56]) {
        Upsampling(input: $0[0], scale: Extent2(2), mode: .nearest)
      },
      OperationCase("upsample 2", [1, 64, 56, 56]) {
        Upsampling(input: $0[0], scale: Extent2(2), mode: .bilinear)
      },
      OperationCase("filter2d", [380, 512, 3], [3, 3]) { Filter2D(image: $0[0], weight: $0[1]) },
    ]

  private static func unary(_ name: String, _ kind: UnaryKind, _ shape: [Int]) -> OperationCase {
    OperationCase(name, shape) { Unary(kind: kind, input: $0[0]) }
  }

  private static func binary(_ name: String, _ kind: BinaryKind, _ a: [Int], _ b: [Int]) -> OperationCase {
    OperationCase(name, a, b) { Binary(kind: kind, left: .tensor($0[0]), right: .tensor($0[1])) }
  }

  private static func reduction(_ name: String, _ kind: ReductionKind, _ shape: [Int], _ axes: [Int]?)
    -> OperationCase
  {
    OperationCase(name, shape) { Reduction(kind: kind, input: $0[0], axes: axes) }
  }

  private static func pool(
    _ shape: [Int], _ size: Int, _ stride: Int, _ padding: Int, _ kind: PoolingKind = .maximum
  ) -> OperationCase {
    let window = Window(
      extent: Extent2(size), stride: Extent2(stride), padding: .explicit(Padding2(padding)))
    return OperationCase(
      "\(kind == .maximum ? "max" : "avg")pool \(size)×\(size)/\(stride) p\(padding)", shape
    ) { Pooling(kind: kind, input: $0[0], window: window) }
  }
}

/// `x * y + z` as the language has it: two operations, the second in the memory of the first one's result.
private struct MultiplyAdd: TensorOperation {
  let x: Tensor
  let y: Tensor
  let z: Tensor

  func outputShape() throws(ShapeError) -> Shape { x.shape }

  func evaluate(into output: inout Tensor) throws(OperationError) {
    try Binary(kind: .multiply, left: .tensor(x), right: .tensor(y)).evaluate(into: &output)
    var sum = Binary(kind: .add, left: .tensor(output), right: .tensor(z))
    output = .empty
    output = try sum.result()
  }
}
