import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A block of floats that tensors share until one of them changes.
///
/// The block is aligned to 64 bytes and not cleared. Its memory comes from the system with a check, never through a
/// Swift array, whose allocation traps when it fails.
@safe final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int
  /// How often somebody was about to change the elements.
  private(set) var version = 0
  /// Whether nobody ever computes the elements: only the shape is of interest, and all that could be read is 0.
  let isPhantom: Bool
  private let bytes: Int

  private let isLocked = Atomic<Bool>(false)
  private var forms: [(key: DerivedKey, form: Tensor)] = []
  private let hasForms = Atomic<Bool>(false)

  /// Reserves room for `count` floats.
  init(count: Int) throws(AllocationError) {
    if count > Shape.maximumCount { throw .refused(requested: Int.max) }
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    if BlockCache.kept > 0, bytes > MemoryBudget.limit - MemoryBudget.inUse - BlockCache.kept {
      BlockCache.drop()
    }
    try MemoryBudget.reserve(bytes)
    guard let block = unsafe BlockCache.take(bytes) else {
      MemoryBudget.release(bytes)
      throw .refused(requested: bytes)
    }
    unsafe self.base = block.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
    self.count = count
    self.bytes = bytes
    self.isPhantom = false
  }

  /// Storage of no elements, which is always there and counts for nothing.
  static let empty = TensorStorage()

  private init() {
    unsafe base = UnsafeMutablePointer<Float>.allocate(capacity: 16)
    count = 0
    bytes = 0
    isPhantom = false
  }

  /// Stands for elements that nobody computes. The addresses are real, so that a stray read gives 0, but take no memory.
  init(phantom count: Int) throws(AllocationError) {
    if count > Shape.maximumCount { throw .refused(requested: Int.max) }
    let bytes = max(64, count * MemoryLayout<Float>.stride)
    let block = unsafe mmap(nil, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let block = unsafe block, unsafe block != MAP_FAILED else { throw .refused(requested: bytes) }
    unsafe self.base = block.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
    self.count = count
    self.bytes = bytes
    self.isPhantom = true
  }

  deinit {
    if isPhantom {
      _ = unsafe munmap(base, bytes)
      return
    }
    unsafe BlockCache.give(UnsafeMutableRawPointer(base), bytes)
    MemoryBudget.release(bytes)
  }

  /// The form that was made for this key, if the elements have not changed since.
  func form(for key: DerivedKey) -> Tensor? {
    guard hasForms.load(ordering: .acquiring) else { return nil }
    lock()
    defer { unlock() }
    return forms.first { $0.key == key }?.form
  }

  /// Keeps a form as long as the elements stay as they are.
  func keep(_ form: Tensor, for key: DerivedKey) {
    lock()
    defer { unlock() }
    if !forms.contains(where: { $0.key == key }) { forms.append((key, form)) }
    hasForms.store(true, ordering: .releasing)
  }

  /// The elements are about to change: forms made from them are worth nothing any more.
  func forgetForms() {
    version &+= 1
    guard hasForms.load(ordering: .acquiring) else { return }
    lock()
    let old = forms
    forms = []
    hasForms.store(false, ordering: .releasing)
    unlock()
    withExtendedLifetime(old) {}
  }

  private func lock() {
    while isLocked.exchange(true, ordering: .acquiring) {}
  }

  private func unlock() { isLocked.store(false, ordering: .releasing) }
}
