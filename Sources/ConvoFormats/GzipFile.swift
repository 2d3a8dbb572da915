import CPNG
import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of any format behind gzip: it is unpacked into a file without a name, which every reader can read.
///
/// - Source: RFC 1952, "GZIP file format specification".
enum GzipFile {
  static let magic: [UInt8] = [0x1F, 0x8B, 0x08]
  private static let part = 1 << 18

  /// The unpacked content; its name is that of the file without `.gz`.
  static func unpacked(_ file: InputFile) throws(FormatProblem) -> InputFile {
    let descriptor = try unnamedFile()
    var reservations: [Reservation] = []
    do throws(FormatProblem) {
      try unpack(file, to: descriptor, &reservations)
      let path = file.path.lowercased().hasSuffix(".gz") ? String(file.path.dropLast(3)) : file.path
      return try InputFile(unpacked: descriptor, path: path, reservations: reservations)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func unpack(
    _ file: InputFile, to descriptor: Int32, _ reservations: inout [Reservation]
  ) throws(FormatProblem) {
    guard let inflater = cpng_inflater_create() else { throw .outOfMemory }
    defer { cpng_inflater_destroy(inflater) }
    let input = try ByteBlock(count: part, holding: "unpacking the file")
    let output = try ByteBlock(count: 4 * part, holding: "unpacking the file")
    let stream = FileStream(file)
    var isAtEnd = false
    var (written, booked) = (0, 0)
    while stream.remaining > 0 {
      let bytes = input.bytesWhileHeld.first(min(part, stream.remaining))
      try stream.read(into: bytes)
      var used = 0
      while used < bytes.count {
        try FileInterruption.check()
        var (consumed, produced) = (0, 0)
        let target = output.bytesWhileHeld
        let status = cpng_inflate(
          inflater, bytes.baseAddress.map { $0 + used }, bytes.count - used, &consumed, target.baseAddress,
          target.count, &produced)
        used += consumed
        if status < 0 {
          // What follows the last member and is none is passed over, as gzip does.
          if isAtEnd, produced == 0 { return }
          throw .damaged(
            format: "gzip", what: "its content cannot be unpacked",
            at: .byte(stream.offset - bytes.count + used))
        }
        isAtEnd = status > 0
        if written + produced > booked {
          reservations.append(try Reservation(16 << 20, holding: "the unpacked file"))
          booked += 16 << 20
        }
        try write(UnsafeRawBufferPointer(target.first(produced)), to: descriptor)
        written += produced
      }
    }
    if !isAtEnd { throw .damaged(format: "gzip", what: "it ends early", at: .byte(file.count)) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(FormatProblem) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw .system(doing: "unpacking the file", number: count < 0 ? errno : EIO) }
      done += count
    }
  }

  /// A file that is gone when it is closed, in memory where the system has such.
  private static func unnamedFile() throws(FormatProblem) -> Int32 {
    let descriptor = cpng_unnamed_file()
    if descriptor < 0 { throw .system(doing: "unpacking the file", number: errno) }
    return descriptor
  }
}
