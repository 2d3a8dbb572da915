/// A position in a JSON text of a known form: objects, strings and lists of whole numbers; other values are stepped over.
///
/// - Source: RFC 8259, "The JavaScript Object Notation (JSON) Data Interchange Format".
struct JSONCursor {
  private var cursor: ByteCursor
  private let start: Int
  private let format: String

  /// - Parameter start: where in the file the text begins.
  init(_ text: UnsafeRawBufferPointer, start: Int, format: String) {
    cursor = ByteCursor(text)
    self.start = start
    self.format = format
  }

  /// An error at this place.
  func damaged(_ what: String) -> FormatProblem {
    .damaged(format: format, what: what, at: .byte(start + cursor.offset))
  }

  /// Reads an object and hands each key to `body`, which reads the value.
  mutating func members(
    _ body: (inout JSONCursor, String) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    try expect("{")
    skipSpace()
    if cursor.take("}") { return }
    while true {
      let key = try string()
      try expect(":")
      try body(&self, key)
      skipSpace()
      if cursor.take(",") { continue }
      try expect("}")
      return
    }
  }

  /// Reads a list of whole numbers of at least 0.
  mutating func wholes() throws(FormatProblem) -> [Int] {
    try expect("[")
    skipSpace()
    if cursor.take("]") { return [] }
    var result: [Int] = []
    while true {
      skipSpace()
      let isZero = cursor.current == UInt8(ascii: "0")
      let first = cursor.offset
      guard let value = cursor.takeWhole(), !isZero || cursor.offset == first + 1 else {
        throw damaged("its header lacks a whole number of at least 0")
      }
      result.append(value)
      if result.count > 64 { throw damaged("its header has a shape of more than 64 axes") }
      skipSpace()
      if cursor.take(",") { continue }
      try expect("]")
      return result
    }
  }

  /// Reads a string.
  mutating func string() throws(FormatProblem) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while let byte = cursor.current {
      cursor.advance()
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw damaged("its header has a string that is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): bytes += Array(String(try escape()).utf8)
      case 0..<0x20: throw damaged("its header has a control character in a string")
      default: bytes.append(byte)
      }
    }
    throw damaged("its header has a string without end")
  }

  /// Steps over a value of any kind.
  mutating func skipValue(depth: Int = 0) throws(FormatProblem) {
    guard depth < 64 else { throw damaged("its header is nested too deeply") }
    skipSpace()
    switch cursor.current {
    case UInt8(ascii: "{"):
      try members { (cursor, _) throws(FormatProblem) in try cursor.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try expect("[")
      skipSpace()
      if cursor.take("]") { return }
      while true {
        try skipValue(depth: depth + 1)
        skipSpace()
        if cursor.take(",") { continue }
        return try expect("]")
      }
    case UInt8(ascii: "\""): _ = try string()
    default:
      if cursor.take(word: "true") || cursor.take(word: "false") || cursor.take(word: "null") { return }
      try skipNumber()
    }
  }

  /// Steps over a number: `-12.5e3`.
  private mutating func skipNumber() throws(FormatProblem) {
    _ = cursor.take("-")
    if !cursor.take("0") { try skipDigits() }
    if cursor.take(".") { try skipDigits() }
    if cursor.take("e") || cursor.take("E") {
      if !cursor.take("+") { _ = cursor.take("-") }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(FormatProblem) {
    let first = cursor.offset
    while let byte = cursor.current, (0x30...0x39).contains(byte) { cursor.advance() }
    if cursor.offset == first { throw damaged("its header lacks a value") }
  }

  /// Only blanks may follow.
  mutating func finish() throws(FormatProblem) {
    skipSpace()
    if !cursor.isAtEnd { throw damaged("its header goes on after the object") }
  }

  private mutating func escape() throws(FormatProblem) -> Unicode.Scalar {
    let byte = cursor.current
    cursor.advance()
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try codeUnit()
      guard (0xD800..<0xDC00).contains(unit) else {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        throw damaged("its header has half of a surrogate pair")
      }
      guard cursor.take(word: "\\u") else { throw damaged("its header has half of a surrogate pair") }
      let low = try codeUnit()
      guard (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { throw damaged("its header has half of a surrogate pair") }
      return scalar
    default: throw damaged("its header has an unknown escape in a string")
    }
  }

  private mutating func codeUnit() throws(FormatProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = cursor.current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
      else {
        throw damaged("its header has an escape without four digits")
      }
      value = value << 4 | UInt32(digit)
      cursor.advance()
    }
    return value
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatProblem) {
    skipSpace()
    if !cursor.take(character) { throw damaged("its header lacks a \(character)") }
  }

  private mutating func skipSpace() {
    while let byte = cursor.current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      cursor.advance()
    }
  }
}

extension JSONCursor {
  /// A text as it stands between the quotes of a JSON string.
  static func escaped(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        result += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
      default: result.append(byte)
      }
    }
    return result
  }
}
