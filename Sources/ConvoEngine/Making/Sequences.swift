public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tensors that are made from a rule.
public enum Sequences {
  /// `start, start + step, …` up to but not including `stop`, each worked out in double precision from its index.
  ///
  /// - Shapes: → `[⌈(stop − start) / step⌉]`, or `[0]` where that is negative.
  /// - Throws: ``ShapeError/tooSmall(parameter:value:minimum:)`` for a step of 0 or one that is no number,
  ///   ``ShapeError/tooLarge(_:)`` for more elements than a tensor may have.
  public static func arange(from start: Double, to stop: Double, step: Double = 1) throws(OperationError)
    -> Tensor
  {
    guard step != 0, step.isFinite, start.isFinite else {
      throw .shape(.tooSmall(parameter: "step", value: 0, minimum: 1))
    }
    let exact = ceil((stop - start) / step)
    guard !exact.isNaN, exact < Double(Shape.maximumCount) else { throw .shape(.tooLarge([Int.max])) }
    return try make(.vector(Int(max(0, exact)))) { y, range in
      for i in range { y[i] = Float(start + Double(i) * step) }
    }
  }

  /// `count` numbers, evenly spaced, the first and the last of them exact.
  ///
  /// - Shapes: → `[count]`.
  /// - Throws: ``ShapeError/negativeExtent(_:)`` and ``ShapeError/tooLarge(_:)``.
  public static func linspace(from first: Double, to last: Double, count: Int) throws(OperationError)
    -> Tensor
  {
    let shape: Shape
    do { shape = try Shape([count]) } catch { throw .shape(error) }
    let step = count > 1 ? (last - first) / Double(count - 1) : 0
    return try make(shape) { y, range in
      for i in range { y[i] = Float(first + Double(i) * step) }
      if range.upperBound == count, count > 1 { y[count - 1] = Float(last) }
    }
  }

  /// A tensor with the same number everywhere.
  ///
  /// - Shapes: → `shape`.
  public static func full(_ shape: Shape, _ value: Float) throws(OperationError) -> Tensor {
    try make(shape) { y, range in (y + range.lowerBound).update(repeating: value, count: range.count) }
  }

  /// The matrix with ones on its diagonal and zeros elsewhere.
  ///
  /// - Shapes: → `[rows, columns]`, `[rows, rows]` without `columns`.
  public static func eye(_ rows: Int, columns: Int? = nil) throws(OperationError) -> Tensor {
    let shape: Shape
    do { shape = try Shape([rows, columns ?? rows]) } catch { throw .shape(error) }
    let width = shape[1]
    return try make(shape) { y, range in
      (y + range.lowerBound).update(repeating: 0, count: range.count)
      // The first of the ones, which are a row and an element apart, that lies in the range.
      var one = (range.lowerBound + width) / (width + 1) * (width + 1)
      while one < range.upperBound, one / (width + 1) < width {
        y[one] = 1
        one += width + 1
      }
    }
  }

  private static func make(
    _ shape: Shape, _ body: (UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) throws(OperationError) -> Tensor {
    var output: Tensor
    do { output = try Tensor(uninitialized: shape) } catch { throw .memory(error) }
    try output.fillAddress { (y) throws(OperationError) in
      try Workers.parallel(
        count: shape.count, grain: 1024, nanoseconds: 0.3, longest: Workers.longestStream
      ) { range, _ in body(y, range) }
    }
    return output
  }
}
