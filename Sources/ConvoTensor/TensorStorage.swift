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
  private let bytes: Int

  /// Reserves room for `count` floats.
  init(count: Int) throws(AllocationError) {
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    try MemoryBudget.reserve(bytes)
    guard let block = unsafe aligned_alloc(64, bytes) else {
      MemoryBudget.release(bytes)
      throw .refused(requested: bytes)
    }
    unsafe self.base = block.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
    self.count = count
    self.bytes = bytes
  }

  deinit {
    unsafe free(base)
    MemoryBudget.release(bytes)
  }
}
