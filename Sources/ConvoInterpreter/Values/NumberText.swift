#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How numbers are written: whole ones without a point, others with six significant digits.
public enum NumberText {
  /// A number of the language: `3`, `0.5`, `0.333333`, `1e+20`, `inf`, `nan`.
  public static func plain(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    // Up to 2⁵³ every whole number is exact.
    if abs(number) <= 0x1p53, number == Double(Int(number)) { return String(Int(number)) }
    return significant(number, digits: 6)
  }

  /// A number with at most `digits` significant digits and no trailing zeros, as C's `%g` writes it.
  public static func significant(_ number: Double, digits: Int) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if number == 0 { return "0" }
    // A sign, the digits, the zeros before them and an exponent.
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: digits + 16) { buffer in
      let length = unsafe withVaList([Int32(digits), number]) { arguments in
        unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.*g", arguments)
      }
      let used = unsafe buffer.prefix(min(max(0, Int(length)), buffer.count - 1))
      return unsafe String(decoding: used.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Bytes in IEC units: `753 KiB`, `2.2 MiB`.
  public static func bytes(_ count: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = Double(count)
    var unit = 0
    // What would be rounded to 1024 of a unit is 1 of the next.
    while value >= 1023.5, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    if unit == 0 || value >= 99.95 { return "\(Int(value.rounded())) \(units[unit])" }
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
