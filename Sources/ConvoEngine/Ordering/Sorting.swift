public import ConvoTensor

/// Sorts a tensor along an axis, or tells where each element of the sorted one comes from.
///
/// The order is stable in both directions, −0 and 0 are equal, and NaN stands last.
///
/// - Shapes: any of at least one axis → the same.
public struct Sorting: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The axis along which is sorted; negative from the end.
  public var axis: Int
  /// Whether the largest comes first.
  public var isDescending: Bool
  /// Whether positions are wanted instead of the elements.
  public var givesPositions: Bool
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, axis: Int = -1, isDescending: Bool = false, givesPositions: Bool = false) {
    self.input = input
    self.axis = axis
    self.isDescending = isDescending
    self.givesPositions = givesPositions
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let axis = try input.shape.axis(axis)
    guard input.shape[axis] <= Int(UInt32.max) else {
      throw .tooBig(parameter: "the extent of the axis", value: input.shape[axis], maximum: Int(UInt32.max))
    }
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let lines: AxisLines
    do { lines = AxisLines(input.shape, try input.shape.axis(axis)) } catch { throw .shape(error) }
    let (extent, step) = (lines.extent, lines.step)
    let threads = min((settings ?? .current).threads, lines.count)
    // For each thread two columns of keys: one that is read, one that is written.
    let scratch = try Scratch(bytes: 16 * extent, threads: threads)
    let (isDescending, givesPositions) = (isDescending, givesPositions)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        try Workers.parallel(
          count: lines.count, grain: 1, nanoseconds: 30 * Double(extent), threads: threads
        ) { range, worker in
          scratch.floats(of: worker).withMemoryRebound(to: UInt64.self, capacity: 2 * extent) { keys in
            let column = SortColumn(keys: keys, spare: keys + extent, count: extent)
            for line in range {
              if Cancellation.isRequested { return }
              let start = lines.start(of: line)
              let order = column.order(x + start, step, isDescending)
              for i in 0..<extent {
                let place = Int(order[i] & 0xFFFF_FFFF)
                y[start + i * step] = givesPositions ? Float(place) : x[start + place * step]
              }
            }
          }
        }
      }
    }
  }
}

/// The lines of a tensor along one of its axes.
struct AxisLines: Sendable {
  /// How many elements a line has.
  let extent: Int
  /// How far apart neighbours of a line are.
  let step: Int
  /// How many lines there are.
  let count: Int

  init(_ shape: Shape, _ axis: Int) {
    extent = shape[axis]
    step = shape.strides[axis]
    count = shape.count / max(extent, 1)
  }

  /// Where a line begins.
  @inline(__always)
  func start(of line: Int) -> Int { line / step * (step * extent) + line % step }
}

/// Orders one line of numbers: each becomes a key of 32 bits that compares as the number does, above its position.
struct SortColumn {
  let keys: UnsafeMutablePointer<UInt64>
  let spare: UnsafeMutablePointer<UInt64>
  let count: Int

  /// Lines from this length on are sorted digit by digit; below, counting 256 digits costs more than comparing.
  private static let long = 512

  /// The keys in order; the lower half of each is the position of its number.
  func order(_ x: UnsafePointer<Float>, _ step: Int, _ isDescending: Bool) -> UnsafeMutablePointer<UInt64> {
    for i in 0..<count { keys[i] = UInt64(SortColumn.key(x[i * step], isDescending)) << 32 | UInt64(i) }
    guard count >= SortColumn.long else {
      // No two keys are the same, so that any order is stable.
      var line = UnsafeMutableBufferPointer(start: keys, count: count)
      line.sort()
      return keys
    }
    var (from, to) = (keys, spare)
    for shift in stride(from: UInt64(32), to: 64, by: 8) {
      if Cancellation.isRequested { break }
      if SortColumn.distribute(from, to, count, shift) { swap(&from, &to) }
    }
    return from
  }

  /// A whole number that grows, or falls, with a number; NaN has the largest.
  @inline(__always)
  static func key(_ value: Float, _ isDescending: Bool) -> UInt32 {
    if value.isNaN { return .max }
    // Adding 0 makes −0 a 0.
    let bits = (value + 0).bitPattern
    let ascending = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
    return isDescending ? ~ascending : ascending
  }

  /// Moves the keys into the order of one of their bytes; does nothing, and says so, where all have the same.
  private static func distribute(
    _ from: UnsafeMutablePointer<UInt64>, _ to: UnsafeMutablePointer<UInt64>, _ count: Int, _ shift: UInt64
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
      places.initialize(repeating: 0)
      for i in 0..<count { places[Int(from[i] >> shift & 0xFF)] += 1 }
      if places[Int(from[0] >> shift & 0xFF)] == count { return false }
      var next = 0
      for digit in 0..<256 { (places[digit], next) = (next, next + places[digit]) }
      for i in 0..<count {
        let digit = Int(from[i] >> shift & 0xFF)
        to[places[digit]] = from[i]
        places[digit] += 1
      }
      return true
    }
  }
}
