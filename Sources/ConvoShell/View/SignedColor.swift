/// Colours and signs for numbers around zero: blue above, white at, red below.
enum SignedColor {
  /// The colour of `value` on a scale from `-1` to `1`.
  static func rgb(_ value: Double) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let value = min(1, max(-1, value.isFinite ? value : 0))
    // White fades to a blue or red of about the same darkness at both ends.
    let end = value > 0 ? (33.0, 102.0, 210.0) : (205.0, 38.0, 38.0)
    let weight = abs(value).squareRoot() * 0.35 + abs(value) * 0.65
    func mix(_ part: Double) -> UInt8 { UInt8((255 + (part - 255) * weight).rounded()) }
    return (mix(end.0), mix(end.1), mix(end.2))
  }

  /// A look with that ground, and letters that can be read on it.
  static func style(_ value: Double) -> Style {
    let (red, green, blue) = rgb(value)
    let light = 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)
    return Style(light > 140 ? .rgb(0, 0, 0) : .rgb(255, 255, 255), on: .rgb(red, green, blue))
  }

  /// A sign for a terminal without colours: `░▒▓█` above zero, `-=≡` below.
  static func sign(_ value: Double) -> Character {
    let size = min(1, abs(value))
    if size < 0.08 { return "·" }
    if value > 0 { return size < 0.3 ? "░" : size < 0.55 ? "▒" : size < 0.8 ? "▓" : "█" }
    return size < 0.4 ? "-" : size < 0.75 ? "=" : "≡"
  }
}
