internal import ConvoTensor

/// A picture that is drawn on with smooth edges. Places are in pixels from the top left corner, between the pixels.
struct Canvas {
  /// A place on the canvas.
  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  /// A colour of 8-bit levels.
  typealias Color = ChartPalette.Color

  let height: Int
  let width: Int
  /// Red, green and blue of each pixel, row after row.
  private var levels: [Float]

  /// A white canvas.
  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    levels = [Float](repeating: 255, count: height * width * 3)
  }

  /// The picture as H×W×3.
  func tensor() throws -> Tensor {
    try Tensor(levels, Shape([height, width, 3]), axes: .image(rank: 3))
  }

  /// How dark each pixel is, from 0 for white to 1 for black.
  func darkness() throws -> Tensor {
    try Tensor(
      stride(from: 0, to: levels.count, by: 3).map { 1 - levels[$0] / 255 }, Shape([height, width]))
  }

  /// Fills a rectangle; a pixel that it covers in part is coloured in part.
  mutating func fill(
    left: Double, top: Double, right: Double, bottom: Double, _ color: Color, opacity: Double = 1
  ) {
    let (left, right) = (max(0, min(left, right)), min(Double(width), max(left, right)))
    let (top, bottom) = (max(0, min(top, bottom)), min(Double(height), max(top, bottom)))
    guard left < right, top < bottom else { return }
    for y in Int(top)..<Int(bottom.rounded(.up)) {
      let covered = min(bottom, Double(y + 1)) - max(top, Double(y))
      for x in Int(left)..<Int(right.rounded(.up)) {
        blend(y, x, color, covered * (min(right, Double(x + 1)) - max(left, Double(x))) * opacity)
      }
    }
  }

  /// Draws lines through points, with round ends and joints. Where lines of one call cross, nothing is drawn twice.
  mutating func stroke(_ paths: [[Point]], _ color: Color, thickness: Double, opacity: Double = 1) {
    let radius = thickness / 2
    let reach = radius + 1
    let points = paths.joined().filter { $0.x.isFinite && $0.y.isFinite }
    guard let first = points.first else { return }
    var (left, right, top, bottom) = (first.x, first.x, first.y, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    // Only what lies on the canvas is drawn.
    let columns = Canvas.pixels(left - reach, right + reach, width)
    let rows = Canvas.pixels(top - reach, bottom + reach, height)
    guard !columns.isEmpty, !rows.isEmpty else { return }
    var cover = [Float](repeating: 0, count: columns.count * rows.count)
    for path in paths {
      if path.count == 1 { Canvas.cover(&cover, columns, rows, path[0], path[0], radius) }
      for (start, end) in zip(path, path.dropFirst()) {
        Canvas.cover(&cover, columns, rows, start, end, radius)
      }
    }
    for y in rows {
      for x in columns {
        let part = cover[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
        if part > 0 { blend(y, x, color, Double(part) * opacity) }
      }
    }
  }

  /// Draws a text with its left end, or the middle or the right end, at a place on its base line.
  ///
  /// - Parameters:
  ///   - size: the height of a capital letter.
  ///   - alignment: 0 puts the left end at the place, 0.5 the middle, 1 the right end.
  ///   - isUpright: whether the text runs from the bottom to the top.
  mutating func write(
    _ text: String, at place: Point, size: Double, _ color: Color, alignment: Double = 0,
    isUpright: Bool = false,
    isBold: Bool = false
  ) {
    let unit = size / StrokeFont.capitalHeight
    let start = -StrokeFont.width(of: text) * unit * alignment
    let paths = StrokeFont.paths(of: text).map { path in
      path.map { point -> Point in
        let (along, up) = (start + point.x * unit, point.y * unit)
        return isUpright
          ? Point(x: place.x - up, y: place.y - along) : Point(x: place.x + along, y: place.y - up)
      }
    }
    stroke(paths, color, thickness: size * (isBold ? 0.19 : 0.135))
  }

  /// How wide a text is.
  static func width(of text: String, size: Double) -> Double {
    StrokeFont.width(of: text) * size / StrokeFont.capitalHeight
  }

  private mutating func blend(_ y: Int, _ x: Int, _ color: Color, _ part: Double) {
    let start = (y * width + x) * 3
    let part = Float(min(1, part))
    levels[start] += (Float(color.red) - levels[start]) * part
    levels[start + 1] += (Float(color.green) - levels[start + 1]) * part
    levels[start + 2] += (Float(color.blue) - levels[start + 2]) * part
  }

  private static func pixels(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
    let first = Int(max(0, min(low, Double(count))).rounded(.down))
    return first..<max(first, Int(max(0, min(high, Double(count))).rounded(.up)))
  }

  /// Notes how much of each pixel lies within `radius` of a line: the distance of its middle decides.
  private static func cover(
    _ cover: inout [Float], _ columns: Range<Int>, _ rows: Range<Int>, _ start: Point, _ end: Point,
    _ radius: Double
  ) {
    guard start.x.isFinite, start.y.isFinite, end.x.isFinite, end.y.isFinite else { return }
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let reach = radius + 0.5
    let touched = pixels(min(start.y, end.y) - reach, max(start.y, end.y) + reach, rows.upperBound).clamped(
      to: rows)
    for y in touched {
      // The part of the line that comes near this row bounds the columns.
      let middle = Double(y) + 0.5
      var (from, to) = (0.0, 1.0)
      if dy != 0 {
        let (a, b) = ((middle - reach - start.y) / dy, (middle + reach - start.y) / dy)
        (from, to) = (max(0, min(a, b)), min(1, max(a, b)))
        if from > to { continue }
      }
      let (a, b) = (start.x + from * dx, start.x + to * dx)
      for x in pixels(min(a, b) - reach, max(a, b) + reach, columns.upperBound).clamped(to: columns) {
        let (px, py) = (Double(x) + 0.5 - start.x, middle - start.y)
        let along = square > 0 ? max(0, min(1, (px * dx + py * dy) / square)) : 0
        let (ox, oy) = (px - along * dx, py - along * dy)
        let part = Float(min(1, reach - (ox * ox + oy * oy).squareRoot()))
        let index = (y - rows.lowerBound) * columns.count + x - columns.lowerBound
        if part > cover[index] { cover[index] = part }
      }
    }
  }
}
