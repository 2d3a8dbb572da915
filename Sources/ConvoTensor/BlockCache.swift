import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Blocks of memory that were given back and wait for the next tensor of about their size.
///
/// A first touch of memory costs 0.29 ms a megabyte in pages of 4 KB and 0.055 ms in pages of 2 MB; a block that is
/// reused costs nothing. So blocks come in size classes, eight to a power of two; those of 1 MB and more lie on 2 MB
/// boundaries and ask for huge pages. What is kept counts neither as used nor, when memory gets short, as taken: it is
/// dropped before anything is refused.
@safe enum BlockCache {
  /// The block is aligned to this many bytes at least.
  static let alignment = 64
  private static let large = 1 << 20
  private static let hugePage = 2 << 20
  private static let classCount = 64 * 8
  /// The most that is kept: half a gigabyte, or an eighth of the limit.
  private static var mostBytes: Int { min(512 << 20, MemoryBudget.limit / 8) }

  private static let spin = SpinLock()
  private static let keptBytes = Atomic<Int>(0)
  /// For each class the last block that was given back; a block holds the address of the one before.
  private static nonisolated(unsafe) let heads: UnsafeMutablePointer<UnsafeMutableRawPointer?> = {
    let heads = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: classCount)
    unsafe heads.initialize(repeating: nil, count: classCount)
    return unsafe heads
  }()

  /// The bytes that are kept now.
  static var kept: Int { keptBytes.load(ordering: .relaxed) }

  /// The class of a size, and how many bytes its blocks have.
  static func sizeClass(_ bytes: Int) -> (index: Int, bytes: Int) {
    let wanted = max(bytes, 512)
    let power = Int.bitWidth - 1 - wanted.leadingZeroBitCount
    let step = 1 << (power - 3)
    let eighths = (wanted - (1 << power) + step - 1) / step
    return (power * 8 + eighths, (1 << power) + eighths * step)
  }

  /// A block of at least `bytes`, not cleared; `nil` when the system has none.
  static func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let (index, size) = sizeClass(bytes)
    lock()
    if let block = unsafe heads[index] {
      unsafe heads[index] = unsafe block.load(as: UnsafeMutableRawPointer?.self)
      keptBytes.wrappingSubtract(size, ordering: .relaxed)
      unlock()
      return unsafe block
    }
    unlock()
    if let block = unsafe fresh(size) { return unsafe block }
    drop()
    return unsafe fresh(size)
  }

  /// Takes back a block of `bytes`, as they were asked for.
  static func give(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
    let (index, size) = sizeClass(bytes)
    let most = mostBytes
    if size > most { return unsafe free(block) }
    if kept > most - size { drop() }
    lock()
    unsafe block.storeBytes(of: heads[index], as: UnsafeMutableRawPointer?.self)
    unsafe heads[index] = unsafe block
    keptBytes.wrappingAdd(size, ordering: .relaxed)
    unlock()
  }

  /// Gives everything that is kept back to the system.
  static func drop() {
    for index in 0..<classCount {
      lock()
      var block = unsafe heads[index]
      unsafe heads[index] = nil
      unlock()
      while let current = unsafe block {
        unsafe block = unsafe current.load(as: UnsafeMutableRawPointer?.self)
        keptBytes.wrappingSubtract(size(ofClass: index), ordering: .relaxed)
        unsafe free(current)
      }
    }
  }

  private static func size(ofClass index: Int) -> Int {
    (1 << (index / 8)) + (index % 8) * (1 << (index / 8 - 3))
  }

  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer? {
    if size < large { return unsafe aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment) }
    let whole = (size + hugePage - 1) / hugePage * hugePage
    var block: UnsafeMutableRawPointer?
    // Not aligned_alloc, which wants a multiple of the alignment.
    let status = unsafe posix_memalign(&block, hugePage, size > whole - hugePage / 4 ? whole : size)
    guard status == 0, let block = unsafe block else { return nil }
    #if os(Linux)
      _ = unsafe madvise(block, size, MADV_HUGEPAGE)
    #endif
    return unsafe block
  }

  private static func lock() { spin.lock() }
  private static func unlock() { spin.unlock() }
}
