#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names of files as text. To the system they are bytes, most of them UTF-8.
///
/// A byte that is no part of UTF-8 stands in a text as one of 128 private characters, U+10FE80 to U+10FEFF, and becomes
/// itself again on the way back to the system: every name survives the way through the language.
public enum PathText {
  /// The private character for the byte 0, if there were one.
  private static let base: UInt32 = 0x10FE00

  /// The text of a name from the system.
  public static func text(_ name: UnsafePointer<CChar>) -> String {
    let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
    return text(bytes)
  }

  /// The text of the bytes of a name.
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !hasPrivate(text) { return text }
    var result = String.UnicodeScalarView()
    var rest = Array(bytes)[...]
    while let first = rest.first {
      let count = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      if let part = String(validating: rest.prefix(count), as: UTF8.self), !hasPrivate(part) {
        result.append(contentsOf: part.unicodeScalars)
        rest = rest.dropFirst(count)
      } else {
        // Below 0x80 every byte is a character.
        if let scalar = Unicode.Scalar(base + UInt32(first)) { result.append(scalar) }
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  /// The bytes of a name.
  public static func bytes(_ text: String) -> [UInt8] {
    guard hasPrivate(text) else { return Array(text.utf8) }
    var result: [UInt8] = []
    for scalar in text.unicodeScalars {
      if let byte = byte(scalar) {
        result.append(byte)
      } else {
        result += Array(UTF8.encode(scalar) ?? .init())
      }
    }
    return result
  }

  /// The byte that a private character stands for.
  public static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    (base + 0x80...base + 0xFF).contains(scalar.value) ? UInt8(truncatingIfNeeded: scalar.value - base) : nil
  }

  /// Whether a text may hold a private character: all of them begin with this byte, which is rare.
  private static func hasPrivate(_ text: String) -> Bool {
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { byte($0) != nil }
  }
}

extension String {
  /// Lends the name as the system wants it.
  public func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    if !utf8.contains(0xF4) { return withCString(body) }
    return (PathText.bytes(self) + [0]).withUnsafeBytes { bytes in
      body(bytes.bindMemory(to: CChar.self).baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped)
    }
  }
}
