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
  /// How pictures reach the terminal.
  private(set) var graphics = GraphicsProtocol.Wish.auto

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
    if let (text, source) = value(nil, "", "CONVO_GRAPHICS") {
      guard let wish = GraphicsProtocol.Wish(rawValue: text) else {
        throw ValidationError("\(source) takes auto, blocks, kitty or sixel, not '\(text)'")
      }
      graphics = wish
    }
  }

  /// Sets what the process uses.
  func apply() {
    Session.configure(threads: threads, exact: isExact, memoryLimit: memory ?? ByteCount.defaultLimit)
  }
}
