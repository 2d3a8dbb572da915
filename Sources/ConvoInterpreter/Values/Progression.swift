/// Whole numbers at equal distances, made as they are asked for: `range(2, 10, 3)`.
public struct Progression: Sendable, Hashable, RandomAccessCollection {
  /// The first number.
  public let start: Int
  /// From one to the next.
  public let step: Int
  /// How many there are.
  public let count: Int

  /// Numbers from `start` on that lie before `stop`, or behind it where the step is negative.
  ///
  /// - Precondition: the step is not 0, and all three lie within ±2⁵³.
  public init(from start: Int = 0, to stop: Int, by step: Int = 1) {
    self.start = start
    self.step = step
    let distance = step > 0 ? stop - start : start - stop
    count = distance > 0 ? (distance - 1) / abs(step) + 1 : 0
  }

  /// The place of the first number.
  public var startIndex: Int { 0 }
  /// The place behind the last number.
  public var endIndex: Int { count }
  /// The number at a place.
  public subscript(index: Int) -> Int { start + index * step }

  /// As it is written: `range(5)`, `range(2, 10, 3)`.
  public var text: String {
    let stop = start + count * step
    if step != 1 { return "range(\(start), \(stop), \(step))" }
    return start == 0 ? "range(\(stop))" : "range(\(start), \(stop))"
  }
}
