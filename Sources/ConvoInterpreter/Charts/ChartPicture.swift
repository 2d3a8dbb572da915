internal import ConvoTensor

/// Draws a chart as a picture: black on white, with title, axes, legend and a light grid.
struct ChartPicture {
  /// The usual size, in pixels.
  static let usualSize = (height: 540, width: 960)

  /// Heights of capital letters, in pixels.
  enum TextSize {
    static let title = 13.0
    static let label = 10.0
    static let tick = 9.0
  }
  /// The colours of all that is not data.
  enum Ink {
    static let text: Canvas.Color = (38, 42, 51)
    static let faint: Canvas.Color = (104, 111, 124)
    static let axis: Canvas.Color = (150, 156, 168)
    static let grid: Canvas.Color = (229, 232, 238)
  }

  let chart: Chart
  var canvas: Canvas
  /// The edges of the part where data is drawn.
  var left = 24.0
  var right: Double
  var top = 22.0
  var bottom: Double

  /// The picture of a chart as H×W×3.
  static func tensor(_ chart: Chart) throws -> Tensor {
    if case .bars(let series, let names) = chart.content {
      var picture = try BarPicture(chart, series, names)
      picture.draw()
      return try picture.base.canvas.tensor()
    }
    var picture = ChartPicture(chart, chart.pictureSize ?? usualSize)
    picture.draw()
    return try picture.canvas.tensor()
  }

  /// An empty picture with its title and legend.
  init(_ chart: Chart, _ size: (height: Int, width: Int)) {
    self.chart = chart
    canvas = Canvas(height: size.height, width: size.width)
    right = Double(size.width) - 28
    bottom = Double(size.height) - 16
    if !chart.title.isEmpty {
      top += TextSize.title
      let text = fitting(chart.title, size: TextSize.title, width: Double(size.width) - 40)
      canvas.write(
        text, at: .init(x: Double(size.width) / 2, y: top), size: TextSize.title, Ink.text, alignment: 0.5,
        isBold: true)
      top += 20
    }
    if chart.hasLegend { drawLegend() }
    if let note = ChartFrame(chart, xTicks: 2, yTicks: 2).note {
      canvas.write(note, at: .init(x: right, y: bottom), size: 7.5, Ink.faint, alignment: 1)
      bottom -= 16
    }
    if !chart.xLabel.isEmpty {
      bottom -= 2
      let text = fitting(chart.xLabel, size: TextSize.label, width: right - left)
      canvas.write(
        text, at: .init(x: (left + right) / 2, y: bottom), size: TextSize.label, Ink.text, alignment: 0.5)
      bottom -= TextSize.label + 12
    }
  }

  // MARK: Curves and histograms

  private mutating func draw() {
    let yTicks = max(2, min(10, Int((bottom - top) / 55)))
    let rough = ChartFrame(chart, xTicks: 2, yTicks: yTicks)
    let widest = rough.yAxis.ticks.map { Canvas.width(of: $0.label, size: TextSize.tick) }.max() ?? 0
    if !chart.yLabel.isEmpty { left += TextSize.label + 14 }
    left += widest + 10
    bottom -= TextSize.tick + 14
    right = max(right, left + 8)
    bottom = max(bottom, top + 8)
    let frame = ChartFrame(chart, xTicks: max(2, min(12, Int((right - left) / 85))), yTicks: yTicks)
    if !chart.yLabel.isEmpty {
      let text = fitting(chart.yLabel, size: TextSize.label, width: bottom - top)
      let place = Canvas.Point(x: left - widest - 24, y: (top + bottom) / 2)
      canvas.write(text, at: place, size: TextSize.label, Ink.text, alignment: 0.5, isUpright: true)
    }
    for tick in frame.yAxis.ticks {
      guard let y = row(tick.value, frame) else { continue }
      line(from: (left, y), to: (right, y), tick.value == 0 ? Ink.axis : Ink.grid)
      canvas.write(
        tick.label, at: .init(x: left - 10, y: y + TextSize.tick / 2), size: TextSize.tick, Ink.faint,
        alignment: 1)
    }
    drawColumnTicks(frame.xAxis)
    switch chart.content {
    case .curves(let series, let x, let marks): draw(series, x, marks, frame)
    case .histogram(let histogram): draw(histogram, frame)
    case .bars: break
    }
    line(from: (left, bottom), to: (right, bottom), Ink.axis)
    if let mark = chart.mark, let y = row(mark, frame) { dash(from: (left, y), to: (right, y)) }
  }

