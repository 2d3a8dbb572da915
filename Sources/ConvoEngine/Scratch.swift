internal import ConvoTensor

/// Memory for the duration of one operation, a part for each thread, counted by ``MemoryBudget``.
struct Scratch: ~Copyable, @unchecked Sendable {
  private var block: Tensor?
  private let base: UnsafeMutablePointer<Float>?
  /// Floats between the parts of two threads.
  let stride: Int

  /// Reserves `bytes` for each of `threads`; nothing where `bytes` is 0.
  init(bytes: Int, threads: Int) throws(OperationError) {
    // A page and a line apart, so that the parts of two threads do not meet in the same cache sets.
    stride = (bytes / 4 + 1023) / 1024 * 1024 + 16
    guard bytes > 0 else {
      block = nil
      base = nil
      return
    }
    do {
      var tensor = try Tensor(uninitialized: .vector(stride * threads))
      base = tensor.fill { $0.baseAddress }
      block = tensor
    } catch { throw .memory(error) }
  }

  /// The part of one thread.
  func floats(of worker: Int) -> UnsafeMutablePointer<Float> {
    base.map { $0 + worker * stride } ?? UnsafeMutablePointer(bitPattern: 64)!
  }
}
