extension CSVLines {
  /// What a cell holds: a number, or NaN where a value is missing; nil for other texts.
  @inline(__always)
  func value(_ cell: Range<Int>) -> Float? {
    number(cell) ?? (isMissing(cell) ? .nan : nil)
  }

  /// Whether a cell says that there is no value: it is empty, or holds what pandas, R and spreadsheets write for that.
  func isMissing(_ cell: Range<Int>) -> Bool {
    if cell.isEmpty { return true }
    guard cell.count <= 4 else { return false }
    let text = String(decoding: bytes[cell], as: UTF8.self).lowercased()
    return ["na", "n/a", "<na>", "#n/a", "#na", "null", "none"].contains(text)
  }

  /// The nearest float32 of a decimal number, or of `nan`, `inf` and `infinity` in any case; nil for other texts.
  ///
  /// Between semicolons a comma may stand for the point, as spreadsheets write it where people do.
  func number(_ cell: Range<Int>) -> Float? {
    var index = cell.lowerBound
    let end = cell.upperBound
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    if index < end, bytes[index] | 0x20 >= UInt8(ascii: "a") { return special(index..<end, isNegative) }

    var digits: UInt64 = 0
    var exponent = 0
    var (hasDigits, hasPoint, isLong) = (false, false, false)
    while index < end {
      let byte = bytes[index]
      if (0x30...0x39).contains(byte) {
        hasDigits = true
        if digits < 100_000_000_000_000 { digits = digits * 10 + UInt64(byte - 0x30) } else { isLong = true }
        if hasPoint { exponent -= 1 }
      } else if isPoint(byte), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard hasDigits else { return nil }
    if index < end {
      guard bytes[index] | 0x20 == UInt8(ascii: "e"), let power = power(index + 1..<end) else { return nil }
      exponent += power
    }
    if !isLong, (-22...22).contains(exponent), let value = CSVLines.exact(digits, exponent) {
      return isNegative ? -value : value
    }
    let text = bytes[cell].map { isPoint($0) ? UInt8(ascii: ".") : $0 }
    return Float(String(decoding: text, as: UTF8.self))
  }

  @inline(__always)
  private func isPoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || (byte == UInt8(ascii: ",") && separator == UInt8(ascii: ";"))
  }

  /// What follows an `e`, held within ±10000, nil if it is no whole number.
  private func power(_ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    guard index < range.upperBound else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < range.upperBound else { return nil }
    var value = 0
    while index < range.upperBound {
      guard (0x30...0x39).contains(bytes[index]) else { return nil }
      value = min(value * 10 + Int(bytes[index] - 0x30), 10000)
      index += 1
    }
    return isNegative ? -value : value
  }

  private func special(_ range: Range<Int>, _ isNegative: Bool) -> Float? {
    guard range.count <= 8 else { return nil }
    return switch String(decoding: bytes[range], as: UTF8.self).lowercased() {
    case "nan": .nan
    case "inf", "infinity": isNegative ? -.infinity : .infinity
    default: nil
    }
  }

  /// `digits · 10^exponent`, correctly rounded, nil where this short way cannot tell.
  ///
  /// Digits below 2⁵³ and powers up to 10²² are exact as doubles, so that one operation rounds once. Rounding again to
  /// float32 errs only if the double lies in the middle between two floats, or where floats lose digits.
  ///
  /// - Source: Clinger, "How to read floating point numbers accurately", PLDI 1990.
  private static func exact(_ digits: UInt64, _ exponent: Int) -> Float? {
    let power = powers[abs(exponent)]
    let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
    if value.bitPattern & 0x1FFF_FFFF == 0x1000_0000 { return nil }
    if value != 0, value < 0x1p-126 { return nil }
    return Float(value)
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]
}
