import Synchronization

/// Why storage could not be had. Nothing was allocated.
public enum AllocationError: Error, Sendable, Hashable {
  /// More than the limit that the user set, or that the machine's memory sets.
  case overLimit(requested: Int, inUse: Int, limit: Int)
  /// The system gave nothing, although the limit would have allowed it.
  case refused(requested: Int)
}

/// How many bytes tensors and scratch may hold together, and how many they hold.
///
/// Every allocation of the library asks here first, so that a size that does not fit is an error before any memory is
/// touched. Blocks that are kept for reuse but hold nothing do not count.
public enum MemoryBudget {
  private static let limitBytes = Atomic<Int>(Int.max)
  private static let usedBytes = Atomic<Int>(0)
  private static let mostBytes = Atomic<Int>(0)

  /// The most bytes that may be in use at once.
  public static var limit: Int {
    get { limitBytes.load(ordering: .relaxed) }
    set { limitBytes.store(newValue, ordering: .relaxed) }
  }

  /// The bytes in use now.
  public static var inUse: Int { usedBytes.load(ordering: .relaxed) }

  /// The most bytes that were in use at once since ``resetHighWater()``.
  public static var highWater: Int { mostBytes.load(ordering: .relaxed) }

  /// Starts to look for the high-water mark anew.
  public static func resetHighWater() { mostBytes.store(inUse, ordering: .relaxed) }

  /// Books `bytes`, or throws and books nothing.
  public static func reserve(_ bytes: Int) throws(AllocationError) {
    let before = usedBytes.wrappingAdd(bytes, ordering: .relaxed).oldValue
    let maximum = limit
    if bytes > maximum || before > maximum - bytes {
      usedBytes.wrappingSubtract(bytes, ordering: .relaxed)
      throw .overLimit(requested: bytes, inUse: before, limit: maximum)
    }
    var most = mostBytes.load(ordering: .relaxed)
    while before + bytes > most {
      let (exchanged, now) = mostBytes.compareExchange(
        expected: most, desired: before + bytes, ordering: .relaxed)
      if exchanged { break }
      most = now
    }
  }

  /// Gives back `bytes` that were reserved.
  public static func release(_ bytes: Int) {
    usedBytes.wrappingSubtract(bytes, ordering: .relaxed)
  }
}
