#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import CTemporary

/// A file that is being written beside its target and takes its place in one step, or disappears.
///
/// Links are followed: the file they lead to is replaced, not the link. A file that was there keeps its permissions.
final class OutputFile {
  /// Where the bytes go until ``commit()``.
  let temporaryPath: String
  let descriptor: Int32
  private let target: String
  /// By which a signal that ends the process knows the file.
  private let number: Int32
  private var isCommitted = false

  /// A file that outgrows the user's limit is an error of `write`, not the end of the program.
  private static let ignoresSizeSignal: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()

  /// Makes the temporary file.
  init(path: String) throws(FormatProblem) {
    _ = OutputFile.ignoresSizeSignal
    if path.utf8.contains(0) { throw .system(doing: "opening the file", number: EINVAL) }
    let target = try OutputFile.followingLinks(path)
    var status = stat()
    let exists = target.withPath { stat($0, &status) } == 0
    if !exists, errno != ENOENT { throw FormatProblem(errno, doing: "opening the file", access: .write) }
    if exists {
      if let kind = FileKind(mode: status.st_mode) { throw .notRegular(kind) }
      if target.withPath({ access($0, W_OK) }) != 0 {
        throw FormatProblem(errno, doing: "opening the file", access: .write)
      }
    }

    let directory = OutputFile.directory(of: target)
    TemporaryFiles.clear(directory)
    var attempt = 0
    while true {
      let name = directory + TemporaryFiles.name()
      let number = name.withPath { ctemporary_remember($0) }
      let descriptor = name.withPath { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      let reason = errno
      if descriptor >= 0 {
        flock(descriptor, LOCK_EX | LOCK_NB)
        if exists {
          fchmod(descriptor, status.st_mode & 0o7777)
          if fchown(descriptor, status.st_uid, status.st_gid) != 0 { errno = 0 }
        }
        self.target = target
        self.temporaryPath = name
        self.descriptor = descriptor
        self.number = number
        return
      }
      ctemporary_forget(number)
      attempt += 1
      if reason == EEXIST || reason == EINTR, attempt < 100 { continue }
      if reason == ENOENT || reason == ENOTDIR {
        throw .missingDirectory(directory.isEmpty ? "." : directory)
      }
      throw FormatProblem(reason, doing: "writing beside the file", access: .write)
    }
  }

  deinit {
    close(descriptor)
    if !isCommitted { _ = temporaryPath.withPath { unlink($0) } }
    ctemporary_forget(number)
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FormatProblem) {
    var done = 0
    while done < bytes.count {
      try FileInterruption.check()
      let part = Glibc.write(
        descriptor, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, FileInterruption.partBytes))
      if part < 0, errno == EINTR { continue }
      if part <= 0 { throw .system(doing: "writing", number: part < 0 ? errno : EIO) }
      done += part
    }
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(FormatProblem) {
    var failure: FormatProblem?
    bytes.withUnsafeBytes { buffer in
      do throws(FormatProblem) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Puts the file in the place of its target.
  func commit() throws(FormatProblem) {
    let status = temporaryPath.withPath { from in target.withPath { to in rename(from, to) } }
    if status != 0 {
      throw FormatProblem(errno, doing: "replacing the file", access: .write)
    }
    isCommitted = true
  }

  /// The path behind a chain of links; the last link may lead to a file that does not exist yet.
  private static func followingLinks(_ path: String) throws(FormatProblem) -> String {
    var path = path
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    for _ in 0..<40 {
      let count = path.withPath { readlink($0, &buffer, buffer.count) }
      if count < 0 { return path }
      let link = PathText.text(buffer[..<count].map { UInt8(bitPattern: $0) })
      path = link.utf8.first == UInt8(ascii: "/") ? link : directory(of: path) + link
    }
    throw .system(doing: "opening the file", number: ELOOP)
  }

  /// The path up to and with the last slash, or nothing.
  private static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }
}
