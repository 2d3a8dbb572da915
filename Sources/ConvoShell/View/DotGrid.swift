internal import ConvoInterpreter

/// Cells of a terminal with 2×4 dots each, on which curves are drawn; without braille, or without colours to tell
/// several curves apart, each cell has one sign.
struct DotGrid {
  private let height: Int
  private let width: Int
  private let glyphs: ChartGlyphs
  private let seriesCount: Int
  /// The braille dots of each cell, cell after cell, row after row.
  private var dots: [UInt8]
  /// The series that was drawn last in each cell.
  private var owners: [Int?]
  private var ruledRow: Int?

  init(height: Int, width: Int, glyphs: ChartGlyphs, series: Int) {
    self.height = height
    self.width = width
    self.glyphs = glyphs
    seriesCount = series
    dots = [UInt8](repeating: 0, count: height * width)
    owners = [Int?](repeating: nil, count: height * width)
  }

  /// How many columns of dots there are.
  var dotColumns: Int { 2 * width }

  /// Marks a height, from 0 to 1, with a line across.
  mutating func rule(_ position: Double) {
    ruledRow = height - 1 - Int((min(1, max(0, position)) * Double(height - 1)).rounded())
  }

  /// Draws a run of points, joined by lines or not.
  mutating func draw(_ run: [Curve.Point], isJoined: Bool, series: Int) {
    var last: (x: Int, y: Int)?
    for point in run {
      let x = Int((min(1, max(0, point.x)) * Double(2 * width - 1)).rounded())
      let y = Int(((1 - min(1, max(0, point.y))) * Double(4 * height - 1)).rounded())
      if isJoined, let last {
        let steps = max(abs(x - last.x), abs(y - last.y))
        for step in 0..<max(steps, 0) {
          let part = Double(step) / Double(steps)
          set(
            last.x + Int((part * Double(x - last.x)).rounded()),
            last.y + Int((part * Double(y - last.y)).rounded()),
            series)
        }
      }
      set(x, y, series)
      last = (x, y)
    }
  }

  /// The braille bit of a dot: rows of ⠁⠈, ⠂⠐, ⠄⠠, ⡀⢀.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  private mutating func set(_ x: Int, _ y: Int, _ series: Int) {
    let cell = y / 4 * width + x / 2
    // A cell has one colour: what was drawn first gives way.
    if owners[cell] != series { dots[cell] = 0 }
    dots[cell] |= DotGrid.bits[y % 4][x % 2]
    owners[cell] = series
  }

  /// The rows from the top.
  func lines(_ depth: ColorDepth) -> [StyledText] {
    let isBraille = glyphs == .fine && (seriesCount == 1 || depth != .none)
    return (0..<height).map { row in
      var line = StyledText()
      for cell in (row * width)..<((row + 1) * width) {
        guard let owner = owners[cell] else {
          line.append(row == ruledRow ? String(glyphs.rule) : " ", row == ruledRow ? .faint : .plain)
          continue
        }
        let sign =
          isBraille
          ? Character(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
          : glyphs.mark(owner, of: seriesCount)
        line.append(String(sign), ChartView.style(owner))
      }
      return line
    }
  }
}
