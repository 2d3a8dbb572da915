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
    if number == number.rounded(), abs(number) <= 0x1p53 { return String(Int(number)) }
    return significant(number, digits: 6)
  }

  /// A number with at most `digits` significant digits and no trailing zeros, as C's `%g` writes it.
  public static func significant(_ number: Double, digits: Int) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if number == 0 { return "0" }
    let magnitude = abs(number)
    var exponent = Int(floor(log10(magnitude)))
    // The decimal digits as a whole number; a rounding up to one digit more moves the exponent.
    var scaled = scale(magnitude, digits - 1 - exponent).rounded(.toNearestOrEven)
    if scaled >= pow(10, Double(digits)) {
      exponent += 1
      scaled = scale(magnitude, digits - 1 - exponent).rounded(.toNearestOrEven)
    } else if scaled < pow(10, Double(digits - 1)) {
      exponent -= 1
      scaled = scale(magnitude, digits - 1 - exponent).rounded(.toNearestOrEven)
    }
    var text = Array(String(Int(scaled)))
    let sign = number < 0 ? "-" : ""
    if exponent < -4 || exponent >= digits {
      while text.count > 1, text.last == "0" { text.removeLast() }
      let head = String(text[0])
      let tail = text.count > 1 ? "." + String(text[1...]) : ""
      let power = abs(exponent)
      return sign + head + tail + (exponent < 0 ? "e-" : "e+") + (power < 10 ? "0" : "") + String(power)
    }
    if exponent < 0 {
      text = Array(repeating: "0", count: -exponent) + text
      exponent = 0
    }
    var result = String(text[0...exponent])
    var tail = text[(exponent + 1)...]
    while tail.last == "0" { tail.removeLast() }
    if !tail.isEmpty { result += "." + String(tail) }
    return sign + result
  }

  /// `value · 10^power`, in two steps where one power would overflow.
  private static func scale(_ value: Double, _ power: Int) -> Double {
    if power > 300 { return value * pow(10, 300) * pow(10, Double(power - 300)) }
    return power >= 0 ? value * pow(10, Double(power)) : value / pow(10, Double(-power))
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
