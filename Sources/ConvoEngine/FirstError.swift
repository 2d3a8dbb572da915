import ConvoTensor
internal import Synchronization

/// The first error of several threads.
///
/// The flag is taken before the error is written, and read after all threads have finished.
final class FirstError: @unchecked Sendable {
  private let isTaken = Atomic<Bool>(false)
  private var error: OperationError?

  /// Keeps the error if it is the first.
  func record(_ error: OperationError) {
    if isTaken.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged {
      self.error = error
    }
  }

  /// Throws the error, if there was one.
  func rethrow() throws(OperationError) {
    if let error { throw error }
  }
}
