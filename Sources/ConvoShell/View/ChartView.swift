internal import ConvoInterpreter
internal import ConvoTensor

/// Draws a chart with letters: curves in braille, histograms and bars in blocks, axes with round numbers.
struct ChartView {
  var appearance: Appearance

  /// The lines of a chart: no wider and no higher than the terminal.
  func lines(_ chart: Chart) -> [StyledText] {
    if case .bars(let series, let names) = chart.content {
      return BarChartView(appearance: appearance).lines(chart, series, names)
    }
    // On a low screen the data has more right to the room than the words about it.
    var chart = chart
    if appearance.rows < 12 { (chart.xLabel, chart.yLabel) = ("", "") }
    if appearance.rows < 8 { chart.title = "" }
    let hasLegend = chart.hasLegend && appearance.rows >= 8
    let others =
      [!chart.title.isEmpty, !chart.yLabel.isEmpty, !chart.xLabel.isEmpty, hasLegend].count { $0 } + 3
    let height = max(2, min(appearance.rows - others - 2, max(6, appearance.columns / 5)))
    let rough = ChartFrame(chart, xTicks: 2, yTicks: max(1, height / 3))
    var numbers = rough.yAxis.ticks.map(\.label.utf8.count).max() ?? 0
    // On a very narrow terminal the curve has more right to the room than its numbers.
    if appearance.columns < numbers + 12 { numbers = 0 }
    let width = max(4, appearance.columns - numbers - 3)
    let frame = ChartFrame(chart, xTicks: max(1, width / 12), yTicks: max(1, height / 3))
    let indent = numbers + 1

    var result: [StyledText] = []
    if !chart.title.isEmpty { result.append(line(chart.title, .strong, indent: indent + 1, width: width)) }
    if !chart.yLabel.isEmpty { result.append(line(chart.yLabel, .faint, indent: indent + 1, width: width)) }
    let rows = grid(chart, frame, height: height, width: width)
    var labels = [String?](repeating: nil, count: height)
    for tick in frame.yAxis.ticks {
      guard let position = frame.yAxis.position(tick.value) else { continue }
      let row = height - 1 - Int((position * Double(height - 1)).rounded())
      if labels.indices.contains(row), labels[row] == nil { labels[row] = tick.label }
    }
    for (row, cells) in rows.enumerated() {
      let label = numbers > 0 ? labels[row] ?? "" : ""
      let edge = labels[row] == nil ? glyphs.vertical : glyphs.leftTick
      let text = String(repeating: " ", count: max(0, numbers - label.utf8.count)) + label + " "
      result.append(StyledText(text, .faint) + StyledText(String(edge), .faint) + cells)
    }
    result += bottomAxis(frame.xAxis, indent: indent, width: width)
    if !chart.xLabel.isEmpty {
      result.append(line(chart.xLabel, .faint, indent: indent + 1, width: width, isCentred: true))
    }
    if hasLegend { result.append(legend(chart.series.map(\.label), indent: indent + 1, width: width)) }
    if let note = frame.note, appearance.rows >= 8 {
      result.append(line(note, .faint, indent: indent + 1, width: width))
    }
    return result
  }

  private var glyphs: ChartGlyphs { appearance.glyphs }

  private func line(_ text: String, _ style: Style, indent: Int, width: Int, isCentred: Bool = false)
    -> StyledText
  {
    let text = glyphs.clipped(text, to: width)
    let blanks = indent + (isCentred ? max(0, (width - DisplayWidth.of(text)) / 2) : 0)
    return StyledText(String(repeating: " ", count: blanks)) + StyledText(text, style)
  }

  // MARK: Data

  private func grid(_ chart: Chart, _ frame: ChartFrame, height: Int, width: Int) -> [StyledText] {
    switch chart.content {
    case .curves(let series, let x, let marks):
      var grid = DotGrid(height: height, width: width, glyphs: glyphs, series: series.count)
      if let mark = chart.mark, let position = frame.yAxis.position(mark) { grid.rule(position) }
      for (index, one) in series.enumerated() {
        let curve = Curve(
          one.values, x: x, frame.xAxis, frame.yAxis, columns: grid.dotColumns, isJoined: marks == .line)
        for run in curve.runs { grid.draw(run, isJoined: marks == .line, series: index) }
      }
      return grid.lines(appearance.output)
    case .histogram(let histogram):
      // A column shows the fullest of the bins in it, so that none is lost.
      let bins = histogram.counts.count
      let heights = (0..<width).map { column -> Double in
        let first = column * bins / width
        let next = min(bins, max(first + 1, (column + 1) * bins / width))
        let most = histogram.counts[first..<next].max() ?? 0
        return most == 0 ? 0 : max(0, frame.yAxis.position(Double(most)) ?? 0)
      }
      return glyphs.columns(heights, rows: height).map { StyledText($0, ChartView.style(0)) }
    case .bars: return []
    }
  }

  /// The colour of a series.
  static func style(_ series: Int) -> Style {
    let color = ChartPalette.color(series)
    return Style(.rgb(color.red, color.green, color.blue))
  }

  // MARK: Frame

  /// The horizontal axis with its ticks, and the numbers below it.
  private func bottomAxis(_ axis: ChartAxis, indent: Int, width: Int) -> [StyledText] {
    var rule = [Character](repeating: glyphs.horizontal, count: width)
    var numbers = ""
    for tick in axis.ticks {
      guard let position = axis.position(tick.value) else { continue }
      let column = min(width - 1, max(0, Int((position * Double(width - 1)).rounded())))
      let count = tick.label.utf8.count
      let start = min(max(0, indent + 1 + column - count / 2), max(0, indent + 1 + width - count))
      // Numbers need a blank between them.
      if start <= numbers.utf8.count, !numbers.isEmpty { continue }
      rule[column] = glyphs.bottomTick
      numbers += String(repeating: " ", count: start - numbers.utf8.count) + tick.label
    }
    return [
      StyledText(String(repeating: " ", count: indent) + String(glyphs.corner) + String(rule), .faint),
      StyledText(numbers, .faint),
    ]
  }

  private func legend(_ labels: [String], indent: Int, width: Int) -> StyledText {
    var result = StyledText(String(repeating: " ", count: indent))
    for (index, label) in labels.enumerated() {
      let sign = appearance.output == .none ? glyphs.mark(index, of: labels.count) : glyphs.swatch
      if index > 0 { result.append("  ") }
      result.append(String(sign), ChartView.style(index))
      result.append(" " + (label.isEmpty ? "\(index)" : label))
    }
    return result.width <= indent + width
      ? result : result.cut(to: indent + width - 1) + StyledText(glyphs.ellipsis)
  }
}

extension StyledText {
  /// The first columns of the text.
  func cut(to width: Int) -> StyledText {
    var result = StyledText()
    for run in runs {
      result.append(DisplayWidth.slice(run.text, from: 0, width: max(0, width - result.width)), run.style)
    }
    return result
  }
}
