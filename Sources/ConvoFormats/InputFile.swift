#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file that is open for reading.
///
/// It is read with `pread`, not mapped: a file that another program cuts short meanwhile gives an error, where a mapped
/// one would end the session. Reading straight into a tensor makes as many copies as a mapping would, one.
final class InputFile: Sendable {
  /// The path as it was given.
  let path: String
  let descriptor: Int32
  let count: Int
  private let modified: (seconds: Int, nanoseconds: Int)
  /// The memory that an unpacked file takes.
  private let reservations: [Reservation]

  /// Opens a file without waiting for pipes and without touching devices.
  init(path: String) throws(FormatProblem) {
    var status = stat()
    if path.utf8.contains(0) { throw .system(doing: "opening the file", number: EINVAL) }
    if path.withPath({ stat($0, &status) }) != 0 {
      throw FormatProblem(errno, doing: "opening the file", access: .read)
    }
    if let kind = FileKind(mode: status.st_mode) { throw .notRegular(kind) }
    let descriptor = path.withPath { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    if descriptor < 0 { throw FormatProblem(errno, doing: "opening the file", access: .read) }
    guard fstat(descriptor, &status) == 0, FileKind(mode: status.st_mode) == nil else {
      close(descriptor)
      throw .notRegular(FileKind(mode: status.st_mode) ?? .other)
    }
    self.path = path
    self.descriptor = descriptor
    self.reservations = []
    self.count = Int(status.st_size)
    modified = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  /// A file without a name that holds what another has packed; it is closed with this.
  init(unpacked descriptor: Int32, path: String, reservations: [Reservation]) throws(FormatProblem) {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(doing: "unpacking the file", number: errno) }
    self.path = path
    self.descriptor = descriptor
    self.reservations = reservations
    self.count = Int(status.st_size)
    modified = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  deinit { close(descriptor) }

  /// Fills `target` from the bytes at `offset`.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FormatProblem) {
    var done = 0
    while done < target.count {
      try FileInterruption.check()
      let part = pread(
        descriptor, target.baseAddress.map { $0 + done },
        min(target.count - done, FileInterruption.partBytes), offset + done)
      if part < 0, errno == EINTR { continue }
      if part < 0 { throw .system(doing: "reading at byte \(offset + done)", number: errno) }
      if part == 0 { throw .shortened(byte: offset + done) }
      done += part
    }
  }

  /// Makes sure that nobody has written to the file since it was opened.
  func checkUnchanged() throws(FormatProblem) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size == count,
      (status.st_mtim.tv_sec, status.st_mtim.tv_nsec) == modified
    else { throw .changed }
  }

  /// The first bytes.
  func prefix() throws(FormatProblem) -> FilePrefix {
    var bytes = [UInt8](repeating: 0, count: min(count, FilePrefix.maximumCount))
    var failure: FormatProblem?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(FormatProblem) { try read(into: buffer, at: 0) } catch { failure = error }
    }
    if let failure { throw failure }
    return FilePrefix(bytes: bytes, fileSize: count, suffix: FileFormat.suffix(of: path))
  }

  /// Lends all bytes.
  func withContents<Result>(
    _ body: (UnsafeRawBufferPointer) throws(FormatProblem) -> Result
  ) throws(FormatProblem) -> Result {
    try ByteBlock(count: count, holding: "the file").withBytes { (bytes) throws(FormatProblem) in
      try read(into: bytes, at: 0)
      return try body(UnsafeRawBufferPointer(bytes))
    }
  }
}

extension FileKind {
  /// What a file's mode says it is, nil for a regular file.
  init?(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: return nil
    case S_IFDIR: self = .directory
    case S_IFCHR, S_IFBLK: self = .device
    case S_IFIFO: self = .pipe
    default: self = .other
    }
  }
}

extension FormatProblem {
  /// What a failed call on a path means.
  init(_ number: Int32, doing: String, access: FileAccess) {
    switch number {
    case ENOENT, ENOTDIR: self = .missing
    case EACCES, EPERM: self = .forbidden(access)
    default: self = .system(doing: doing, number: number)
    }
  }
}
