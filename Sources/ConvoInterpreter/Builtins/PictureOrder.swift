internal import ConvoEngine
internal import ConvoTensor

/// The two orders in which pictures stand: H W C in files, N C H W in networks.
enum PictureOrder {
  /// `[H,W]`, `[H,W,C]` or `[N,H,W,C]` to `[N,C,H,W]`.
  static func nchw(_ image: Tensor, _ evaluator: Evaluator) throws -> Tensor {
    let e = image.shape.extents
    switch image.rank {
    case 2: return try image.reshaped(to: Shape([1, 1, e[0], e[1]]), axes: .pictures(rank: 4))
    case 3:
      let picture = try evaluator.perform(
        Transposition(input: image, axes: [2, 0, 1]), named: "nchw", reading: [image])
      return try picture.reshaped(to: Shape([1, e[2], e[0], e[1]]), axes: .pictures(rank: 4))
    case 4:
      var result = try evaluator.perform(
        Transposition(input: image, axes: [0, 3, 1, 2]), named: "transpose", reading: [image])
      result.axes = .pictures(rank: 4)
      return result
    default: throw ShapeError.rank(operand: "image", expected: "H×W, H×W×C or N×H×W×C", found: image.shape)
    }
  }

  /// `[N,C,H,W]` or `[C,H,W]` to `[H,W,C]` of the first picture.
  static func hwc(_ x: Tensor, _ evaluator: Evaluator) throws -> Tensor {
    guard x.rank == 3 || x.rank == 4 else {
      throw ShapeError.rank(operand: "x", expected: "N×C×H×W or C×H×W", found: x.shape)
    }
    let picture = try first(x)
    var result = try evaluator.perform(
      Transposition(input: picture, axes: [1, 2, 0]), named: "transpose", reading: [picture])
    result.axes = .image(rank: 3)
    return result
  }

  /// The first picture of a batch, as C×H×W.
  static func first(_ x: Tensor) throws -> Tensor {
    guard x.rank == 4 else { return x }
    guard x.shape[0] > 0 else { throw ShapeError.empty(operation: "a batch") }
    let shape = try Shape(Array(x.shape.extents.dropFirst()))
    return x.view(of: 0..<shape.count, shape: shape, axes: .pictures(rank: 3))
  }
}
