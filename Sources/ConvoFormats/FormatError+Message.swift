#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import ConvoTensor

extension FormatProblem {
  /// One line for the user, whatever the file holds.
  public var message: String { words.visible }

  private var words: String {
    switch self {
    case .missing: "there is no such file"
    case .missingDirectory(let directory): "there is no directory \(directory.visible)"
    case .forbidden(.read): "permission to read the file is denied"
    case .forbidden(.write): "permission to write there is denied"
    case .notRegular(let kind): "\(kind.words), not a regular file"
    case .system(let doing, let number): FormatProblem.words(doing: doing, number: number)
    case .shortened(let byte): "the file became shorter while it was read, at byte \(byte)"
    case .changed: "the file has changed since it was loaded; load it again"
    case .empty: "the file is empty"
    case .unknownContent(let bytes):
      "not a picture or weight file; its first bytes are \(FormatProblem.words(bytes)); "
        + "supported: \(FileFormat.list(FileFormat.all.map(\.name)))"
    case .foreign(let kind, let instead): "\(kind), which is not read; \(instead)"
    case .unknownSuffix(let suffix):
      (suffix.isEmpty ? "the name has no suffix that says the format" : "no format is written as \(suffix)")
        + "; supported: \(FileFormat.list(FileFormat.all.flatMap(\.suffixes)))"
    case .damaged(let format, let what, let place):
      "damaged \(format) file: \(what)" + (place.map { ", at \($0.words)" } ?? "")
    case .unsupported(let format, let what, let instead): "\(format) file with \(what); \(instead)"
    case .member(let name, let problem): "\(name): \(problem.message)"
    case .memory(let error, let holding): FormatProblem.words(error, holding: holding)
    case .unwritable(let format, let words): "the \(format) could not be written: \(words)"
    case .interrupted: "interrupted; nothing was written"
    case .option(let name, let found, let expected): "\(name) is \(found), expected \(expected)"
    case .notPicture(let shape, let expected): "the shape \(shape) is not a picture; expected \(expected)"
    case .wrongKind(let format, let found, let expected): "\(format) files hold \(expected), not \(found)"
    }
  }

  /// The bytes as text where they are, else in hexadecimal.
  private static func words(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(16)
    if shown.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) {
      return String(decoding: shown, as: UTF8.self).debugDescription
    }
    return shown.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
  }

  private static func words(doing: String, number: Int32) -> String {
    switch number {
    case ENOSPC, EDQUOT: "\(doing) failed: the disk is full"
    case EFBIG: "\(doing) failed: the file would be too large for the system"
    case EROFS: "\(doing) failed: the file system is read-only"
    default: "\(doing) failed: \(String(cString: strerror(number)))"
    }
  }

  private static func words(_ error: AllocationError, holding: String) -> String {
    switch error {
    case .overLimit(let requested, let inUse, let limit):
      "\(holding) needs \(size(requested)), but \(size(max(0, limit - inUse))) of \(size(limit)) are free; "
        + "nothing was allocated"
    case .refused(let requested):
      "\(holding) needs \(size(requested)), which the system refused; nothing was allocated"
    }
  }

  private static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1024 { return "\(rounded(value)) \(unit)" }
      value /= 1024
    }
    return "\(rounded(value)) TiB"
  }

  private static func rounded(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 || tenths >= 1000 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}

extension FileKind {
  var words: String {
    switch self {
    case .directory: "a directory"
    case .device: "a device"
    case .pipe: "a pipe"
    case .other: "a socket or the like"
    }
  }
}

extension FilePlace {
  var words: String {
    switch self {
    case .byte(let offset): "byte \(offset)"
    case .row(let row, let count, let offset): "row \(row) of \(count) (byte \(offset))"
    case .line(let line): "line \(line)"
    }
  }
}
