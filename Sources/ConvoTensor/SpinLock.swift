import Synchronization

/// A lock that is held for a few instructions, and one that ThreadSanitizer understands.
final class SpinLock: Sendable {
  private let isLocked = Atomic<Bool>(false)

  func lock() {
    while isLocked.exchange(true, ordering: .acquiring) {
      while isLocked.load(ordering: .relaxed) {}
    }
  }

  func unlock() { isLocked.store(false, ordering: .releasing) }
}
