#if canImport(Glibc)
  import Glibc
#endif

/// Sizes of memory.
public enum ByteCount {
  /// `512M`, `1.5G`, `1048576`, with K, M, G, T as powers of 1024 and an optional `B` or `iB`.
  public static func parse(_ text: String) -> Int? {
    var digits = Substring(text)
    for ending in ["iB", "ib", "B", "b"] where digits.hasSuffix(ending) {
      digits = digits.dropLast(ending.count)
      break
    }
    let units: [Character: Double] = ["K": 10, "M": 20, "G": 30, "T": 40]
    var shift = 0.0
    if let last = digits.last, let power = units[Character(last.uppercased())] {
      shift = power
      digits = digits.dropLast()
    }
    guard let number = Double(digits), number.isFinite, number > 0 else { return nil }
    let bytes = number * pow(2, shift)
    return bytes < 9e18 ? Int(bytes) : nil
  }

  /// 80 % of the machine's memory, or of the cgroup's where that is less.
  public static var defaultLimit: Int {
    var limit = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let bytes = ScriptFile.read(path),
        let size = Int(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
      {
        limit = min(limit, size)
      }
    }
    return limit / 10 * 8
  }
}
