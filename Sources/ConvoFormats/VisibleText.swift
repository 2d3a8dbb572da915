extension String {
  /// The text in one line that does nothing to a terminal: control characters are escapes such as `\u{1B}` and `\n`,
  /// bytes of names that are no text `\xE9`.
  public var visible: String { escaped(keepsLines: false) }

  /// The same, but newlines and tabs stay.
  public var visibleLines: String { escaped(keepsLines: true) }

  private func escaped(keepsLines: Bool) -> String {
    guard mayControl(keepsLines: keepsLines) else { return self }
    var result = ""
    result.reserveCapacity(utf8.count + 16)
    for scalar in unicodeScalars {
      if let byte = PathText.byte(scalar) {
        result += "\\x" + String(byte, radix: 16, uppercase: true)
      } else if !scalar.controls || (keepsLines && (scalar == "\n" || scalar == "\t")) {
        result.unicodeScalars.append(scalar)
      } else if scalar == "\n" {
        result += "\\n"
      } else if scalar == "\t" {
        result += "\\t"
      } else {
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      }
    }
    return result
  }

  /// A quick look that finds every text with something to escape, and few others.
  private func mayControl(keepsLines: Bool) -> Bool {
    var before: UInt8 = 0
    for byte in utf8 {
      switch byte {
      case 0x0A, 0x09: if !keepsLines { return true }
      case 0..<0x20, 0x7F, 0xF4: return true
      // The second bytes of U+0080 to U+009F and of U+2000 to U+207F.
      case 0x80..<0xA0: if before == 0xC2 || (before == 0xE2 && byte < 0x82) { return true }
      default: break
      }
      before = byte
    }
    return false
  }
}

extension Unicode.Scalar {
  /// Whether a terminal obeys the character, or writes what follows in the other direction.
  public var controls: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
