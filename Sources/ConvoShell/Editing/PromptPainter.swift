/// Draws the input once more with colours over what libedit has drawn plainly, and a suggestion behind it.
///
/// The cells stay the same, so that libedit's idea of the screen stays true; the suggestion is removed before libedit
/// draws again.
struct PromptPainter {
  var renderer: TerminalRenderer
  var columns: Int
  var rows: Int
  var promptWidth: Int

  /// The escape sequences that repaint the input, or nil when it does not fit on the screen.
  ///
  /// - Parameter suggestion: what could follow the input; only as much as fits on the last row is shown.
  func paint(_ text: StyledText, cursor: Int, suggestion: String) -> String? {
    let layout = LineLayout(text.string, cursor: cursor, indent: promptWidth, columns: columns)
    guard layout.endRow < rows, !layout.hasStrangeCharacters else { return nil }
    var lines = [StyledText](repeating: StyledText(), count: layout.endRow + 1)
    var index = 0
    for run in text.runs {
      for scalar in run.text.unicodeScalars {
        let cell = layout.cells[index]
        index += 1
        if scalar == "\n" { continue }
        let next = index < layout.cells.count ? layout.cells[index].column : layout.endColumn
        let sign = scalar == "\t" ? String(repeating: " ", count: max(1, next - cell.column)) : String(scalar)
        lines[cell.row].append(sign, run.style)
      }
    }
    var room = columns - layout.endColumn - 1
    var tail = ""
    for scalar in suggestion.unicodeScalars {
      room -= DisplayWidth.of(scalar)
      if scalar == "\n" || room < 0 { break }
      tail.unicodeScalars.append(scalar)
    }
    if !tail.isEmpty { lines[layout.endRow].append(tail, .faint) }
    var result = "\u{1B}7"
    if layout.cursorRow > 0 { result += "\u{1B}[\(layout.cursorRow)A" }
    result += "\r"
    if promptWidth > 0 { result += "\u{1B}[\(promptWidth)C" }
    for (row, line) in lines.enumerated() {
      if row > 0 { result += "\r\u{1B}[B" }
      result += renderer.render(line)
    }
    return result + "\u{1B}8"
  }

  /// The escape sequences that remove a suggestion behind the input.
  func erase(_ text: String, cursor: Int) -> String {
    let layout = LineLayout(text, cursor: cursor, indent: promptWidth, columns: columns)
    let down = layout.endRow - layout.cursorRow
    return "\u{1B}7" + (down > 0 ? "\u{1B}[\(down)B" : "") + "\u{1B}[\(layout.endColumn + 1)G\u{1B}[K\u{1B}8"
  }

  /// How many rows lie below the cursor.
  func rowsBelow(_ text: String, cursor: Int) -> (above: Int, below: Int) {
    let layout = LineLayout(text, cursor: cursor, indent: promptWidth, columns: columns)
    return (layout.cursorRow, layout.endRow - layout.cursorRow)
  }
}
