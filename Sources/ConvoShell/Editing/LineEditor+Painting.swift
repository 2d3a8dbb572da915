import CEdit

// What a person sees of the input while it is typed. All of it is drawn here; libedit, which can neither colour nor place
// combining characters nor show the beginning of a long block, is mute.
extension LineEditor {
  /// What stands on the screen.
  enum Drawing {
    /// Nothing of the present input; the cursor is where the prompt is to stand.
    case nothing
    /// All of it, with the cursor in this row of it.
    case whole(cursorRow: Int)
    /// As many rows as the screen has, from this one on.
    case window(top: Int)
  }

  /// The terminal's size now.
  var size: (columns: Int, rows: Int) {
    var columns: Int32 = 80
    var rows: Int32 = 24
    if !cedit_terminal_size(1, &columns, &rows) { (columns, rows) = (80, 24) }
    return (max(promptWidth + 2, Int(columns)), max(2, Int(rows)))
  }

  private var promptWidth: Int { DisplayWidth.of(prompt) }

  private var painter: PromptPainter {
    let (columns, rows) = size
    var painter = PromptPainter(
      renderer: renderer, columns: columns, rows: rows, promptWidth: promptWidth, prompt: styledPrompt,
      indent: promptWidth)
    if let search {
      let (text, styled) = searchPrompt(search, columns: columns)
      (painter.promptWidth, painter.prompt) = (DisplayWidth.of(text), styled)
    }
    return painter
  }

  /// The text on the screen: the input, or what a search has found.
  private var displayed: (text: String, cursor: Int) { search?.shown ?? content }

  /// Called by libedit's reading of keys.
  func notice(_ event: Int32) {
    switch UInt32(event) {
    case CEDIT_IDLE.rawValue: willWait()
    case CEDIT_INTERRUPTED.rawValue where search == nil:
      finish(content.text)
      LineEditor.write("^C\r\n")
    case CEDIT_RESIZED.rawValue: hasResized()
    case CEDIT_RESUMED.rawValue: drawing = .nothing  // On a row of its own.
    default: break
    }
  }

  /// No key waits: shows the input and offers what it could go on with.
  private func willWait() {
    let (text, cursor) = displayed
    if search == nil {
      undo.note(text, cursor)
      bindLetters(isLong: text.utf8.count >= 1 << 16)
    }
    let offers = cursor == text.utf8.count && isColoured(text) && browsing == nil && search == nil
    suggestion = offers ? history.suggestion(for: text) ?? "" : ""
    paint(text, cursor: cursor)
    notes = []
    // The prompt stands: what the first key needs is made ready while nobody has typed yet.
    if isReady || cedit_input_comes(10) { return }
    isReady = true
    _ = history.entries
    _ = assistant.highlighted("x(1)", cursor: 0, in: 0..<4)
  }

  private func isColoured(_ text: String) -> Bool { renderer.depth != .none && text.utf8.count < 1 << 16 }

  /// What some rows of the input show, with colours.
  private func styled(_ text: String, cursor: Int, _ layout: LineLayout, rows: Range<Int>) -> StyledText {
    let range = layout.bytes(ofRows: rows)
    if isColoured(text) { return assistant.highlighted(text, cursor: cursor, in: range) }
    let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
    var result = StyledText()
    result.append(typed: String(text[start..<text.utf8.index(start, offsetBy: range.count)]), .plain)
    return result
  }

  private func paint(_ text: String, cursor: Int) {
    let painter = self.painter
    let layout = painter.layout(text, cursor: cursor)
    if layout.endRow < painter.rows {
      let styled = styled(text, cursor: cursor, layout, rows: layout.rows.indices)
      LineEditor.write(goToTop() + painter.paint(styled, layout, suggestion: suggestion))
      drawing = .whole(cursorRow: layout.cursorRow)
      return
    }
    var before = 0
    if case .window(let top) = drawing {
      before = top
    } else {
      // What stood above goes up and out of the screen, as it does for any text.
      let styled = styled(text, cursor: cursor, layout, rows: 0..<painter.rows)
      LineEditor.write(goToTop() + painter.paint(styled, layout, limit: painter.rows))
    }
    let top = painter.top(layout, before: before, notes: notes.count)
    let shown = painter.window(layout, top: top, notes: notes.count)
    let styled = styled(text, cursor: cursor, layout, rows: shown)
    LineEditor.write(painter.paintWindow(styled, layout, top: top, suggestion: suggestion, notes: notes))
    drawing = .window(top: top)
  }

  /// The escape sequence that goes to where the prompt stands.
  private func goToTop() -> String {
    switch drawing {
    case .nothing, .whole(cursorRow: 0): ""
    case .whole(let row): "\u{1B}[\(row)A"
    case .window: "\u{1B}[H\u{1B}[J"
    }
  }

  /// The input ends: all of it is left on the screen, without a suggestion, and what follows begins below it.
  func finish(_ text: String) {
    let painter = self.painter
    let layout = painter.layout(text, cursor: text.utf8.count)
    let styled = styled(text, cursor: -1, layout, rows: layout.rows.indices)
    LineEditor.write(goToTop() + painter.paint(styled, layout))
    drawing = .nothing
  }

  /// The width has changed: terminals break long rows anew and keep the cursor at its letter.
  private func hasResized() {
    let (text, cursor) = displayed
    if case .whole = drawing { drawing = .whole(cursorRow: painter.layout(text, cursor: cursor).cursorRow) }
    LineEditor.write(goToTop() + "\r\u{1B}[J")
    drawing = .nothing
  }

  /// Shows lines below the input, which is then drawn anew.
  func show(below lines: [String]) {
    if case .window = drawing {
      notes = lines
      return
    }
    let (text, cursor) = content
    suggestion = ""
    paint(text, cursor: cursor)
    let layout = painter.layout(text, cursor: cursor)
    let down = layout.endRow - layout.cursorRow
    LineEditor.write(
      (down > 0 ? "\u{1B}[\(down)B" : "") + "\r\n\u{1B}[J" + lines.joined(separator: "\r\n") + "\r\n")
    drawing = .nothing
  }

  /// Clears the screen; the input stands at its top then.
  func clearScreen() -> Int32 {
    LineEditor.write("\u{1B}[H\u{1B}[2J")
    drawing = .nothing
    return CC_NORM
  }
}
