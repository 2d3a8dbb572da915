internal import ConvoTensor

/// Draws a bar chart as a picture: names at the left, bars to the right, a number at the end of each.
struct BarPicture {
  /// The thickness of a bar, and the blank between two names, in pixels.
  private static let bar = 17.0
  private static let gap = 11.0

  var base: ChartPicture
  private let series: [Chart.Series]
  private let names: [String]

  /// - Throws: ``ConvoTensor/AllocationError`` when so many bars need a picture larger than memory has room for.
  init(_ chart: Chart, _ series: [Chart.Series], _ names: [String]) throws(AllocationError) {
    self.series = series
    self.names = names
    let groups = Double(names.count)
    let height =
      groups * (BarPicture.thickness(series) * Double(series.count) + BarPicture.gap) + 70
      + (chart.title.isEmpty ? 0 : 34) + (chart.hasLegend ? 28 : 0) + (chart.xLabel.isEmpty ? 0 : 24)
    let size = chart.pictureSize ?? (max(120, Int(height)), ChartPicture.usualSize.width)
    // The canvas, and the tensor that it becomes.
    try Value.checkRoom(bytes: size.height * size.width * 3 * 2 * MemoryLayout<Float>.stride)
    base = ChartPicture(chart, size)
  }

  private static func thickness(_ series: [Chart.Series]) -> Double { series.count > 2 ? 12 : bar }

  mutating func draw() {
    let size = ChartPicture.TextSize.label
    let widest = names.map { Canvas.width(of: $0, size: size) }.max() ?? 0
    let room = min(widest, (base.right - base.left) * 0.45)
    base.left += room + 12
    base.bottom = max(base.bottom - ChartPicture.TextSize.tick - 14, base.top + 8)
    let texts = BarText.texts(series)
    let frame = ChartFrame(
      base.chart, xTicks: max(2, min(10, Int((base.right - base.left) / 90))), yTicks: 1)
    // A number behind the longest bar needs room too.
    let number = texts.joined().map { Canvas.width(of: $0, size: ChartPicture.TextSize.tick) }.max() ?? 0
    base.right = max(base.left + 8, base.right - number)
    base.drawColumnTicks(frame.xAxis)
    let zero = base.left + (frame.xAxis.position(0) ?? 0) * (base.right - base.left)
    let step = (base.bottom - base.top) / Double(max(1, names.count))
    let thick = max(1, min(30, step * 0.86 - 3) / Double(series.count))
    var numbers: [(text: String, x: Double, middle: Double)] = []
    for (row, name) in names.enumerated() {
      let middle = base.top + (Double(row) + 0.5) * step
      base.canvas.write(
        base.fitting(name, size: size, width: room), at: .init(x: base.left - 10, y: middle + size / 2),
        size: size,
        ChartPicture.Ink.text, alignment: 1)
      for (index, one) in series.enumerated() {
        let top = (middle + (Double(index) - Double(series.count) / 2) * thick).rounded()
        let color = ChartPalette.color(index)
        guard row < one.values.count,
          let position = frame.xAxis.position(Double(one.values.element(row)))
        else { continue }
        let end = base.left + position * (base.right - base.left)
        base.canvas.fill(
          left: zero, top: top, right: end, bottom: top + thick.rounded(.down) - (thick > 6 ? 1 : 0), color)
        numbers.append((texts[index][row], max(end, zero) + 6, top + thick / 2 - 0.5))
      }
    }
    base.line(from: (zero, base.top), to: (zero, base.bottom), ChartPicture.Ink.axis)
    if let mark = base.chart.mark, let position = frame.xAxis.position(mark) {
      let x = base.left + position * (base.right - base.left)
      base.dash(from: (x, base.top), to: (x, base.bottom))
    }
    if thick >= 8 { numbers.forEach { write($0.text, x: $0.x, middle: $0.middle) } }
  }

  /// A number on white ground, so that a line behind it does not disturb it.
  private mutating func write(_ text: String, x: Double, middle: Double) {
    let size = ChartPicture.TextSize.tick
    base.canvas.fill(
      left: x - 3, top: middle - size / 2 - 2, right: x + Canvas.width(of: text, size: size) + 3,
      bottom: middle + size / 2 + 2, (255, 255, 255))
    base.canvas.write(text, at: .init(x: x, y: middle + size / 2), size: size, ChartPicture.Ink.text)
  }
}
