/// The extents of a tensor, outermost first: `[1, 3, 380, 512]`.
///
/// Elements are row-major: the last axis is contiguous. A shape of rank 0 holds one element, a shape with a zero
/// extent none. The product of the extents is known to fit, so `count` never overflows.
public struct Shape: Sendable, Hashable {
  /// The number of elements along each axis.
  public let extents: [Int]

  /// The number of elements, 1 for rank 0.
  public let count: Int

  /// The most elements a tensor may have: its byte count must fit in an `Int`.
  public static let maximumCount = Int.max / 64

  /// The most axes a tensor may have, as in NumPy before its version 2.
  public static let maximumRank = 32

  /// Checks the extents once, so that everything behind may trust them.
  ///
  /// - Throws: ``ShapeError/tooManyAxes(_:)``, ``ShapeError/negativeExtent(_:)`` and ``ShapeError/tooLarge(_:)``.
  public init(_ extents: [Int]) throws(ShapeError) {
    // Without the zeros the product must fit too, as in NumPy: strides and partial products are never checked again.
    if extents.count > Shape.maximumRank { throw .tooManyAxes(extents.count) }
    var product = 1
    for extent in extents {
      if extent < 0 { throw .negativeExtent(extents) }
      let (value, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
      if overflow || value > Shape.maximumCount { throw .tooLarge(extents) }
      product = value
    }
    self.extents = extents
    self.count = extents.contains(0) ? 0 : product
  }

  /// The shape of a single number, `[]`.
  public static let scalar = Shape(extents: [], count: 1)

  private init(extents: [Int], count: Int) {
    self.extents = extents
    self.count = count
  }

  /// A shape with one axis.
  public static func vector(_ count: Int) -> Shape {
    Shape(extents: [max(0, count)], count: max(0, count))
  }

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The extent of axis `axis`, which must be in `0 ..< rank`.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// How many elements apart two neighbours along each axis are: `[590592, 196864, 512, 1]` for `[1, 3, 380, 512]`
  /// has 512 in row direction.
  public var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      result[axis] = step
      step *= max(extents[axis], 1)
    }
    return result
  }

  /// Turns an axis that may be negative (`-1` is the last) into `0 ..< rank`.
  ///
  /// - Throws: ``ShapeError/axisOutOfRange(axis:rank:)``.
  public func axis(_ axis: Int) throws(ShapeError) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard resolved >= 0, resolved < rank else { throw .axisOutOfRange(axis: axis, rank: rank) }
    return resolved
  }

  /// Turns a list of axes into ascending distinct positions; `nil` means all of them.
  ///
  /// - Throws: ``ShapeError/axisOutOfRange(axis:rank:)`` and ``ShapeError/repeatedAxis(_:)``.
  public func axes(_ axes: [Int]?) throws(ShapeError) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    var result: [Int] = []
    for axis in axes {
      let resolved = try self.axis(axis)
      if result.contains(resolved) { throw .repeatedAxis(axis) }
      result.append(resolved)
    }
    return result.sorted()
  }

  /// The shape that both operands are stretched to, axis by axis from the last, where 1 fits anything.
  ///
  /// - Throws: ``ShapeError/broadcast(_:_:)``.
  /// - Source: NumPy, "Broadcasting", https://numpy.org/doc/stable/user/basics.broadcasting.html
  public func broadcast(with other: Shape) throws(ShapeError) -> Shape {
    if self == other { return self }
    var result = [Int](repeating: 1, count: max(rank, other.rank))
    for back in 1...max(result.count, 1) where back <= result.count {
      let left = back <= rank ? extents[rank - back] : 1
      let right = back <= other.rank ? other.extents[other.rank - back] : 1
      guard left == right || left == 1 || right == 1 else { throw .broadcast(self, other) }
      result[result.count - back] = left == 1 ? right : left
    }
    return try Shape(result)
  }
}

extension Shape: CustomStringConvertible {
  /// The form that users read and write: `[1, 3, 380, 512]`.
  public var description: String {
    "[" + extents.map(String.init).joined(separator: ", ") + "]"
  }
}
