internal import ConvoEngine
internal import ConvoInterpreter
public import ConvoTensor

/// One line that says what a tensor is: name, axes, bytes, range with a histogram, mean and deviation.
///
///     image  H380 W512 C3       2.2 MiB     0 ▕█▇▅▅▆▅▄▂▂▂▂▏ 255     μ 80.3  σ 54.9
public struct TensorView: Sendable {
  /// The parts of the range that the histogram counts.
  static let bins = 11

  /// The columns of the terminal.
  public var width: Int

  /// The columns of the axes; more where lines stand below one another.
  var axesWidth = 16

  /// A view for a width.
  public init(width: Int = 110) { self.width = width }

  /// The summary line, without a newline at its end. An empty name takes no room.
  public func summary(_ name: String, _ tensor: Tensor) -> StyledText {
    let axes = tensor.axesText
    let size = NumberText.bytes(tensor.count * MemoryLayout<Float>.stride)
    let statistics = statisticsFields(tensor)
    var line = StyledText()
    if !name.isEmpty { line.append(StyledText(name, .name).padded(to: 5) + "  ") }
    line.append(StyledText(axes).padded(to: axesWidth))
    line.append(StyledText(String(repeating: " ", count: max(2, 10 - size.utf8.count)) + size, .faint))
    line.append(statistics.wide)
    if line.width <= width { return line }
    // What a narrow terminal has no room for goes: first the alignment, then the deviation, then the histogram.
    let name = name.isEmpty ? StyledText() : StyledText(name, .name) + "  "
    for tail in statistics.narrow {
      let short = name + StyledText(axes) + "  " + StyledText(size, .faint) + tail
      if short.width <= width { return short }
    }
    // Not even the axes fit: they go on below.
    let lines = (name + StyledText(axes)).wrapped(to: width, indent: 2)
    return lines.dropFirst().reduce(lines[0]) { $0 + "\n" + $1 }
  }

  private func statisticsFields(_ tensor: Tensor) -> (wide: StyledText, narrow: [StyledText]) {
    func only(_ text: StyledText) -> (StyledText, [StyledText]) { ("   " + text, ["  " + text, ""]) }
    // Its elements are still in the file; only the shape is known.
    if tensor.isPhantom { return only(StyledText("not read yet", .faint)) }
    if tensor.count == 0 { return only(StyledText("empty", .faint)) }
    let statistics = Statistics(tensor, bins: TensorView.bins)
    if let note = TensorView.oddNote(statistics, tensor) { return only(note) }
    if statistics.minimum == statistics.maximum && !statistics.isSampled {
      let value = NumberText.plain(Double(statistics.minimum))
      return only(StyledText(statistics.minimum == 0 ? "all zero" : "constant \(value)"))
    }
    let low = NumberFormat.summary(Double(statistics.minimum))
    let high = NumberFormat.summary(Double(statistics.maximum))
    let bars = "▕" + TensorView.bars(statistics.histogram) + "▏"
    let mean = "μ " + NumberFormat.summary(statistics.mean)
    let deviation = "σ " + NumberFormat.summary(statistics.standardDeviation)
    let sampled = statistics.isSampled ? "  (sampled)" : ""
    let gap = String(repeating: " ", count: max(1, 7 - low.utf8.count))
    let histogram = StyledText(bars, Style(.theme(4)))
    let wide =
      StyledText(gap + low + " ") + histogram + StyledText(" " + high).padded(to: 7)
      + StyledText(" " + mean).padded(to: 8) + StyledText(" " + deviation + sampled)
    return (
      wide,
      [
        StyledText("  \(low) ") + histogram + StyledText(" \(high) \(mean) \(deviation)\(sampled)"),
        StyledText("  \(low) ") + histogram + StyledText(" \(high)"), StyledText("  \(low)…\(high)"), "",
      ]
    )
  }

  /// `3 NaN! first at [0, 0, 12, 7]`, if there is anything of the kind.
  static func oddNote(_ statistics: Statistics, _ tensor: Tensor) -> StyledText? {
    guard let odd = [statistics.firstNaN, statistics.firstInfinity].compactMap({ $0 }).min() else {
      return nil
    }
    var words: [String] = []
    if statistics.nanCount > 0 { words.append("\(statistics.nanCount) NaN") }
    if statistics.infinityCount > 0 { words.append("\(statistics.infinityCount) Inf") }
    let place = Statistics.indices(of: odd, in: tensor.shape).map(String.init).joined(separator: ", ")
    return StyledText(words.joined(separator: ", ") + "! first at [\(place)]", .alarm)
      + StyledText(statistics.isSampled ? "  (sampled)" : "")
  }

  /// One bar for each part of a histogram; what is not empty is seen.
  static func bars(_ counts: [Int]) -> String {
    let signs: [Character] = ["▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let largest = max(1, counts.max() ?? 1)
    return String(counts.map { $0 == 0 ? " " : signs[min(6, $0 * 7 / (largest + 1))] })
  }
}
