import ArgumentParser
import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

/// Threads, seed, memory: from the flags, else from the environment, checked before anything runs.
struct ProgramSettings {
  private var threads: Int?
  private(set) var seed: UInt64 = 0
  private var memory: Int?
  private var isExact: Bool

  init(_ command: ConvoCommand) throws {
    isExact = command.exact
    func value(_ flag: String?, _ name: String, _ variable: String) -> (text: String, source: String)? {
      if let flag { return (flag, name) }
      guard let text = getenv(variable), text[0] != 0 else { return nil }
      return (String(cString: text), variable)
    }
    if let (text, source) = value(command.threads, "--threads", "CONVO_THREADS") {
      guard let count = Int(text), (1...1024).contains(count) else {
        throw ValidationError("\(source) takes a whole number from 1 to 1024, not '\(text)'")
      }
      threads = count
    }
    if let (text, source) = value(command.seed, "--seed", "CONVO_SEED") {
      guard let number = UInt64(text), number <= 1 << 53 else {
        throw ValidationError("\(source) takes a whole number from 0 to 2^53, not '\(text)'")
      }
      seed = number
    }
    if let (text, source) = value(command.maxMem, "--max-mem", "CONVO_MAX_MEM") {
      guard let bytes = ByteCount.parse(text), bytes >= 1 << 20 else {
        throw ValidationError("\(source) takes a size from 1M on, such as 512M or 2G, not '\(text)'")
      }
      memory = bytes
    }
  }

  /// Sets what the process uses.
  func apply() {
    Session.configure(threads: threads, exact: isExact, memoryLimit: memory ?? ByteCount.defaultLimit)
  }
}

/// Sizes of memory.
enum ByteCount {
  /// `512M`, `1.5G`, `1048576`, with K, M, G, T as powers of 1024 and an optional `B` or `iB`.
  static func parse(_ text: String) -> Int? {
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
  static var defaultLimit: Int {
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
