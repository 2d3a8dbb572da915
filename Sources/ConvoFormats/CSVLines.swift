/// A text as lines of cells.
struct CSVLines {
  /// Where the next line begins, and its number, counted from 1.
  struct Place {
    var offset: Int
    var number: Int
  }

  /// A line that holds cells, without its line end.
  struct Line {
    let range: Range<Int>
    let number: Int
  }

  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The start of the text, behind a byte order mark if there is one.
  var start: Place { Place(offset: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, number: 1) }

  /// The next line that is neither blank nor a comment.
  func next(_ place: inout Place) -> Line? {
    while place.offset < bytes.count {
      let first = place.offset
      var end = first
      while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
      let number = place.number
      place.offset = end + 1
      place.number += 1
      if end + 1 < bytes.count, bytes[end] == 0x0d, bytes[end + 1] == 0x0a { place.offset += 1 }
      let content = trimmed(first..<end)
      if !content.isEmpty, bytes[content.lowerBound] != UInt8(ascii: "#") {
        return Line(range: first..<end, number: number)
      }
    }
    return nil
  }

  /// The first of comma, semicolon and tab that the line holds, else a blank.
  func separator(of line: Line) -> UInt8 {
    [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].first { bytes[line.range].contains($0) } ?? 0x20
  }

  /// Hands each cell to `body`, without the blanks around it. Blanks as separators count once, however many there are.
  @inline(__always)
  func eachCell(of line: Line, _ separator: UInt8, _ body: (Range<Int>) -> Void) {
    var first = line.range.lowerBound
    let end = separator == 0x20 ? trimmed(line.range).upperBound : line.range.upperBound
    if separator == 0x20 { first = trimmed(line.range).lowerBound }
    while true {
      var last = first
      while last < end, bytes[last] != separator { last += 1 }
      body(trimmed(first..<last))
      if last >= end { return }
      first = last + 1
      if separator == 0x20 {
        while first < end, bytes[first] == 0x20 { first += 1 }
      }
    }
  }

  func cells(of line: Line, _ separator: UInt8) -> [Range<Int>] {
    var result: [Range<Int>] = []
    eachCell(of: line, separator) { result.append($0) }
    return result
  }

  /// A cell as an error shows it.
  func words(_ cell: Range<Int>) -> String {
    if cell.isEmpty { return "an empty cell" }
    let shown = String(decoding: bytes[cell].prefix(20), as: UTF8.self)
    return shown.debugDescription + (cell.count > 20 ? "…" : "")
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
    while low < high, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
    return low..<high
  }

  /// The nearest float32 of a decimal number, or of `nan`, `inf` and `infinity` in any case; nil for other texts.
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
      } else if byte == UInt8(ascii: "."), !hasPoint {
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
    return Float(String(decoding: bytes[cell], as: UTF8.self))
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
    switch String(decoding: bytes[range], as: UTF8.self).lowercased() {
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
