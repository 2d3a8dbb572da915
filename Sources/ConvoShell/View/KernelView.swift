internal import ConvoInterpreter
internal import ConvoTensor

/// Weights of a convolution, drawn and printed: blue above zero, white at it, red below, numbers where they fit.
///
///     W  O5 I3 3×3   scale ±2.67
///     W[0]  I0 -0.33 0.00 0.33   …   Σ 0.00  ‖W‖ 2.00   looks like: vertical edge
struct KernelView {
  var appearance: Appearance
  /// Whether each output has a scale of its own.
  var hasOwnScales = false

  /// The largest window whose numbers are written; larger ones are drawn only.
  static let largestPrinted = 5
  /// The largest window that is drawn.
  static let largestDrawn = 15

  /// Whether the tensor is something to be drawn this way.
  static func fits(_ tensor: Tensor) -> Bool {
    tensor.rank == 4 && tensor.count > 0 && tensor.shape[2] <= largestDrawn && tensor.shape[3] <= largestDrawn
  }

  func lines(_ name: String, _ tensor: Tensor) -> [StyledText] {
    let values = tensor.toArray()
    let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
    let (height, width) = (tensor.shape[2], tensor.shape[3])
    let area = height * width
    let scale = KernelView.scale(values)
    var head = StyledText(name.isEmpty ? "" : name + "  ", .name) + StyledText(tensor.axesText)
    if scale == 0 {
      head.append("   all zero")
    } else {
      head.append(
        hasOwnScales ? "   each on its own scale" : "   scale ±\(NumberFormat.summary(Double(scale)))")
    }
    var result = head.wrapped(to: appearance.columns, indent: 2)
    let label = name.isEmpty ? "W" : name
    let labelWidth = "\(label)[\(outputs - 1)]  ".utf8.count
    var shown = 0
    for output in 0..<outputs {
      let block = Array(values[(output * inputs * area)..<((output + 1) * inputs * area)])
      let rows = kernelRows(
        block, inputs: inputs, height: height, width: width,
        scale: hasOwnScales ? KernelView.scale(block) : scale, indent: labelWidth)
      let note = self.note(block, inputs: inputs, height: height, width: width)
      let isBeside = labelWidth + (rows.first?.width ?? 0) + note.width + 4 <= appearance.columns
      let below = isBeside ? [] : note.wrapped(to: max(8, appearance.columns - labelWidth), indent: 0)
      let taken = rows.count + below.count + (height > 1 && shown > 0 ? 1 : 0)
      // At least one kernel is shown, however low the terminal is.
      if shown > 0 && result.count + taken > max(6, appearance.rows - 3) { break }
      if height > 1 && shown > 0 { result.append("") }
      shown += 1
      for (index, row) in rows.enumerated() {
        var line = StyledText(index == 0 ? "\(label)[\(output)]" : "", .name).padded(to: labelWidth) + row
        if index == 0 && isBeside { line.append(StyledText("    ") + note) }
        result.append(line)
      }
      result += below.map { StyledText().padded(to: labelWidth) + $0 }
    }
    if shown < outputs {
      result.append(
        StyledText("… and \(outputs - shown) more" + (name.isEmpty ? "" : ": \(name)[\(shown):]"), .faint))
    }
    return result
  }

  /// The largest magnitude.
  private static func scale(_ values: some Sequence<Float>) -> Float {
    values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }

  /// The kernels of all input channels side by side, as many as fit, then below one another.
  private func kernelRows(
    _ values: [Float], inputs: Int, height: Int, width: Int, scale: Float, indent: Int
  ) -> [StyledText] {
    var words =
      height <= KernelView.largestPrinted && width <= KernelView.largestPrinted
      ? KernelView.words(values, scale: scale) : nil
    let label = 3 + "\(inputs - 1)".utf8.count
    var room = appearance.columns - indent
    var cell = words.map { ($0.map(\.utf8.count).max() ?? 1) + 1 } ?? (appearance.output == .none ? 1 : 2)
    // Numbers that the terminal has no room for are drawn.
    if words != nil, label + cell * width > room {
      words = nil
      cell = appearance.output == .none || label + 2 * width > room ? 1 : 2
    }
    let tile = label + cell * width
    room = max(tile, room)
    let perRow = max(1, min(inputs, room / tile))
    let shownInputs = min(inputs, perRow * 4)
    var result: [StyledText] = []
    for first in stride(from: 0, to: shownInputs, by: perRow) {
      for y in 0..<height {
        var line = StyledText()
        for input in first..<min(first + perRow, shownInputs) {
          line.append(y == 0 ? StyledText("I\(input)", .faint) : StyledText())
          line = line.padded(to: (input - first) * tile + tile - cell * width - 1)
          for x in 0..<width {
            let index = (input * height + y) * width + x
            let relative = scale > 0 ? Double(values[index] / scale) : 0
            if let words {
              let word = String(repeating: " ", count: cell - words[index].utf8.count) + words[index]
              line.append(word, appearance.output == .none ? .plain : SignedColor.style(relative))
            } else if appearance.output == .none {
              line.append(String(SignedColor.sign(relative)))
            } else {
              line.append(String(repeating: " ", count: cell), SignedColor.style(relative))
            }
          }
          if input + 1 < min(first + perRow, shownInputs) { line.append(" ") }
        }
        result.append(line)
      }
    }
    if shownInputs < inputs { result.append(StyledText("… I\(shownInputs) to I\(inputs - 1)", .faint)) }
    return result
  }

  /// Numbers with three digits of the largest, or none behind the point where all are whole.
  static func words(_ values: [Float], scale: Float) -> [String] {
    if values.allSatisfy({ $0 == $0.rounded() && abs($0) < 1000 }) {
      return values.map { NumberFormat.fixed(Double($0), 0) }
    }
    var decimals = 2
    var size = scale
    while size >= 10 && decimals > 0 {
      size /= 10
      decimals -= 1
    }
    while size < 0.1 && size > 0 && decimals < 6 {
      size *= 10
      decimals += 1
    }
    return values.map {
      $0.isFinite ? NumberFormat.fixed(Double($0), decimals) : NumberText.plain(Double($0))
    }
  }

  /// Sum, norm, and what the kernel looks like.
  private func note(_ values: [Float], inputs: Int, height: Int, width: Int) -> StyledText {
    let sum = values.reduce(0.0) { $0 + Double($1) }
    let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    var text = StyledText("Σ \(NumberFormat.fixed(sum, 2))  ‖W‖ \(NumberFormat.fixed(norm, 2))", .faint)
    if hasOwnScales { text.append("  ±\(NumberFormat.summary(Double(KernelView.scale(values))))", .faint) }
    if let likeness = KernelLikeness.guess(values, inputs: inputs, height: height, width: width) {
      text.append(StyledText("   looks like: ", .faint) + StyledText(likeness))
    }
    return text
  }
}
