extension Tokenizer {
  /// `3`, `1_000`, `0.5`, `.5`, `3.`, `1e-3` or `0xff`.
  mutating func number(from start: Int) -> Token {
    var index = start
    if bytes[start] == 0x30 {
      switch byte(start + 1) | 0x20 {
      case 0x78: return hexadecimal(from: start)
      case 0x62, 0x6F:
        let end = endOfName(from: start)
        if end > start + 2 { return mistake(.foreignBase, start, end) }
      default: break
      }
    }
    var isSound = true
    index = digits(from: index, &isSound)
    if byte(index) == 0x2E {
      let next = byte(index + 1)
      if next == 0x2E { return mistake(.doubleDot, start, endOfDots(from: index)) }
      // `3.shape` asks the number 3 for an attribute; `3.e5` and `3.` are numbers.
      if !startsName(at: index + 1) || isExponent(at: index + 1) || next == 0x5F {
        index = digits(from: index + 1, &isSound)
      }
    }
    if byte(index) | 0x20 == 0x65, isExponent(at: index) || !startsName(at: index + 1) {
      index += byte(index + 1) == 0x2B || byte(index + 1) == 0x2D ? 2 : 1
      let end = digits(from: index, &isSound)
      if end == index { return mistake(.missingExponent, start, end) }
      index = end
    }
    let end = endOfName(from: index)
    if !isSound { return mistake(.underscore, start, end) }
    if end > index { return mistake(.numberRunsIntoName, start, end) }
    return token(.number, start, end)
  }

  private mutating func hexadecimal(from start: Int) -> Token {
    let end = endOfName(from: start)
    if end == start + 2 { return mistake(.missingHexadecimalDigits, start, end) }
    var wasDigit = false
    for index in start + 2..<end {
      switch bytes[index] {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: wasDigit = true
      case 0x5F where wasDigit: wasDigit = false
      case 0x5F: return mistake(.underscore, start, end)
      default: return mistake(.numberRunsIntoName, start, end)
      }
    }
    return wasDigit ? token(.number, start, end) : mistake(.underscore, start, end)
  }

  /// Walks over digits; each `_` must stand between two of them.
  private func digits(from start: Int, _ isSound: inout Bool) -> Int {
    var index = start
    var wasDigit = false
    while true {
      switch byte(index) {
      case 0x30...0x39: wasDigit = true
      case 0x5F:
        if !wasDigit { isSound = false }
        wasDigit = false
      default:
        if !wasDigit && index > start { isSound = false }
        return index
      }
      index += 1
    }
  }

  /// Whether `e5`, `e-5` or `E+5` begins at an offset.
  private func isExponent(at index: Int) -> Bool {
    guard byte(index) | 0x20 == 0x65 else { return false }
    let next = byte(index + 1)
    let digit = next == 0x2B || next == 0x2D ? byte(index + 2) : next
    return digit >= 0x30 && digit <= 0x39
  }

  /// The end of `..2` in `1..2`.
  private func endOfDots(from start: Int) -> Int {
    var index = start
    while byte(index) == 0x2E { index += 1 }
    return endOfName(from: index)
  }
}

/// The value of a number as written.
enum NumberLiteral {
  private static let powersOfTen: [Double] = (0...22).map { Double("1e\($0)") ?? 0 }

  /// The nearest 64-bit float to the digits of a span that the tokenizer has checked.
  ///
  /// Up to 15 digits and an exponent of up to ±22 need one exact multiplication or division.
  ///
  /// - Source: W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990.
  static func value(of bytes: [UInt8], _ span: Span) -> Double {
    var mantissa: UInt64 = 0
    var digits = 0
    var scale = 0
    var isFraction = false
    var index = span.start
    scan: while index < span.end {
      switch bytes[index] {
      case 0x30...0x39:
        if digits > 0 || bytes[index] != 0x30 { digits += 1 }
        if digits > 15 { return slowValue(of: bytes, span) }
        mantissa = mantissa * 10 + UInt64(bytes[index] - 0x30)
        if isFraction { scale -= 1 }
      case 0x2E: isFraction = true
      case 0x5F: break
      case 0x78, 0x58: return slowValue(of: bytes, span)
      default: break scan
      }
      index += 1
    }
    if index < span.end {
      guard let exponent = exponent(of: bytes, index + 1, span.end) else { return slowValue(of: bytes, span) }
      scale += exponent
    }
    if mantissa == 0 { return 0 }
    guard abs(scale) < powersOfTen.count else { return slowValue(of: bytes, span) }
    return scale < 0 ? Double(mantissa) / powersOfTen[-scale] : Double(mantissa) * powersOfTen[scale]
  }

  /// A short exponent.
  private static func exponent(of bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard end - start <= 6 else { return nil }
    var value = 0
    for byte in bytes[start..<end] where byte >= 0x30 && byte <= 0x39 {
      value = value * 10 + Int(byte - 0x30)
    }
    return bytes[start] == 0x2D ? -value : value
  }

  /// Any number, through the standard library, which wants digits on both sides of a point.
  private static func slowValue(of bytes: [UInt8], _ span: Span) -> Double {
    var text: [UInt8] = []
    for byte in bytes[span.start..<span.end] where byte != 0x5F {
      let isDigit = byte >= 0x30 && byte <= 0x39
      if byte == 0x2E && text.isEmpty || text.last == 0x2E && !isDigit { text.append(0x30) }
      text.append(byte)
    }
    if text.last == 0x2E { text.append(0x30) }
    return Double(String(decoding: text, as: UTF8.self)) ?? .infinity
  }
}
