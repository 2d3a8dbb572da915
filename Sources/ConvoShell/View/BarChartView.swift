internal import ConvoInterpreter
internal import ConvoTensor

/// Draws a bar chart with letters: a name, a bar in eighths of a cell, a number.
struct BarChartView {
  var appearance: Appearance

  private var glyphs: ChartGlyphs { appearance.glyphs }
  private var hasColor: Bool { appearance.output != .none }

  func lines(_ chart: Chart, _ series: [Chart.Series], _ names: [String]) -> [StyledText] {
    if names.isEmpty { return [StyledText("no values", .faint)] }
    let total = max(4, appearance.columns - 1)
    let values = series.map { $0.values.toArray().map(Double.init) }
    let texts = BarText.texts(series).map { $0.map { " " + $0 } }
    let nameWidth = min(names.map { DisplayWidth.of($0) }.max() ?? 0, total * 2 / 5)
    var numberWidth = texts.joined().map(\.utf8.count).max() ?? 0
    if total - nameWidth - numberWidth < 6 { numberWidth = 0 }
    let width = max(2, total - nameWidth - numberWidth - 2)
    let frame = ChartFrame(chart, xTicks: 2, yTicks: 1)
    let scale = Scale(values.joined().filter { frame.xAxis.position($0) != nil }, chart, frame.xAxis)
    let zero = chart.isLogarithmic ? 0 : Int((scale.position(0) * Double(width)).rounded())
    let mark = chart.mark.map { min(width - 1, Int(scale.position($0) * Double(width))) }

    var result: [StyledText] = []
    if !chart.title.isEmpty { result.append(StyledText(glyphs.clipped(chart.title, to: total), .strong)) }
    if chart.hasLegend { result.append(legend(series, width: total)) }
    let below = (chart.xLabel.isEmpty ? 0 : 1) + (frame.note == nil ? 0 : 1)
    let room = max(1, appearance.rows - result.count - below - 3)
    let shown = min(names.count, max(1, room / max(1, series.count)))
    for row in 0..<shown {
      for index in series.indices where row < values[index].count {
        let name = glyphs.clipped(index == 0 ? names[row] : "", to: nameWidth)
        var line = StyledText(String(repeating: " ", count: nameWidth - DisplayWidth.of(name)) + name + " ")
        line.append(String(glyphs.vertical), .faint)
        let start = line.width
        let isDrawn = frame.xAxis.position(values[index][row]) != nil
        if isDrawn {
          line.append(bar(scale.position(values[index][row]) * Double(width), from: zero, series: index))
        }
        if numberWidth > 0 { line.append(texts[index][row], isDrawn ? .faint : .alarm) }
        // Beyond a bar and its number, the line of the mark goes on.
        if let mark, line.width <= start + mark {
          line = line.padded(to: start + mark) + StyledText(String(glyphs.mark), .faint)
        }
        result.append(line)
      }
    }
    if shown < names.count {
      result.append(StyledText(glyphs.clipped("and \(names.count - shown) more", to: total), .faint))
    }
    if !chart.xLabel.isEmpty {
      let text = glyphs.clipped(chart.xLabel, to: total)
      let indent = min(nameWidth + 2, total - DisplayWidth.of(text))
      result.append(StyledText(String(repeating: " ", count: indent) + text, .faint))
    }
    if let note = frame.note { result.append(StyledText(glyphs.clipped(note, to: total), .faint)) }
    return Array(result.prefix(max(1, appearance.rows - 2)))
  }

  /// Where values lie between the ends of the bars. The longest bar ends at the edge: round numbers at the ends would
  /// only make all bars shorter.
  private struct Scale {
    private let low: Double
    private let high: Double
    private let axis: ChartAxis
    private let isLogarithmic: Bool

    init(_ values: [Double], _ chart: Chart, _ axis: ChartAxis) {
      self.axis = axis
      isLogarithmic = chart.isLogarithmic
      low = isLogarithmic ? axis.low : min(0, values.min() ?? 0, chart.mark ?? 0)
      high = max(low, values.max() ?? 0, chart.mark ?? low)
    }

    func position(_ value: Double) -> Double {
      if !isLogarithmic { return high > low ? (value - low) / (high - low) : 0 }
      guard let end = axis.position(high), end > 0, let place = axis.position(value) else { return 0 }
      return place / end
    }
  }

  /// A bar that ends at `end`, left or right of the zero line.
  private func bar(_ end: Double, from zero: Int, series: Int) -> StyledText {
    let style = ChartView.style(series)
    if end >= Double(zero) {
      return StyledText(String(repeating: " ", count: zero))
        + StyledText(glyphs.bar(end - Double(zero), series: series, hasColor: hasColor), style)
    }
    // Blocks are filled from the left: a bar to the left has whole cells.
    let cells = min(zero, max(1, zero - Int(end.rounded())))
    let filling = String(repeating: glyphs.filling(series, hasColor: hasColor), count: cells)
    return StyledText(String(repeating: " ", count: zero - cells)) + StyledText(filling, style)
  }

  private func legend(_ series: [Chart.Series], width: Int) -> StyledText {
    var result = StyledText()
    for (index, one) in series.enumerated() {
      if index > 0 { result.append("  ") }
      result.append(String(glyphs.filling(index, hasColor: hasColor)), ChartView.style(index))
      result.append(" " + (one.label.isEmpty ? "\(index)" : one.label))
    }
    return result.width <= width ? result : result.cut(to: width - 1) + StyledText(glyphs.ellipsis)
  }
}
