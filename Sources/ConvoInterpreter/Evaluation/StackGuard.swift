#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tells how far a recursion may still go on the stack.
struct StackGuard {
  /// The bytes that a statement may use: three quarters of the stack, with room for what an operation or a destructor
  /// needs. A stack without a limit counts as 2 MiB, which is what a thread gets then.
  static let budget: UInt = {
    var limit = rlimit()
    #if canImport(Glibc)
      let status = unsafe getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit)
    #else
      let status = getrlimit(RLIMIT_STACK, &limit)
    #endif
    let usual: UInt = 2 << 20
    let size = status == 0 && limit.rlim_cur < 1 << 40 ? UInt(limit.rlim_cur) : usual
    return size / 4 * 3
  }()

  /// The lowest address that the statement at hand may reach.
  private var limit: UInt = 0

  /// Begins a statement.
  mutating func enter() {
    let address = StackGuard.address()
    limit = address > StackGuard.budget ? address - StackGuard.budget : 0
  }

  /// Whether the stack is nearly used up.
  @inline(__always)
  var isExhausted: Bool { StackGuard.address() < limit }

  /// Where the stack is now.
  @inline(never)
  private static func address() -> UInt {
    var marker: UInt8 = 0
    return unsafe withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}
