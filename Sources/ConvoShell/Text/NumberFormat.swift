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
    let text = NumberText.significant(value, digits: 3)
    // `1e-05` and `1e+06` become `1e-5` and `1e6`: a line has little room.
    guard let mark = text.utf8.firstIndex(of: 0x65) else { return text }
    let exponent = text[text.utf8.index(after: mark)...]
    let digits = exponent.drop { $0 == "+" || $0 == "-" }.drop { $0 == "0" }
    return text[...mark] + (exponent.first == "-" ? "-" : "") + digits
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
