#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import Synchronization

/// Names of temporary files, which tell whose they are: what a process left behind that was killed while it saved is
/// removed at the next save beside it.
enum TemporaryFiles {
  private static let start = ".convo-"

  /// A name that no file has yet, for one of this process.
  static func name() -> String { "\(start)\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp" }

  /// When a directory was looked through last.
  private static let seen = Mutex<[String: Int]>([:])

  /// Removes what processes left in a directory that are no more. A directory is looked through once a minute at most,
  /// because that takes time where it holds many files.
  static func clear(_ directory: String) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let isDue = seen.withLock { seen in
      if let last = seen[directory], now.tv_sec - last < 60 { return false }
      if seen.count > 1000 { seen = [:] }
      seen[directory] = now.tv_sec
      return true
    }
    guard isDue, let folder = (directory.isEmpty ? "." : directory).withPath({ opendir($0) }) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if isStale(name) { removeIfUnlocked(directory + name) }
    }
  }

  /// Whether a name is that of a file whose process is no more.
  private static func isStale(_ name: String) -> Bool {
    guard name.hasPrefix(start), name.utf8.contains(UInt8(ascii: ".")) else { return false }
    let digits = name.utf8.dropFirst(start.utf8.count).prefix { (0x30...0x39).contains($0) }
    let rest = String(decoding: name.utf8.dropFirst(start.utf8.count + digits.count), as: UTF8.self)
    guard rest.hasPrefix("-"), rest.hasSuffix(".tmp"),
      let process = pid_t(String(decoding: digits, as: UTF8.self)),
      process > 0
    else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// A process of another machine, which shares the directory, holds a lock.
  private static func removeIfUnlocked(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0 { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
  }
}
