internal import ConvoInterpreter
internal import ConvoTensor

/// Draws a bar chart with letters: a name, a bar in eighths of a cell, a number.
struct BarChartView {
  var appearance: Appearance

  func lines(_ chart: Chart, _ series: [Chart.Series], _ names: [String]) -> [StyledText] {
    let total = max(10, appearance.columns - 1)
    let nameWidth = min(names.map { DisplayWidth.of($0) }.max() ?? 0, total * 2 / 5)
    let texts = series.map { one in one.values.toArray().map { BarText.number(Double($0)) } }
    let numberWidth = texts.joined().map(\.utf8.count).max() ?? 1
    let width = max(2, total - nameWidth - numberWidth - 3)
    let frame = ChartFrame(chart, xTicks: 2, yTicks: 1)
    // The longest bar ends at the edge; round numbers at the ends would only make all of them shorter.
    let values = series.flatMap { $0.values.toArray() }.map(Double.init).filter {
      frame.xAxis.position($0) != nil
    }
    let low = chart.isLogarithmic ? frame.xAxis.low : min(0, values.min() ?? 0)
    let high = max(low, values.max() ?? 0, chart.mark ?? low)
    let axis = Scale(low: low, high: high, axis: frame.xAxis, isLogarithmic: chart.isLogarithmic)
    let zero = Int((axis.position(chart.isLogarithmic ? low : 0) * Double(width)).rounded())

    let mark = chart.mark.map { min(width - 1, Int(axis.position($0) * Double(width))) }

    var result: [StyledText] = []
    if !chart.title.isEmpty { result.append(StyledText(ValueLines.clipped(chart.title, to: total), .strong)) }
    if chart.hasLegend { result.append(legend(series, width: total)) }
    let room = max(
      3, appearance.rows - result.count - (chart.xLabel.isEmpty ? 0 : 1) - (frame.note == nil ? 0 : 1) - 3)
    let shown = min(names.count, max(1, room / max(1, series.count)))
    for row in 0..<shown {
      for (index, one) in series.enumerated() where row < one.values.count {
        let name = index == 0 ? ValueLines.clipped(names[row], to: nameWidth) : ""
        var line = StyledText(String(repeating: " ", count: nameWidth - DisplayWidth.of(name)) + name + " ")
        let value = Double(one.values.toArray()[row])
        line.append(StyledText(String(appearance.glyphs.vertical), .faint))
        if frame.xAxis.position(value) != nil {
          line.append(bar(axis.position(value) * Double(width), from: zero, series: index))
          let text = " " + texts[index][row]
          let gap = (mark ?? 0) - (line.width - nameWidth - 2)
          line.append(text, .faint)
          // Beyond a bar and its number, the line of the mark goes on.
          if mark != nil, gap >= text.utf8.count {
            line =
              line.padded(to: nameWidth + 2 + (mark ?? 0))
              + StyledText(String(appearance.glyphs.mark), .faint)
          }
        } else {
          line.append(" " + texts[index][row], .alarm)
        }
        result.append(line)
      }
    }
    if shown < names.count { result.append(StyledText("… and \(names.count - shown) more", .faint)) }
    if !chart.xLabel.isEmpty {
      let text = ValueLines.clipped(chart.xLabel, to: total)
      result.append(
        StyledText(
          String(repeating: " ", count: min(nameWidth + 2, total - DisplayWidth.of(text))) + text, .faint))
    }
    if let note = frame.note { result.append(StyledText(ValueLines.clipped(note, to: total), .faint)) }
    return result
  }

  /// Where values lie between the ends of the bars.
  private struct Scale {
    var low: Double
    var high: Double
    var axis: ChartAxis
    var isLogarithmic: Bool

    func position(_ value: Double) -> Double {
      if !isLogarithmic { return high > low ? (value - low) / (high - low) : 0 }
      guard let end = axis.position(high), end > 0, let place = axis.position(value) else { return 0 }
      return place / end
    }
  }

  /// A bar that ends at `end`, left or right of the zero line.
  private func bar(_ end: Double, from zero: Int, series: Int) -> StyledText {
    let hasColor = appearance.output != .none
    let style = ChartView.style(series)
    if end >= Double(zero) {
      return StyledText(String(repeating: " ", count: zero))
        + StyledText(appearance.glyphs.bar(end - Double(zero), series: series, hasColor: hasColor), style)
    }
    // Blocks are filled from the left: a bar to the left has whole cells.
    let cells = max(1, zero - Int(end.rounded()))
    let filling = appearance.glyphs.filling(series, hasColor: hasColor)
    return StyledText(String(repeating: " ", count: zero - cells))
      + StyledText(String(repeating: filling, count: cells), style)
  }

  private func legend(_ series: [Chart.Series], width: Int) -> StyledText {
    var result = StyledText()
    for (index, one) in series.enumerated() {
      let sign = appearance.glyphs.filling(index, hasColor: appearance.output != .none)
      let entry =
        StyledText(String(sign), ChartView.style(index))
        + StyledText(" \(one.label.isEmpty ? "\(index)" : one.label)  ")
      if result.width + entry.width > width { break }
      result.append(entry)
    }
    return result
  }
}
