import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// The inputs of earlier sessions and of this one, kept in a plain UTF-8 file with one input on each line.
///
/// A newline of an input is written `\n` and a backslash `\\`. Several sessions append to one file; each line is one
/// write, so that none is lost. Nothing here is an error for the user: a file that cannot be written is mentioned once.
public final class History {
  /// The most inputs that the file keeps.
  public static let maximumCount = 10_000

  /// The file, or nil where nothing is kept.
  public let path: String?
  /// What went wrong with the file, to be said once.
  public private(set) var complaint: String?

  private var loaded = false
  private var storage: [String] = []

  /// A history in a file, which is read when it is first needed.
  public init(path: String?) { self.path = path }

  /// Where the history lies: `CONVO_HISTORY` (empty for none), else `convo/history` in the XDG state directory.
  public static func standardPath(_ environment: (String) -> String?) -> String? {
    if let path = environment("CONVO_HISTORY") { return path.isEmpty ? nil : path }
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/convo/history" }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.local/state/convo/history"
  }

  /// The inputs, oldest first, without repetitions.
  public var entries: [String] {
    load()
    return storage
  }

  /// Keeps an input, unless it is empty, begins with a space, or repeats the last one.
  public func add(_ entry: String) {
    let isBlank = entry.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    if isBlank || entry.utf8.first == 0x20 { return }
    load()
    if storage.last == entry { return }
    storage.removeAll { $0 == entry }
    storage.append(entry)
    asked = ("", 0)
    append(entry)
  }

  // MARK: The file

  private func load() {
    if loaded { return }
    loaded = true
    guard let path, let bytes = History.read(path) else { return }
    var lines: [String] = []
    for line in bytes.split(separator: 0x0A) where !line.isEmpty && line.count <= 1 << 20 {
      lines.append(History.unescaped(line))
    }
    // Of an input that repeats, the latest stays.
    var seen = Set<String>()
    storage = lines.reversed().filter { seen.insert($0).inserted }.reversed()
    if lines.count > History.maximumCount * 3 / 2 {
      storage = Array(storage.suffix(History.maximumCount))
      rewrite()
    } else {
      storage = Array(storage.suffix(History.maximumCount))
    }
  }

  private static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 28 else {
      return nil
    }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(file, buffer.baseAddress.map { $0 + count }, size - count)
        if got <= 0 { break }
        count += got
      }
    }
  }

  private func append(_ entry: String) {
    guard let path else { return }
    History.makeDirectories(for: path)
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard file >= 0 else { return complain(path) }
    defer { close(file) }
    let line = History.escaped(entry) + [0x0A]
    if write(file, line, line.count) != line.count { complain(path) }
  }

  private func complain(_ path: String) {
    if complaint == nil {
      complaint = "the history is not kept: \(path): \(String(cString: strerror(errno)))"
    }
  }

  /// The complaint, once.
  public func takeComplaint() -> String? {
    guard let text = complaint, !text.isEmpty else { return nil }
    complaint = ""
    return text
  }

  /// Shortens the file: a new one is written beside it and takes its place.
  private func rewrite() {
    guard let path else { return }
    let temporary = path + ".\(getpid())"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if file < 0 { return }
    var bytes: [UInt8] = []
    for entry in storage {
      bytes += History.escaped(entry)
      bytes.append(0x0A)
    }
    let written = write(file, bytes, bytes.count)
    close(file)
    if written != bytes.count || rename(temporary, path) != 0 { unlink(temporary) }
  }

  private static func makeDirectories(for path: String) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    var missing: [String] = []
    while parts.count > 1 {
      let folder = parts.joined(separator: "/")
      if access(folder, F_OK) == 0 { break }
      missing.append(folder)
      parts = parts.dropLast()
    }
    for folder in missing.reversed() { mkdir(folder, 0o700) }
  }

  static func escaped(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x0A: result += [0x5C, 0x6E]
      case 0x5C: result += [0x5C, 0x5C]
      default: result.append(byte)
      }
    }
    return result
  }

  static func unescaped(_ line: some Collection<UInt8>) -> String {
    if line.allSatisfy({ $0 >= 0x20 && $0 != 0x5C }) { return String(decoding: line, as: UTF8.self) }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in line {
      if isEscaped {
        bytes.append(byte == 0x6E ? 0x0A : byte)
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else if byte >= 0x20 || byte == 0x09 {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Search

  /// The latest input before position `index` that begins with `prefix` and differs from `current`.
  public func older(than index: Int, prefix: String, unlike current: String) -> Int? {
    let entries = self.entries
    let prefix = Array(prefix.utf8)
    return (0..<min(index, entries.count)).last {
      entries[$0].hasBytePrefix(prefix) && entries[$0] != current
    }
  }

  /// The earliest input after position `index` that begins with `prefix` and differs from `current`.
  public func newer(than index: Int, prefix: String, unlike current: String) -> Int? {
    let entries = self.entries
    let prefix = Array(prefix.utf8)
    guard index + 1 < entries.count else { return nil }
    return (index + 1..<entries.count).first { entries[$0].hasBytePrefix(prefix) && entries[$0] != current }
  }

  /// The last text for which a suggestion was wanted, and below which position there may be one for a longer text.
  private var asked: (text: String, below: Int) = ("", 0)

  /// What the latest input that begins with `text` goes on with.
  ///
  /// A text that only grew since the last call is looked for where its beginning was found.
  public func suggestion(for text: String) -> String? {
    if text.isEmpty { return nil }
    let count = entries.count
    let below = !asked.text.isEmpty && text.hasBytePrefix(asked.text) ? min(asked.below, count) : count
    let found = older(than: below, prefix: text, unlike: text)
    asked = (text, found.map { $0 + 1 } ?? 0)
    return found.map { String(decoding: Array(entries[$0].utf8.dropFirst(text.utf8.count)), as: UTF8.self) }
  }
}

extension String {
  /// Whether the UTF-8 bytes of `prefix` are the first of this string's; canonical equivalence is of no interest here.
  func hasBytePrefix(_ prefix: String) -> Bool { hasBytePrefix(Array(prefix.utf8)) }

  /// Whether these are the first bytes of this string.
  func hasBytePrefix(_ prefix: [UInt8]) -> Bool {
    let fast = utf8.withContiguousStorageIfAvailable { bytes in
      bytes.count >= prefix.count && prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
    }
    return fast ?? utf8.starts(with: prefix)
  }
}
