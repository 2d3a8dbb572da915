import Synchronization

/// Why storage could not be had. Nothing was allocated.
public enum AllocationError: Error, Sendable, Hashable {
  /// More than the limit that the user set, or that the machine's memory sets.
  case overLimit(requested: Int, inUse: Int, limit: Int)
  /// The system gave nothing, although the limit would have allowed it.
  case refused(requested: Int)
}

/// How many bytes all values and scratch may hold together, and how many they hold.
///
/// Every large allocation asks here first, so that a size that does not fit is an error before any memory is touched.
/// Storage of tensors, scratch and files are booked to the byte. Texts, lists, records, functions and the headers of
/// tensors are too many and too small for that: whoever makes them calls ``checkpoint(allocating:)``, which asks the
/// system now and then how much the process really holds. What it holds beyond the booked bytes counts too. Blocks that
/// are kept for reuse but hold nothing do not count.
public enum MemoryBudget {
  private static let limitBytes = Atomic<Int>(Int.max)
  private static let usedBytes = Atomic<Int>(0)
  private static let mostBytes = Atomic<Int>(0)
  /// What the process held when the limit was set and nothing of it was booked: the program itself.
  private static let ownBytes = Atomic<Int>(0)
  /// What the process held beyond ``ownBytes`` and the booked bytes when the system was last asked.
  private static let otherBytes = Atomic<Int>(0)
  /// How many bytes may be allocated without being booked before the system is asked again.
  private static let credit = Atomic<Int>(mostCredit)

  /// The system is asked after so many bytes; reading its answer takes 4 µs, filling them 2 ms.
  private static let mostCredit = 8 << 20
  /// Bytes that are not booked and do not count: what the program needs to work, and holes between blocks.
  private static let allowance = 24 << 20
  /// Unbooked bytes of a small block: its object, shape and names, and how it came to be.
  private static let header = 640

  /// The most bytes that may be in use at once.
  public static var limit: Int {
    get { limitBytes.load(ordering: .relaxed) }
    set {
      ownBytes.store(max(0, ResidentMemory.bytes() - inUse - BlockCache.kept), ordering: .relaxed)
      otherBytes.store(0, ordering: .relaxed)
      credit.store(mostCredit, ordering: .relaxed)
      limitBytes.store(newValue, ordering: .relaxed)
    }
  }

  /// The bytes in use now, as far as they are booked.
  public static var inUse: Int { usedBytes.load(ordering: .relaxed) }

  /// The bytes that values hold without being booked, as the system was last asked; a small amount counts as none.
  public static var unbooked: Int { max(0, otherBytes.load(ordering: .relaxed) - allowance) }

  /// The most bytes that were in use at once since ``resetHighWater()``.
  public static var highWater: Int { mostBytes.load(ordering: .relaxed) }

  /// Starts to look for the high-water mark anew.
  public static func resetHighWater() { mostBytes.store(inUse, ordering: .relaxed) }

  /// Books `bytes`, or throws and books nothing.
  public static func reserve(_ bytes: Int) throws(AllocationError) {
    if credit.wrappingSubtract(header, ordering: .relaxed).newValue < 0 { measure(booked: inUse) }
    let before = usedBytes.wrappingAdd(bytes, ordering: .relaxed).oldValue
    if !hasRoom(for: bytes, beside: before) {
      usedBytes.wrappingSubtract(bytes, ordering: .relaxed)
      throw .overLimit(requested: bytes, inUse: before + unbooked, limit: limit)
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

  /// Throws when values hold more than the limit, or would with `bytes` more, which the caller is about to allocate
  /// without booking them. A subtraction, and every 8 MB a question to the system.
  ///
  /// To be called wherever many small values may come into being: once a turn of a loop, or an element of a list. The
  /// default stands for a small value and all that belongs to it.
  public static func checkpoint(allocating bytes: Int = 1024) throws(AllocationError) {
    if credit.wrappingSubtract(min(bytes, 1 << 60), ordering: .relaxed).newValue >= 0 { return }
    let used = inUse
    measure(booked: used)
    if !hasRoom(for: bytes, beside: used) {
      throw .overLimit(requested: bytes, inUse: used + unbooked, limit: limit)
    }
    // What is allocated now is not seen yet: whoever comes next looks again.
    if bytes > mostCredit { credit.store(0, ordering: .relaxed) }
  }

  /// Whether `bytes` more fit beside so many that are booked. Before it says no it looks again.
  private static func hasRoom(for bytes: Int, beside booked: Int) -> Bool {
    let maximum = limit
    if bytes > maximum || booked > maximum - bytes { return false }
    let room = maximum - bytes - booked
    if unbooked > room { measure(booked: booked) }
    let kept = BlockCache.kept
    if kept > 0, unbooked > room - kept { BlockCache.drop() }
    if unbooked <= room { return true }
    ResidentMemory.trim()
    measure(booked: booked)
    return unbooked <= room
  }

  /// Asks the system what the process holds, of which so many bytes are booked and in use.
  private static func measure(booked: Int) {
    credit.store(mostCredit, ordering: .relaxed)
    if limit == .max { return }
    let held = ResidentMemory.bytes() - ownBytes.load(ordering: .relaxed)
    otherBytes.store(max(0, held - booked - BlockCache.kept), ordering: .relaxed)
  }
}
