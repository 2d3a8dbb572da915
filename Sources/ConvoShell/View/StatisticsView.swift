internal import ConvoEngine
internal import ConvoInterpreter
internal import ConvoTensor

/// What `info(x)` tells: shape, memory, range and where its ends are, mean and deviation, odd values, histogram.
struct StatisticsView {
  var width: Int

  func lines(_ tensor: Tensor, title: String?) -> [StyledText] {
    let statistics = Statistics(tensor, bins: max(8, min(48, width - 40)))
    var rows: [(String, StyledText)] = []
    let axes = tensor.axesText
    rows.append(("shape", StyledText("\(tensor.shape)" + (tensor.axes.isNamed ? "   \(axes)" : ""))))
    rows.append(
      ("memory", StyledText("\(NumberText.bytes(tensor.count * 4)), \(tensor.count) float32 numbers")))
    if tensor.count == 0 {
      rows.append(("values", "empty"))
    } else {
      if statistics.finiteCount > 0 {
        func place(_ position: Int?) -> String {
          position.map {
            "   at [" + Statistics.indices(of: $0, in: tensor.shape).map(String.init).joined(separator: ", ")
              + "]"
          }
            ?? ""
        }
        rows.append(("min", StyledText(number(statistics.minimum) + place(statistics.minimumIndex))))
        rows.append(("max", StyledText(number(statistics.maximum) + place(statistics.maximumIndex))))
        rows.append(("mean", StyledText(NumberText.plain(statistics.mean))))
        rows.append(("std", StyledText(NumberText.plain(statistics.standardDeviation))))
      }
      if let note = TensorView.oddNote(statistics, tensor) { rows.append(("odd", note)) }
      if statistics.finiteCount > 0 && statistics.minimum < statistics.maximum {
        let bars = StyledText("▕" + TensorView.bars(statistics.histogram) + "▏", Style(.theme(4)))
        rows.append(
          (
            "histogram",
            StyledText(number(statistics.minimum) + " ") + bars + StyledText(" " + number(statistics.maximum))
          )
        )
      }
      if statistics.isSampled {
        rows.append(("note", StyledText("from \(statistics.count) sampled elements", .faint)))
      }
    }
    var result = title.map { [StyledText($0, .name)] } ?? []
    result += rows.map { StyledText($0.0, .faint).padded(to: 11) + $0.1 }
    return result
  }

  private func number(_ value: Float) -> String { NumberText.plain(Double(value)) }
}
