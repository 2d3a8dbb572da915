#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import ConvoTensor

/// Bytes that count against the memory limit, allocated with a check and not cleared.
final class ByteBlock {
  let base: UnsafeMutableRawPointer
  let count: Int
  private let reserved: Int

  /// Reserves room for `count` bytes; `holding` says in an error what needs them.
  init(count: Int, holding: String) throws(FormatProblem) {
    let reserved = max(count, 1)
    do throws(AllocationError) { try MemoryBudget.reserve(reserved) } catch {
      throw .memory(error, holding: holding)
    }
    guard let base = malloc(reserved) else {
      MemoryBudget.release(reserved)
      throw .memory(.refused(requested: reserved), holding: holding)
    }
    self.base = base
    self.count = count
    self.reserved = reserved
  }

  deinit {
    free(base)
    MemoryBudget.release(reserved)
  }

  var bytes: UnsafeMutablePointer<UInt8> { base.assumingMemoryBound(to: UInt8.self) }
  var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

/// Bytes that a library is about to allocate, counted against the memory limit while this lives.
final class Reservation {
  private let count: Int

  init(_ count: Int, holding: String) throws(FormatProblem) {
    do throws(AllocationError) { try MemoryBudget.reserve(count) } catch {
      throw .memory(error, holding: holding)
    }
    self.count = count
  }

  deinit { MemoryBudget.release(count) }
}
