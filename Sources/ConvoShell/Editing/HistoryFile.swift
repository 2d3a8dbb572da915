internal import ConvoFormats

#if canImport(Glibc)
  import Glibc
#endif

/// The file of the history: one input on each line, a newline of it written `\n` and a backslash `\\`.
///
/// It stays locked while this value lives. A session that shortens the file puts a new one in its place, so whoever
/// got the lock looks whether the file is still the one that the path names; otherwise its line would be lost.
struct HistoryFile: ~Copyable {
  private let descriptor: Int32
  private let size: Int

  /// Opens and locks the file; nil, with `errno` 0 or the reason, where that is not possible.
  init?(_ path: String, creates: Bool) {
    if creates { HistoryFile.makeDirectories(for: path) }
    for _ in 0..<8 {
      let flags = creates ? O_RDWR | O_APPEND | O_CREAT : O_RDONLY
      let file = path.withPath { open($0, flags | O_CLOEXEC | O_NONBLOCK, 0o600) }
      guard file >= 0 else { return nil }
      HistoryFile.lock(file)
      var own = stat()
      var named = stat()
      let isThere = fstat(file, &own) == 0 && path.withPath({ stat($0, &named) }) == 0
      if isThere && own.st_mode & S_IFMT != S_IFREG {
        close(file)
        errno = 0
        return nil
      }
      if isThere && own.st_ino == named.st_ino && own.st_dev == named.st_dev {
        descriptor = file
        size = Int(own.st_size)
        return
      }
      close(file)
    }
    return nil
  }

  deinit { close(descriptor) }

  /// Whether the file may hold as many lines: each takes two bytes at least.
  func mayHold(lines count: Int) -> Bool { size >= 2 * count }

  /// How many lines the file has, among which an unfinished last one counts.
  var lineCount: Int {
    guard let bytes = contents else { return 0 }
    return bytes.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } + (bytes.last.map { $0 != 0x0A } == true ? 1 : 0)
  }

  /// Waits for the lock, but not for a session that was stopped while it held it.
  private static func lock(_ file: Int32) {
    for _ in 0..<200 {
      if flock(file, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR) { return }
      usleep(1000)
    }
  }

  private static func makeDirectories(for path: String) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    var missing: [String] = []
    while parts.count > 1 {
      let folder = parts.joined(separator: "/")
      if folder.withPath({ access($0, F_OK) }) == 0 { break }
      missing.append(folder)
      parts = parts.dropLast()
    }
    for folder in missing.reversed() { _ = folder.withPath { mkdir($0, 0o700) } }
  }

  // MARK: Reading and writing

  /// Everything, unless it is too much to be a history.
  var contents: [UInt8]? {
    guard size < 1 << 28 else { return nil }
    let (descriptor, size) = (self.descriptor, self.size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = pread(descriptor, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
        if got <= 0 { break }
        count += got
      }
    }
  }

  /// Adds an input, whole or not at all; whether it is there now.
  func append(_ entry: String) -> Bool {
    var line = HistoryFile.escaped(entry) + [0x0A]
    var last: UInt8 = 0x0A
    // The last line of a file that somebody edited, or that met a full disk, may lack its end.
    if size > 0, pread(descriptor, &last, 1, off_t(size - 1)) == 1, last != 0x0A { line.insert(0x0A, at: 0) }
    if write(descriptor, line, line.count) == line.count { return true }
    let reason = errno
    _ = ftruncate(descriptor, off_t(size))
    errno = reason
    return false
  }

  /// The latest inputs of a file, oldest first, without repetitions, and how many lines it has.
  static func inputs(of bytes: [UInt8], limit: Int) -> (inputs: [String], lineCount: Int) {
    var lines: [String] = []
    for line in bytes.split(separator: 0x0A) where line.count <= 1 << 24 { lines.append(unescaped(line)) }
    // Of an input that repeats, the latest stays.
    var seen = Set<String>()
    let latest = lines.reversed().filter { !$0.isEmpty && seen.insert($0).inserted }
    return (latest.prefix(limit).reversed(), lines.count)
  }

  /// Puts a file with the latest inputs in the place of a long one and returns them; nil where nothing was changed.
  static func shorten(_ path: String, limit: Int) -> [String]? {
    // Through a link the file itself is replaced, not the link.
    guard let real = path.withPath({ realpath($0, nil) }) else { return nil }
    defer { free(real) }
    let target = PathText.text(real)
    guard let file = HistoryFile(target, creates: true), let bytes = file.contents else { return nil }
    let inputs = inputs(of: bytes, limit: limit).inputs
    let temporary = target + ".\(getpid())"
    let new = temporary.withPath { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    if new < 0 { return nil }
    var text: [UInt8] = []
    for input in inputs {
      text += escaped(input)
      text.append(0x0A)
    }
    let written = write(new, text, text.count)
    close(new)
    if written == text.count,
      temporary.withPath({ from in target.withPath { to in rename(from, to) } }) == 0
    {
      return inputs
    }
    _ = temporary.withPath { unlink($0) }
    return nil
  }

  // MARK: One line

  /// An input as one line of the file.
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

  /// A line of the file as an input again; control characters of a damaged file are dropped.
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
}
