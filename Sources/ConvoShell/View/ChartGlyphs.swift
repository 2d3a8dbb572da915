/// The signs that charts are made of: what the terminal's letters have.
public enum ChartGlyphs: Sendable {
  /// Braille and blocks.
  case fine
  /// Nothing beyond ASCII.
  case plain

  /// Decides by the terminal: `dumb` ones and consoles have no braille.
  public static func decide(isTerminal: Bool, environment: (String) -> String?) -> ChartGlyphs {
    guard isTerminal else { return .fine }
    let term = environment("TERM") ?? ""
    let isPoor = ["", "dumb", "linux", "ansi", "cons25"].contains(term) || term.hasPrefix("vt")
    return isPoor ? .plain : .fine
  }

  var horizontal: Character { self == .fine ? "─" : "-" }
  var vertical: Character { self == .fine ? "│" : "|" }
  var corner: Character { self == .fine ? "└" : "+" }
  var leftTick: Character { self == .fine ? "┤" : "+" }
  var bottomTick: Character { self == .fine ? "┬" : "+" }
  var swatch: Character { self == .fine ? "━" : "-" }
  var mark: Character { self == .fine ? "┊" : "|" }
  var rule: Character { self == .fine ? "┈" : "." }

  var ellipsis: String { self == .fine ? "…" : "~" }

  /// The text, or its beginning with a sign that there is more.
  func clipped(_ text: String, to width: Int) -> String {
    DisplayWidth.of(text) <= width
      ? text : DisplayWidth.slice(text, from: 0, width: max(0, width - 1)) + ellipsis
  }

  /// The sign of a series where there are no colours to tell it by.
  func mark(_ series: Int, of count: Int) -> Character {
    if count == 1 { return self == .fine ? "━" : "*" }
    let signs: [Character] =
      self == .fine ? ["●", "○", "▲", "△", "■", "□", "◆", "◇"] : ["*", "o", "+", "x", "#", "@", "%", "&"]
    return signs[series % signs.count]
  }

  /// The filling of a bar.
  func filling(_ series: Int, hasColor: Bool) -> Character {
    if self == .fine { return hasColor ? "█" : ["█", "▒", "▓", "░"][series % 4] }
    return ["#", "=", "+", "-", "o", "x", "*", "%"][series % 8]
  }

  /// Columns of these heights, from 0 to 1, as rows from the top.
  func columns(_ heights: [Double], rows: Int) -> [String] {
    let signs: [Character] = self == .fine ? ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] : ["#"]
    let parts = signs.count
    // What is not empty is seen.
    let levels = heights.map { $0 > 0 ? max(1, Int(($0 * Double(rows * parts)).rounded())) : 0 }
    return (0..<rows).map { row in
      let base = (rows - 1 - row) * parts
      return String(levels.map { $0 <= base ? " " : signs[min(parts, $0 - base) - 1] })
    }
  }

  /// A bar of a length in cells.
  func bar(_ length: Double, series: Int, hasColor: Bool) -> String {
    let full = filling(series, hasColor: hasColor)
    // Eighths of a cell; only the full block has them.
    guard self == .fine, full == "█" else {
      return String(repeating: full, count: length > 0 ? max(1, Int(length.rounded())) : 0)
    }
    let eighths = length > 0 ? max(1, Int((length * 8).rounded())) : 0
    let ends: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: full, count: eighths / 8)
      + (eighths % 8 == 0 ? "" : String(ends[eighths % 8 - 1]))
  }
}
