public import ConvoTensor

/// How far two tensors are apart, element by element, in double precision.
///
/// Equal elements, infinite ones too, are no distance apart. A NaN has no distance to a number; two are counted apart.
///
/// - Shapes: two that can be stretched to one.
public struct Difference: Sendable {
  /// The shape that both were stretched to.
  public let shape: Shape
  /// The largest distance that is a number, infinity included; 0 if there is none.
  public private(set) var largest = 0.0
  /// Where the first of the largest is, as a position in row-major order; nil if no distance is above 0.
  public private(set) var largestPosition: Int?
  /// The mean of the distances that are numbers.
  public private(set) var mean = 0.0
  /// How many distances are numbers.
  public private(set) var count = 0
  /// Where only one is NaN: how often, and first as a position.
  public private(set) var oneNaN: (count: Int, first: Int) = (0, 0)
  /// Where both are NaN: how often.
  public private(set) var bothNaN = 0

  /// Compares two tensors.
  ///
  /// - Throws: ``OperationError`` for shapes that do not fit together, for want of memory to stretch one, after Ctrl-C.
  public init(_ first: Tensor, _ second: Tensor) throws(OperationError) {
    var total = 0.0
    var result = (largest: 0.0, position: Int?.none, count: 0, one: (count: 0, first: 0), both: 0)
    shape = try Difference.forEachPair(first, second) { a, b, position in
      if a == b {
        result.count += 1
      } else if a.isNaN, b.isNaN {
        result.both += 1
      } else if a.isNaN || b.isNaN {
        if result.one.count == 0 { result.one.first = position }
        result.one.count += 1
      } else {
        let distance = abs(Double(a) - Double(b))
        total += distance
        result.count += 1
        if distance > result.largest { (result.largest, result.position) = (distance, position) }
      }
      return true
    }
    (largest, largestPosition, count, oneNaN, bothNaN) = result
    mean = count > 0 ? total / Double(count) : 0
  }

  /// Whether |a − b| ≤ absolute + relative·|b| everywhere; what is not finite must be equal, and NaN never is.
  ///
  /// - Throws: ``OperationError`` as ``init(_:_:)``.
  public static func isWithin(
    _ first: Tensor, _ second: Tensor, relative: Double, absolute: Double
  ) throws(OperationError) -> Bool {
    var holds = true
    _ = try forEachPair(first, second) { a, b, _ in
      holds = isWithin(Double(a), Double(b), relative: relative, absolute: absolute)
      return holds
    }
    return holds
  }

  /// The same for two numbers.
  @inline(__always)
  public static func isWithin(_ a: Double, _ b: Double, relative: Double, absolute: Double) -> Bool {
    if a == b { return true }
    guard a.isFinite, b.isFinite else { return false }
    return abs(a - b) <= absolute + relative * abs(b)
  }

  /// Calls `body` with the elements of both until it gives false; gives the shape that both were stretched to.
  @inline(__always)
  private static func forEachPair(
    _ first: Tensor, _ second: Tensor, _ body: (Float, Float, Int) -> Bool
  ) throws(OperationError) -> Shape {
    let shape: Shape
    do { shape = try first.shape.broadcast(with: second.shape) } catch { throw .shape(error) }
    func stretched(_ tensor: Tensor) throws(OperationError) -> Tensor {
      if tensor.shape == shape { return tensor }
      var operation = Broadcasting(input: tensor, shape: shape)
      return try operation.result()
    }
    let (left, right) = (try stretched(first), try stretched(second))
    let block = 1 << 20
    try left.withUnsafeFloats { (a) throws(OperationError) in
      try right.withUnsafeFloats { (b) throws(OperationError) in
        for start in stride(from: 0, to: shape.count, by: block) {
          if Cancellation.isRequested { throw OperationError.cancelled }
          for index in start..<min(start + block, shape.count) where !body(a[index], b[index], index) {
            return
          }
        }
      }
    }
    return shape
  }
}
