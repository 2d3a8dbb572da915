/// Why an operation cannot be applied to the shapes that it was given. Holds the numbers; the interpreter words them.
public enum ShapeError: Error, Sendable, Hashable {
  /// `zeros(-1, 2)`
  case negativeExtent([Int])
  /// `zeros(1e9, 1e9, 1e9)`: more elements than any tensor may have.
  case tooLarge([Int])
  /// `reshape([1], ones(33))`: more axes than a tensor may have.
  case tooManyAxes(Int)
  /// `sum(zeros(2, 3), axis=5)`
  case axisOutOfRange(axis: Int, rank: Int)
  /// `transpose(x, 0, 0, 1)`
  case repeatedAxis(Int)
  /// `transpose(zeros(2, 3), 0)`: as many axes as the tensor has are wanted.
  case axisCount(expected: Int, found: Int)
  /// `zeros(2, 3) + zeros(4)`
  case broadcast(Shape, Shape)
  /// `reshape(zeros(2, 3), 4)`
  case elementCount(from: Shape, to: [Int])
  /// `conv2d(zeros(3), w)`: `expected` in words, such as "N×C×H×W or C×H×W".
  case rank(operand: String, expected: String, found: Shape)
  /// `conv2d(zeros(1, 3, 8, 8), zeros(5, 4, 3, 3))`
  case channels(input: Int, weight: Int, groups: Int)
  /// `conv2d(…, groups=2)` where a channel count is no multiple of the groups.
  case groups(groups: Int, channels: Int, operand: String)
  /// `conv2d(x, w, zeros(4))` with another number of output channels.
  case bias(expected: Int, found: Shape)
  /// `conv2d(zeros(1, 1, 2, 2), zeros(1, 1, 5, 5))`: the padded input is smaller than the (dilated) window.
  case windowTooLarge(window: Extent2, input: Extent2)
  /// `maxpool(x, 2, stride=0)`: `parameter` must be `minimum` or more.
  case tooSmall(parameter: String, value: Int, minimum: Int)
  /// `maxpool(x, 1e12)`: `parameter` must be `maximum` or less.
  case tooBig(parameter: String, value: Int, maximum: Int)
  /// `matmul(zeros(2, 3), zeros(4, 5))`
  case inner(Shape, Shape)
  /// `concat([zeros(2, 3), zeros(2, 4)])`: all but the joined axis must agree.
  case mismatch(axis: Int, Shape, Shape)
  /// `max(zeros(0))`
  case empty(operation: String)
  /// `split(zeros(5), 2)`
  case uneven(extent: Int, parts: Int)
  /// `split(zeros(5), [2, 2])`
  case partsSum(extent: Int, sum: Int)
  /// `x[7]` on an axis of 5.
  case indexOutOfRange(index: Int, axis: Int, extent: Int)
  /// `gather(zeros(3), [0, 7], 0)`: the index's element at `at` is no place of an axis of `extent`.
  case elementOutOfRange(index: Int, at: [Int], axis: Int, extent: Int)
  /// `gather(zeros(3), [0.5], 0)`
  case indexNotWhole(at: [Int])
  /// A mask that has not the shape of the leading axes of what it selects from.
  case mask(Shape, of: Shape)
  /// `gather(zeros(2, 3), zeros(3, 3), 1)`: an operand that reaches less far than the index.
  case covers(operand: String, Shape, Shape)
  /// `x[0, 0, 0]` on a tensor of rank 2.
  case tooManyIndices(count: Int, rank: Int)
  /// `x[..., 0, ...]`: there may be one ellipsis.
  case ellipses(Int)
  /// `squeeze(zeros(2, 3), 0)`
  case notOne(axis: Int, extent: Int)
  /// `x[0:2] = zeros(3)`
  case assignment(target: Shape, value: Shape)
  /// `pad(x, widths, mode="reflect")` by as much as the axis is long.
  case reflection(width: Int, extent: Int)
  /// A parameter vector, such as a batch norm's mean, of the wrong length.
  case length(operand: String, expected: Int, found: Shape)
}

/// Two extents that belong together, height before width.
public struct Extent2: Sendable, Hashable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// An extent of its own in each direction.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The same extent in both directions.
  public init(_ both: Int) { self.init(height: both, width: both) }
}
