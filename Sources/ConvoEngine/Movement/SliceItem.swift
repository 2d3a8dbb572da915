import ConvoTensor

/// One place between the brackets of `x[0, 2:8, ..., newaxis]`.
public enum SliceItem: Sendable, Hashable {
  /// One element; the axis vanishes. Negative from the end.
  case index(Int)
  /// Elements from `start` up to but not including `stop`, `step` apart, as in Python: missing ends mean all, bounds
  /// beyond the axis are cut.
  case range(start: Int?, stop: Int?, step: Int)
  /// A new axis of extent 1.
  case newAxis
  /// As many whole axes as are left.
  case ellipsis

  /// A whole axis, `:`.
  public static let all = SliceItem.range(start: nil, stop: nil, step: 1)
}

/// Where the elements that a list of items selects lie in a tensor.
struct SlicePlan: Sendable {
  /// The offset of the first one.
  var offset = 0
  /// The extents of the selection.
  var extents: [Int] = []
  /// How far apart neighbours are; negative for a negative step.
  var strides: [Int] = []
  /// The axis of the input that each axis of the selection is; `nil` for a new one.
  var sources: [Int?] = []

  init(_ shape: Shape, _ items: [SliceItem]) throws(ShapeError) {
    var used = 0
    var ellipses = 0
    for item in items {
      switch item {
      case .index, .range: used += 1
      case .ellipsis: ellipses += 1
      case .newAxis: break
      }
    }
    guard ellipses <= 1 else { throw .ellipses(ellipses) }
    guard used <= shape.rank else { throw .tooManyIndices(count: used, rank: shape.rank) }
    let memory = shape.strides
    var axis = 0
    for item in ellipses == 0 ? items + [.ellipsis] : items {
      switch item {
      case .newAxis:
        append(extent: 1, stride: 0, source: nil)
      case .ellipsis:
        for _ in 0..<(shape.rank - used) {
          append(extent: shape[axis], stride: memory[axis], source: axis)
          axis += 1
        }
      case .index(let index):
        let extent = shape[axis]
        guard index >= -extent, index < extent else {
          throw .indexOutOfRange(index: index, axis: axis, extent: extent)
        }
        offset += (index < 0 ? index + extent : index) * memory[axis]
        axis += 1
      case .range(let start, let stop, let step):
        guard step != 0 else { throw .tooSmall(parameter: "step", value: 0, minimum: 1) }
        let (first, count) = SlicePlan.resolve(start, stop, step, extent: shape[axis])
        if count > 0 { offset += first * memory[axis] }
        // A step longer than the axis selects one element: its length is of no account and might overflow.
        append(extent: count, stride: count > 1 ? step * memory[axis] : 0, source: axis)
        axis += 1
      }
    }
  }

  private mutating func append(extent: Int, stride: Int, source: Int?) {
    extents.append(extent)
    strides.append(stride)
    sources.append(source)
  }

  /// The first index and the number of indices of a Python slice.
  static func resolve(_ start: Int?, _ stop: Int?, _ step: Int, extent: Int) -> (first: Int, count: Int) {
    func bound(_ value: Int, _ low: Int, _ high: Int) -> Int {
      let resolved = value < 0 ? value &+ extent : value
      return min(max(resolved, low), high)
    }
    if step > 0 {
      let first = start.map { bound($0, 0, extent) } ?? 0
      let end = stop.map { bound($0, 0, extent) } ?? extent
      return (first, end > first ? (end - first - 1) / step + 1 : 0)
    }
    let first = start.map { bound($0, -1, extent - 1) } ?? extent - 1
    let end = stop.map { bound($0, -1, extent - 1) } ?? -1
    // The magnitude as UInt: -Int.min does not exist.
    return (first, first > end ? Int(UInt(first - end - 1) / step.magnitude) + 1 : 0)
  }
}
