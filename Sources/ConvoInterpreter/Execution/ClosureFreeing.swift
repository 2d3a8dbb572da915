#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Frees shared variables of functions one after another, not one inside the other.
///
/// A function holds variables of the functions around it, which may hold a function, and so on without end: freed in the
/// usual way, a chain of them would use up the stack.
enum ClosureFreeing {
  /// What the functions that ended on this thread held and is still to be freed.
  private final class Queue {
    var waiting: [[Cell]] = []
  }

  /// The place of each thread's queue; a thread has one only while it frees.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key, nil)
    return key
  }()

  /// Frees shared variables, at once or, where that happens while others are freed, after them.
  static func free(_ cells: inout [Cell]) {
    guard cells.contains(where: { $0.value?.mayHoldFunction ?? false }) else { return }
    if let address = unsafe pthread_getspecific(key) {
      unsafe Unmanaged<Queue>.fromOpaque(address).takeUnretainedValue().waiting.append(cells)
      return
    }
    let queue = Queue()
    unsafe pthread_setspecific(key, Unmanaged.passUnretained(queue).toOpaque())
    cells = []
    while let next = queue.waiting.popLast() { _ = next }
    pthread_setspecific(key, nil)
  }
}
