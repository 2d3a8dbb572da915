/// Turns styled text into bytes for a terminal, or into plain text for anything else.
public struct TerminalRenderer: Sendable {
  /// The colours that may be used.
  public var depth: ColorDepth

  /// A renderer for a depth of colour.
  public init(depth: ColorDepth) { self.depth = depth }

  /// The text with its escape sequences; every line ends with the terminal's own look.
  public func render(_ text: StyledText) -> String {
    if depth == .none { return text.string }
    var result = ""
    for run in text.runs {
      let codes = self.codes(run.style)
      if codes.isEmpty {
        result += run.text
        continue
      }
      // The look ends before each newline, or a coloured ground would fill the next line of some terminals.
      var isFirst = true
      for line in run.text.split(separator: "\n", omittingEmptySubsequences: false) {
        if !isFirst { result += "\n" }
        isFirst = false
        if !line.isEmpty { result += "\u{1B}[\(codes)m\(line)\u{1B}[0m" }
      }
    }
    return result
  }

  private func codes(_ style: Style) -> String {
    var codes: [String] = []
    if style.isBold { codes.append("1") }
    if style.isDim { codes.append("2") }
    if let color = style.foreground { codes.append(code(color, base: 30)) }
    if let color = style.background { codes.append(code(color, base: 40)) }
    return codes.joined(separator: ";")
  }

  private func code(_ color: Style.Color, base: Int) -> String {
    switch color {
    case .theme(let index):
      return index < 8 ? "\(base + Int(index))" : "\(base + 52 + Int(index))"
    case .rgb(let red, let green, let blue):
      switch depth {
      case .full: return "\(base + 8);2;\(red);\(green);\(blue)"
      case .indexed: return "\(base + 8);5;\(TerminalRenderer.index(red, green, blue))"
      default:
        let bits = (red > 127 ? 1 : 0) + (green > 127 ? 2 : 0) + (blue > 127 ? 4 : 0)
        return "\(base + bits)"
      }
    }
  }

  /// The nearest of the 216 colours of the cube and the 24 greys of xterm's palette.
  ///
  /// - Source: xterm, 256colres.pl: cube levels 0 95 135 175 215 255, greys 8, 18, … 238.
  static func index(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    func level(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    let levels = [0, 95, 135, 175, 215, 255]
    let (r, g, b) = (Int(red), Int(green), Int(blue))
    func distance(_ x: Int, _ y: Int, _ z: Int) -> Int {
      (x - r) * (x - r) + (y - g) * (y - g) + (z - b) * (z - b)
    }
    let (i, j, k) = (level(r), level(g), level(b))
    let grey = min(23, max(0, ((r + g + b) / 3 - 3) / 10))
    let shade = 8 + 10 * grey
    let usesCube =
      distance(levels[i], levels[j], levels[k]) <= distance(shade, shade, shade)
    return usesCube ? 16 + 36 * i + 6 * j + k : 232 + grey
  }
}
