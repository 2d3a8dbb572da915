/// Draws the input once more with colours over what libedit has drawn plainly, and a suggestion behind it.
///
/// The cells stay the same, so that libedit's idea of the screen stays true; the suggestion is removed before libedit
/// draws again. Of an input that is taller than the screen a window is drawn, and libedit draws nothing.
struct PromptPainter {
  var renderer: TerminalRenderer
  var columns: Int
  var rows: Int
  var promptWidth: Int
  /// The prompt with its escapes.
  var prompt = ""

  /// Where each character stands.
  func layout(_ text: String, cursor: Int) -> LineLayout {
    LineLayout(text, cursor: cursor, indent: promptWidth, columns: columns)
  }

  /// The escape sequences that repaint an input that fits on the screen; nil when libedit draws some of it in its own way.
  ///
  /// - Parameter suggestion: what could follow the input; only as much as fits on the last row is shown.
  func paint(_ text: StyledText, _ layout: LineLayout, suggestion: String) -> String? {
    if layout.hasStrangeCharacters { return nil }
    var result = "\u{1B}7"
    if layout.cursorRow > 0 { result += "\u{1B}[\(layout.cursorRow)A" }
    result += "\r"
    if promptWidth > 0 { result += "\u{1B}[\(promptWidth)C" }
    for (row, line) in lines(text, layout, suggestion).enumerated() {
      if row > 0 { result += "\r\u{1B}[B" }
      result += renderer.render(line)
    }
    return result + "\u{1B}8"
  }

  /// The rows of the input, each with its looks.
  private func lines(_ text: StyledText, _ layout: LineLayout, _ suggestion: String) -> [StyledText] {
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
    return lines
  }

  // MARK: Inputs taller than the screen

  /// The first row of the window: as before, unless the cursor would be outside of it.
  func top(_ layout: LineLayout, before: Int, notes: Int) -> Int {
    let height = max(1, rows - notes)
    let top = min(before, max(0, layout.endRow - height + 1), layout.cursorRow)
    return max(top, layout.cursorRow - height + 1)
  }

  /// The escape sequences that draw the rows from `top` over the whole screen, and `notes` below them.
  func paintWindow(
    _ text: StyledText, _ layout: LineLayout, top: Int, suggestion: String, notes: [String]
  ) -> String {
    let lines = lines(text, layout, suggestion)
    let height = max(1, rows - notes.count)
    var result = "\u{1B}[?25l"
    func draw(_ line: String, at row: Int) { result += "\u{1B}[\(row + 1);1H\u{1B}[2K\(line)" }
    for row in 0..<height {
      let line = top + row < lines.count ? renderer.render(lines[top + row]) : ""
      draw(top + row == 0 ? prompt + line : line, at: row)
    }
    for (row, note) in notes.prefix(rows - height).enumerated() { draw(note, at: height + row) }
    return result + "\u{1B}[\(layout.cursorRow - top + 1);\(layout.cursorColumn + 1)H\u{1B}[?25h"
  }

  // MARK: Places

  /// The escape sequences that remove a suggestion behind the input.
  func erase(_ text: String, cursor: Int) -> String {
    let layout = layout(text, cursor: cursor)
    let down = layout.endRow - layout.cursorRow
    return "\u{1B}7" + (down > 0 ? "\u{1B}[\(down)B" : "") + "\u{1B}[\(layout.endColumn + 1)G\u{1B}[K\u{1B}8"
  }

  /// How many rows lie above and below the cursor.
  func rowsBelow(_ text: String, cursor: Int) -> (above: Int, below: Int) {
    let layout = layout(text, cursor: cursor)
    return (layout.cursorRow, layout.endRow - layout.cursorRow)
  }
}
