#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process really holds, as the system counts it.
enum ResidentMemory {
  /// The bytes in memory that belong to the process alone: without its program and the files it maps. 0 where the
  /// system does not tell.
  ///
  /// - Source: proc_pid_statm(5).
  static func bytes() -> Int {
    #if os(Linux)
      let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return 0 }
      defer { close(file) }
      let pages = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
        let count = unsafe read(file, buffer.baseAddress!, buffer.count)
        return unsafe numbers(in: UnsafeRawBufferPointer(buffer), count: max(count, 0))
      }
      return max(0, pages.resident - pages.shared) * Int(sysconf(Int32(_SC_PAGESIZE)))
    #else
      return 0
    #endif
  }

  /// The second and the third number of a line.
  private static func numbers(in line: UnsafeRawBufferPointer, count: Int) -> (resident: Int, shared: Int) {
    var (resident, shared, field) = (0, 0, 0)
    for index in 0..<count {
      let byte = unsafe line[index]
      if byte < 0x30 || byte > 0x39 {
        field += 1
      } else if field == 1 {
        resident = resident * 10 + Int(byte - 0x30)
      } else if field == 2 {
        shared = shared * 10 + Int(byte - 0x30)
      }
    }
    return (resident, shared)
  }

  /// Gives memory that was freed, and that the allocator keeps, back to the system.
  static func trim() {
    #if os(Linux)
      _ = trimHeap?(0)
    #endif
  }

  #if os(Linux)
    /// `malloc_trim`, which only glibc has.
    private static let trimHeap: (@convention(c) (Int) -> Int32)? = {
      guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return nil }
      return unsafe unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)
    }()
  #endif
}
