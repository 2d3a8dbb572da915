#if canImport(Glibc)
  import Glibc
#endif

/// Numbers as people read them: as many digits as matter, no trailing zeros, no `e` where a few zeros do.
public enum NumberFormat {
  /// A number with `digits` significant digits: `0.333333`, `1e-05` becomes `1e-5`, `3` stays `3`.
  public static func significant(_ value: Double, _ digits: Int = 6) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 1e-4 && size < 1e9 {
      let exponent = Int(log10(size).rounded(.down))
      return trimmed(fixed(value, max(0, digits - 1 - exponent)))
    }
    return scientific(value, digits)
  }

  /// `value` with that many decimals.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = print(value, precision: decimals, format: "%.*f")
    return text.utf8.allSatisfy { $0 == 0x2D || $0 == 0x30 || $0 == 0x2E } && text.hasPrefix("-")
      ? String(text.dropFirst()) : text
  }

  /// `1.5e-7`, with the shortest mantissa and exponent.
  public static func scientific(_ value: Double, _ digits: Int) -> String {
    let text = print(value, precision: digits - 1, format: "%.*e")
    let parts = text.split(separator: "e")
    guard parts.count == 2 else { return text }
    var exponent = parts[1].drop { $0 == "+" }
    let isNegative = exponent.first == "-"
    exponent = exponent.drop { $0 == "-" || $0 == "0" }
    return trimmed(String(parts[0])) + "e" + (isNegative ? "-" : "") + (exponent.isEmpty ? "0" : exponent)
  }

  /// A count of bytes: `753 KiB`, `2.2 MiB`, `12 B`.
  public static func bytes(_ count: Int) -> String {
    if count < 1024 { return "\(count) B" }
    var value = Double(count)
    var unit = ""
    for name in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where value >= 1023.5 || unit.isEmpty {
      value /= 1024
      unit = name
    }
    return (value < 9.95 ? fixed(value, 1) : fixed(value, 0)) + " " + unit
  }

  /// A time: `0.4 ms`, `12.4 ms`, `1.2 s`, `2 min 05 s`.
  public static func duration(_ seconds: Double) -> String {
    if seconds < 0.000_999_5 { return fixed(seconds * 1e6, seconds < 9.95e-6 ? 1 : 0) + " µs" }
    if seconds < 0.099_95 { return fixed(seconds * 1e3, 1) + " ms" }
    if seconds < 0.999_5 { return fixed(seconds * 1e3, 0) + " ms" }
    if seconds < 59.95 { return fixed(seconds, 1) + " s" }
    let whole = Int(seconds.rounded())
    return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
  }

  /// A large count with three digits: `26.0 M`, `140`, `1.2 G`.
  public static func count(_ value: Int) -> String {
    if value < 10_000 { return "\(value)" }
    var scaled = Double(value)
    var unit = ""
    for name in ["k", "M", "G", "T", "P"] where scaled >= 999.5 || unit.isEmpty {
      scaled /= 1000
      unit = name
    }
    return fixed(scaled, scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0) + " " + unit
  }

  private static func trimmed(_ text: String) -> String {
    guard text.utf8.contains(0x2E) else { return text }
    var bytes = Array(text.utf8)
    while bytes.last == 0x30 { bytes.removeLast() }
    if bytes.last == 0x2E { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func print(_ value: Double, precision: Int, format: String) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let length = withVaList([Int32(precision), value]) {
        vsnprintf(buffer.baseAddress, buffer.count, format, $0)
      }
      let used = min(max(0, Int(length)), buffer.count - 1)
      return String(decoding: buffer.prefix(used).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
