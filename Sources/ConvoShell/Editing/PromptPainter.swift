/// Draws the prompt, the input with its colours and a suggestion behind it, as escape sequences.
///
/// An input that fits on the screen is drawn from the row of its prompt on, and a row that is full runs into the next as
/// any text does, so that a terminal which changes its width keeps them together. Of a taller one the screen is a window.
struct PromptPainter {
  var renderer: TerminalRenderer
  var columns: Int
  var rows: Int
  var promptWidth: Int
  /// The prompt with its escapes.
  var prompt: String
  /// The column in which the lines after the first begin.
  var indent: Int

  /// Where each character stands.
  func layout(_ text: String, cursor: Int) -> LineLayout {
    LineLayout(text, cursor: cursor, prompt: promptWidth, indent: indent, columns: columns)
  }

  /// The looks of some rows, of which `text` is what they show.
  private func looks(of range: Range<Int>, _ text: StyledText, _ layout: LineLayout, _ suggestion: String)
    -> [StyledText]
  {
    var lines: [StyledText] = []
    var run = 0
    var runStart = layout.rows[range.lowerBound].bytes.lowerBound
    for row in layout.rows[range] {
      var line = StyledText(row.bytes.lowerBound == 0 ? "" : String(repeating: " ", count: row.column))
      var position = row.bytes.lowerBound
      var column = row.column
      while position < row.bytes.upperBound {
        let current = text.runs[run]
        let bytes = current.text.utf8
        if runStart + bytes.count <= position {
          runStart += bytes.count
          run += 1
          continue
        }
        let stop = min(row.bytes.upperBound, runStart + bytes.count)
        let start = bytes.index(bytes.startIndex, offsetBy: position - runStart)
        let part = current.text[start..<bytes.index(start, offsetBy: stop - position)]
        line.append(typed: visible(part, &column), current.style)
        position = stop
      }
      lines.append(line)
    }
    if range.upperBound == layout.rows.count, !suggestion.isEmpty {
      let line = suggestion.prefix { $0 != "\n" }
      let tail = DisplayWidth.slice(String(line), from: 0, width: columns - layout.endColumn - 1)
      lines[lines.count - 1].append(tail, .faint)
    }
    return lines
  }

  /// Blanks for tabs, visible signs for what would control the terminal.
  private func visible(_ text: Substring, _ column: inout Int) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      column += text.utf8.count
      return String(text)
    }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09:
        let blanks = LineLayout.column(after: scalar, at: column, indent: indent, columns: columns) - column
        result += String(repeating: " ", count: blanks)
        column += blanks
        continue
      case 0x00..<0x20: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
      case 0x7F..<0xA0: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
      column += DisplayWidth.of(scalar)
    }
    return result
  }

  /// Draws from the beginning of the cursor's row on, of which it leaves nothing that was there.
  ///
  /// - Parameters:
  ///   - text: what the rows show.
  ///   - suggestion: what could follow the input; only as much as fits on the last row is shown.
  ///   - limit: the most rows to draw; the cursor is then left at the end of the last one.
  func paint(_ text: StyledText, _ layout: LineLayout, suggestion: String = "", limit: Int = .max) -> String {
    let range = 0..<min(limit, layout.rows.count)
    var result = "\u{1B}[?25l\r\(prompt)"
    for (index, line) in looks(of: range, text, layout, suggestion).enumerated() {
      let row = layout.rows[index]
      result += renderer.render(line)
      // Erasing behind a full row would take its last letter.
      let isFull = row.end >= columns
      if !isFull { result += "\u{1B}[K" }
      let next = index + 1
      // A full row runs on by itself, once there is a letter for the next one.
      if next < range.count && !(isFull && row.isContinued && !layout.rows[next].bytes.isEmpty) {
        result += "\r\n"
      }
    }
    if limit == .max {
      result += "\u{1B}[J"
      if layout.endRow > layout.cursorRow { result += "\u{1B}[\(layout.endRow - layout.cursorRow)A" }
      result += "\r"
      if layout.cursorColumn > 0 { result += "\u{1B}[\(layout.cursorColumn)C" }
    }
    return result + "\u{1B}[?25h"
  }

  // MARK: Inputs taller than the screen

  /// The first row of the window: as before, unless the cursor would be outside of it.
  func top(_ layout: LineLayout, before: Int, notes: Int) -> Int {
    let height = max(1, rows - notes)
    let top = min(before, max(0, layout.endRow - height + 1), layout.cursorRow)
    return max(top, layout.cursorRow - height + 1)
  }

  /// The rows that the window shows.
  func window(_ layout: LineLayout, top: Int, notes: Int) -> Range<Int> {
    top..<min(top + max(1, rows - notes), layout.rows.count)
  }

  /// Draws the rows from `top`, which show `text`, over the whole screen, and `notes` below them.
  func paintWindow(
    _ text: StyledText, _ layout: LineLayout, top: Int, suggestion: String, notes: [String]
  ) -> String {
    let height = max(1, rows - notes.count)
    let lines = looks(of: window(layout, top: top, notes: notes.count), text, layout, suggestion)
    var result = "\u{1B}[?25l"
    func draw(_ line: String, at row: Int) { result += "\u{1B}[\(row + 1);1H\u{1B}[2K\(line)" }
    for row in 0..<height {
      let line = row < lines.count ? renderer.render(lines[row]) : ""
      draw(top + row == 0 ? prompt + line : line, at: row)
    }
    for (row, note) in notes.prefix(rows - height).enumerated() { draw(note, at: height + row) }
    return result + "\u{1B}[\(layout.cursorRow - top + 1);\(layout.cursorColumn + 1)H\u{1B}[?25h"
  }
}