  /// Vertical lines at the ticks of the horizontal axis, with their numbers below.
  mutating func drawColumnTicks(_ axis: ChartAxis) {
    for tick in axis.ticks {
      guard let position = axis.position(tick.value) else { continue }
      let x = left + position * (right - left)
      line(from: (x, top), to: (x, bottom + 4), Ink.grid)
      canvas.write(
        tick.label, at: .init(x: x, y: bottom + 10 + TextSize.tick), size: TextSize.tick, Ink.faint,
        alignment: 0.5)
    }
  }

  private func row(_ value: Double, _ frame: ChartFrame) -> Double? {
    frame.yAxis.position(value).map { bottom - $0 * (bottom - top) }
  }

  private mutating func draw(
    _ series: [Chart.Series], _ x: Tensor?, _ marks: Chart.Marks, _ frame: ChartFrame
  ) {
    for (index, one) in series.enumerated() {
      let curve = Curve(
        one.values, x: x, frame.xAxis, frame.yAxis, columns: max(1, Int(right - left)),
        isJoined: marks == .line)
      let runs = curve.runs.map { run in
        run.map { Canvas.Point(x: left + $0.x * (right - left), y: bottom - $0.y * (bottom - top)) }
      }
      let color = ChartPalette.color(index)
      let count = runs.reduce(0) { $0 + $1.count }
      if marks == .points {
        let size = count > 2000 ? 3.0 : 5.5
        canvas.stroke(runs.joined().map { [$0] }, color, thickness: size, opacity: count > 500 ? 0.7 : 1)
      } else {
        canvas.stroke(runs, color, thickness: count > 1500 ? 1.5 : 2.2)
        // A value between two gaps, and few values, are seen as points.
        let dots = runs.filter { count <= 30 || $0.count == 1 }.joined()
        canvas.stroke(dots.map { [$0] }, color, thickness: 6)
      }
    }
  }

  private mutating func draw(_ histogram: Histogram, _ frame: ChartFrame) {
    let width = (right - left) / Double(histogram.counts.count)
    // A thin blank between bins, where there is room for it.
    let gap = width >= 5 ? 1.0 : 0
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      guard let y = row(Double(count), frame) else { continue }
      let x = left + Double(bin) * width
      canvas.fill(
        left: (x + gap / 2).rounded(), top: y, right: (x + width + gap / 2).rounded() - gap, bottom: bottom,
        ChartPalette.color(0))
    }
  }

  // MARK: Parts

  private mutating func drawLegend() {
    let size = TextSize.label
    let entries = chart.series.enumerated().map { index, series in
      (color: ChartPalette.color(index), text: series.label.isEmpty ? "\(index)" : series.label)
    }
    let room = right - left
    var rows: [[(color: Canvas.Color, text: String)]] = [[]]
    var used = 0.0
    for entry in entries {
      let width = Canvas.width(of: entry.text, size: size) + 52
      if used + width > room, used > 0 {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += width
    }
    for row in rows {
      let width = row.reduce(-24) { $0 + Canvas.width(of: $1.text, size: size) + 52 }
      var x = max(left, (left + right - width) / 2)
      for entry in row {
        canvas.fill(left: x, top: top + 1, right: x + 20, bottom: top + size - 1, entry.color)
        canvas.write(entry.text, at: .init(x: x + 28, y: top + size), size: size, Ink.text)
        x += Canvas.width(of: entry.text, size: size) + 52
      }
      top += size + 10
    }
    top += 8
  }

  /// A line of one pixel along the rows or columns.
  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ color: Canvas.Color
  ) {
    let (x, y) = (start.x.rounded(.down), start.y.rounded(.down))
    canvas.fill(
      left: x, top: y, right: start.x == end.x ? x + 1 : end.x, bottom: start.y == end.y ? y + 1 : end.y,
      color)
  }

  /// A dashed line along the rows or columns.
  mutating func dash(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
    let length = max(end.x - start.x, end.y - start.y)
    let (dx, dy) = (end.x > start.x ? 1.0 : 0, end.y > start.y ? 1.0 : 0)
    for place in stride(from: 0, to: length, by: 9) {
      let stop = min(length, place + 5)
      canvas.fill(
        left: start.x + dx * place - (dx == 0 ? 0.75 : 0), top: start.y + dy * place - (dy == 0 ? 0.75 : 0),
        right: start.x + dx * stop + (dx == 0 ? 0.75 : 0), bottom: start.y + dy * stop + (dy == 0 ? 0.75 : 0),
        Ink.text)
    }
  }

  /// The text, or as much of it as there is room for.
  func fitting(_ text: String, size: Double, width: Double) -> String {
    // No picture has room for more letters, and the width of a long text takes as long as it is.
    var shown = String(text.prefix(2000))
    if shown.utf8.count == text.utf8.count, Canvas.width(of: shown, size: size) <= width { return shown }
    while !shown.isEmpty, Canvas.width(of: shown + "…", size: size) > width { shown.removeLast() }
    return shown + "…"
  }
}
