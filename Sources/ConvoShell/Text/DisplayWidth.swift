import CEdit

/// How many columns of a terminal a text takes: two for East Asian wide letters and most emoji, none for combining marks.
public enum DisplayWidth {
  /// The columns of one scalar. Control characters count as one, because they are shown as one visible sign.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x7F { return 1 }
    let width = Int(cedit_width(Int32(bitPattern: scalar.value)))
    return width < 0 ? 1 : width
  }

  /// The columns of a text of one line.
  public static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  /// The text with visible signs for control characters, and blanks for tabs up to every fourth column.
  ///
  /// - Returns: the text, and for each UTF-8 byte of the original (and its end) the column where it is shown.
  public static func visible(_ text: String) -> (text: String, columns: [Int]) {
    var result = ""
    var columns: [Int] = []
    columns.reserveCapacity(text.utf8.count + 1)
    var column = 0
    for scalar in text.unicodeScalars {
      for _ in 0..<UTF8.width(scalar) { columns.append(column) }
      if scalar == "\t" {
        let blanks = 4 - column % 4
        result += String(repeating: " ", count: blanks)
        column += blanks
      } else if scalar.value < 0x20 {
        result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
        column += 1
      } else if scalar.value >= 0x7F && scalar.value < 0xA0 {
        result += "\u{FFFD}"
        column += 1
      } else {
        result.unicodeScalars.append(scalar)
        column += of(scalar)
      }
    }
    columns.append(column)
    return (result, columns)
  }

  /// The part of a text that lies in `width` columns from column `start`.
  public static func slice(_ text: String, from start: Int, width: Int) -> String {
    var result = ""
    var column = 0
    for scalar in text.unicodeScalars {
      let step = of(scalar)
      if column >= start && column + step <= start + width { result.unicodeScalars.append(scalar) }
      column += step
      if column >= start + width && step > 0 { break }
    }
    return result
  }
}
