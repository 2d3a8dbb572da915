/// Reads a number from text, the way the language writes them.
///
///     [sign] digits [. [digits]] [e [sign] digits] · [sign] . digits … · [sign] 0x hex · [sign] nan · [sign] inf
enum NumberReading {
  /// The number that a text holds, blanks around it aside; `nil` for any other text.
  static func number(in text: String) -> Double? {
    var bytes = Array(text.utf8)[...]
    while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    var isNegative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      bytes.removeFirst()
    }
    guard let magnitude = unsigned(bytes) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  private static func unsigned(_ bytes: ArraySlice<UInt8>) -> Double? {
    let word = String(decoding: bytes, as: UTF8.self)
    switch word.lowercased() {
    case "nan": return .nan
    case "inf": return .infinity
    case let hex where hex.hasPrefix("0x"): return hexadecimal(bytes.dropFirst(2))
    default: return isDecimal(bytes) ? Double(word) : nil
    }
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> Double? {
    guard !digits.isEmpty else { return nil }
    var value = 0.0
    for digit in digits {
      guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
      value = value * 16 + Double(number)
    }
    return value
  }

  /// Whether the bytes are digits with at most one point and an exponent: `Double` itself also takes other forms.
  private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    let whole = dropDigits(&rest)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = dropDigits(&rest)
    }
    guard whole + fraction > 0 else { return false }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
      guard dropDigits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// Drops the digits at the front; gives how many there were.
  private static func dropDigits(_ bytes: inout ArraySlice<UInt8>) -> Int {
    let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    bytes = bytes.dropFirst(digits)
    return digits
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
