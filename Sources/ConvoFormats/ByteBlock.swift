#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import ConvoTensor

/// Bytes that count against the memory limit, allocated with a check and not cleared.
final class ByteBlock {
  let count: Int
  private let base: UnsafeMutableRawPointer
  private let reservation: Reservation

  /// Reserves room for `count` bytes; `holding` says in an error what needs them.
  init(count: Int, holding: String) throws(FormatProblem) {
    reservation = try Reservation(max(count, 1), holding: holding)
    guard let base = malloc(max(count, 1)) else {
      throw .memory(.refused(requested: count), holding: holding)
    }
    self.base = base
    self.count = count
  }

  deinit { free(base) }

  /// Lends the bytes, which are only valid in `body`.
  func withBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws(FormatProblem) -> Result
  ) throws(FormatProblem) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytesWhileHeld)
  }

  /// The bytes, for a caller that holds the block for as long as it uses them.
  var bytesWhileHeld: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base, count: count)
  }
}

/// Bytes that a library is about to allocate, counted against the memory limit while this lives.
final class Reservation: Sendable {
  private let count: Int

  init(_ count: Int, holding: String) throws(FormatProblem) {
    do throws(AllocationError) { try MemoryBudget.reserve(count) } catch {
      throw .memory(error, holding: holding)
    }
    self.count = count
  }

  deinit { MemoryBudget.release(count) }
}

extension UnsafeMutableRawBufferPointer {
  /// The first bytes, as many as there are of them.
  func first(_ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: self[..<count])
  }
}
