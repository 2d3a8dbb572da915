/// A position in the bytes of a text that is being parsed.
struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int

  /// Starts at `offset` of bytes that outlive the cursor.
  init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// The byte here, nil at the end.
  var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  var isAtEnd: Bool { offset >= bytes.count }

  mutating func advance() { offset += 1 }

  /// Steps over a byte if it is here.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// Steps over a word if it is here.
  mutating func take(word: StaticString) -> Bool {
    let end = offset + word.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    for index in 0..<word.utf8CodeUnitCount where bytes[offset + index] != word.utf8Start[index] {
      return false
    }
    offset = end
    return true
  }

  /// Steps over blanks, tabs and line ends.
  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || (0x09...0x0d).contains(byte) { offset += 1 }
  }

  /// A whole number without sign, nil if there is none or if it is too large.
  mutating func takeWhole() -> Int? {
    let start = offset
    var value = 0
    while let byte = current, (0x30...0x39).contains(byte) {
      let (ten, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, stillTooLarge) = ten.addingReportingOverflow(Int(byte) - 0x30)
      if tooLarge || stillTooLarge { return nil }
      value = sum
      offset += 1
    }
    return offset > start ? value : nil
  }

  /// The bytes from `start` up to here.
  func slice(from start: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
  }
}
