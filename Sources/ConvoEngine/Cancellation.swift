internal import CKernels

/// The user's wish to stop what is running.
///
/// The flag is a C `int` that a signal handler sets; workers read it between two chunks of work, so that the prompt is
/// back within a few milliseconds. Operations then throw ``OperationError/cancelled``.
public enum Cancellation {
  /// Set it to anything but 0 to stop; a signal handler may.
  public nonisolated(unsafe) static let flag: UnsafeMutablePointer<Int32> = {
    let flag = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    flag.initialize(to: 0)
    return flag
  }()

  /// Whether somebody wants the work to stop.
  @inline(__always)
  public static var isRequested: Bool { parking_flag(flag) != 0 }

  /// Forgets the wish, before the next line is read.
  public static func reset() { flag.pointee = 0 }
}
