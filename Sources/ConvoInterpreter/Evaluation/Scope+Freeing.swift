#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Frees variables of scopes one after another, not one inside the other.
///
/// A function holds the scope it was made in, whose variables may hold a function, and so on without end: freed in the
/// usual way, a chain of them would use up the stack.
enum ScopeFreeing {
  /// What the scopes that ended on this thread held and is still to be freed.
  private final class Queue {
    var waiting: [[String: Value]] = []
  }

  /// The place of each thread's queue; a thread has one only while it frees.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key, nil)
    return key
  }()

  /// Frees the variables of a scope, at once or, where that happens while others are freed, after them.
  static func free(_ variables: inout [String: Value]) {
    guard variables.values.contains(where: \.mayHoldFunctions) else { return }
    if let address = unsafe pthread_getspecific(key) {
      unsafe Unmanaged<Queue>.fromOpaque(address).takeUnretainedValue().waiting.append(variables)
      return
    }
    let queue = Queue()
    unsafe pthread_setspecific(key, Unmanaged.passUnretained(queue).toOpaque())
    variables = [:]
    while let next = queue.waiting.popLast() { _ = next }
    pthread_setspecific(key, nil)
  }
}

extension Value {
  /// Whether a function with variables around it may stand in the value.
  fileprivate var mayHoldFunctions: Bool {
    switch self {
    case .function(.user(_, let scope)): scope.parent != nil
    case .list, .record: true
    case .layer(let layer): layer.members != nil
    default: false
    }
  }
}
