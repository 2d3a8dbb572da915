/// The letters of charts: lines and smooth curves on a grid, drawn at any size.
enum StrokeFont {
  /// The height of capital letters, in units of the grid.
  static let capitalHeight = 6.0
  /// The blank between two letters.
  private static let gap = 1.7

  /// How wide a text is, in units of the grid.
  static func width(of text: String) -> Double {
    let widths = text.unicodeScalars.map { glyph($0).width }
    return widths.reduce(0, +) + gap * Double(max(0, widths.count - 1))
  }

  /// The lines of a text that begins at 0 on its base line; y grows upwards.
  static func paths(of text: String) -> [[Canvas.Point]] {
    var left = 0.0
    var result: [[Canvas.Point]] = []
    for scalar in text.unicodeScalars {
      let glyph = glyph(scalar)
      result += glyph.paths.map { $0.map { Canvas.Point(x: $0.x + left, y: $0.y) } }
      left += glyph.width + gap
    }
    return result
  }

  /// A letter.
  struct Glyph {
    var width: Double
    var paths: [[Canvas.Point]]

    /// Reads `width strokes`, where strokes are separated by `;` and each has points `x,y`. `~` before the points makes
    /// a smooth curve that begins and ends at the outer points, `o` a closed one.
    init(_ text: String) {
      let (head, rest) = Glyph.cut(text, " ")
      width = Double(head) ?? 0
      paths = rest.split(separator: ";").map { stroke in
        var points = stroke.split(separator: " ").filter { $0 != "~" && $0 != "o" }.map { pair in
          let (x, y) = Glyph.cut(String(pair), ",")
          return Canvas.Point(x: Double(x) ?? 0, y: Double(y) ?? 0)
        }
        if stroke.hasPrefix("~") { points = Glyph.smooth(points) }
        if stroke.hasPrefix("o") { points = Glyph.closed(points) }
        return points
      }
    }

    private static func cut(_ text: String, _ separator: Character) -> (String, String) {
      guard let place = text.firstIndex(of: separator) else { return (text, "") }
      return (String(text[..<place]), String(text[text.index(after: place)...]))
    }

    private static func middle(_ a: Canvas.Point, _ b: Canvas.Point) -> Canvas.Point {
      Canvas.Point(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
    }

    /// A quadratic curve as 8 lines.
    private static func curve(_ a: Canvas.Point, _ b: Canvas.Point, _ c: Canvas.Point) -> [Canvas.Point] {
      (0...8).map { index in
        let t = Double(index) / 8
        let (p, q, r) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
        return Canvas.Point(x: p * a.x + q * b.x + r * c.x, y: p * a.y + q * b.y + r * c.y)
      }
    }

    /// A quadratic spline: the inner points pull it, and it passes through the middles between them.
    private static func smooth(_ points: [Canvas.Point]) -> [Canvas.Point] {
      guard points.count > 2 else { return points }
      return (1..<(points.count - 1)).flatMap { index in
        let start = index == 1 ? points[0] : middle(points[index - 1], points[index])
        let isLast = index == points.count - 2
        return curve(
          start, points[index], isLast ? points[index + 1] : middle(points[index], points[index + 1]))
      }
    }

    private static func closed(_ points: [Canvas.Point]) -> [Canvas.Point] {
      points.indices.flatMap { index in
        let (before, after) = (
          points[(index + points.count - 1) % points.count], points[(index + 1) % points.count]
        )
        return curve(middle(before, points[index]), points[index], middle(points[index], after))
      }
    }
  }

  /// The glyph of a scalar: an empty box for what the font does not have.
  private static func glyph(_ scalar: Unicode.Scalar) -> Glyph { glyphs[scalar] ?? missing }

  private static let missing = Glyph("3.6 0,0 0,6 3.6,6 3.6,0 0,0")

  private static let glyphs: [Unicode.Scalar: Glyph] = {
    var result: [Unicode.Scalar: Glyph] = [:]
    for line in StrokeFont.table.split(separator: "\n") {
      // The first character is the letter, which may be a blank; then comes a blank.
      guard let scalar = line.unicodeScalars.first else { continue }
      result[scalar] = Glyph(String(line.dropFirst(2)))
    }
    return result
  }()
}
