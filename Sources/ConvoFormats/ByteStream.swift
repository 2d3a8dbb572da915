/// Bytes that come one after the other, from a file or from a member of an archive.
protocol ByteStream: AnyObject {
  /// How many bytes were read.
  var offset: Int { get }
  /// How many are left.
  var remaining: Int { get }
  /// Fills `target`, which is no longer than what is left.
  func read(into target: UnsafeMutableRawBufferPointer) throws(FormatProblem)
}

/// The bytes of a file, or a range of them.
final class FileStream: ByteStream {
  private let file: InputFile
  private let end: Int
  private(set) var offset: Int

  init(_ file: InputFile, range: Range<Int>? = nil) {
    self.file = file
    offset = range?.lowerBound ?? 0
    end = range?.upperBound ?? file.count
  }

  var remaining: Int { end - offset }

  func read(into target: UnsafeMutableRawBufferPointer) throws(FormatProblem) {
    try file.read(into: target, at: offset)
    offset += target.count
  }
}

extension ByteStream {
  /// Reads over all that is left.
  func skip() throws(FormatProblem) {
    let block = try ByteBlock(count: min(max(remaining, 1), 1 << 16), holding: "reading the file")
    try block.withBytes { (bytes) throws(FormatProblem) in
      while remaining > 0 {
        try FileInterruption.check()
        try read(into: bytes.first(min(remaining, bytes.count)))
      }
    }
  }

  /// The next `count` bytes, of which there are as many.
  func bytes(_ count: Int) throws(FormatProblem) -> [UInt8] {
    let block = try ByteBlock(count: count, holding: "the header")
    return try block.withBytes { (bytes) throws(FormatProblem) in
      try read(into: bytes)
      return Array(bytes)
    }
  }
}
