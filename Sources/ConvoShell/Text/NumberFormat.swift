#if canImport(Glibc)
  import Glibc
#endif

internal import ConvoInterpreter

/// Numbers as people read them: as many digits as matter, no trailing zeros, no `e` where a few zeros do.
public enum NumberFormat {
  /// `value` with that many decimals.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = print(value, precision: decimals, format: "%.*f")
    return text.utf8.allSatisfy { $0 == 0x2D || $0 == 0x30 || $0 == 0x2E } && text.hasPrefix("-")
      ? String(text.dropFirst()) : text
  }

  /// A number in a summary: three significant digits, more only where they stand before the point.
  public static func summary(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1000 && size < 1e6 { return fixed(value, 0) }
    if size == 0 || !size.isFinite || (size >= 1e-3 && size < 1e6) {
      return NumberText.significant(value, digits: 3)
    }
    // A line has little room: `1.02e-5`, not `0.0000102` or `1.02e-05`.
    let parts = print(value, precision: 2, format: "%.*e").split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1].drop { $0 == "+" }) else { return "\(value)" }
    var mantissa = parts[0]
    while mantissa.last == "0" { mantissa = mantissa.dropLast() }
    if mantissa.last == "." { mantissa = mantissa.dropLast() }
    return "\(mantissa)e\(exponent)"
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
