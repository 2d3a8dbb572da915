import CEdit

// What a person sees of the input while it is typed.
extension LineEditor {
  /// The terminal's size now.
  var size: (columns: Int, rows: Int) {
    var columns: Int32 = 80
    var rows: Int32 = 24
    cedit_terminal_size(1, &columns, &rows)
    return (Int(columns), Int(rows))
  }

  var painter: PromptPainter {
    let (columns, rows) = size
    return PromptPainter(
      renderer: renderer, columns: columns, rows: rows, promptWidth: DisplayWidth.of(prompt),
      prompt: styledPrompt)
  }

  /// Called when no key waits: colours the input and offers what it could go on with.
  func willWait() {
    // The prompt stands already: what the first key needs is made ready while nobody has typed yet.
    if !isReady {
      isReady = true
      _ = history.entries
      _ = assistant.highlighted("x(1)", cursor: 0)
    }
    let (text, cursor) = content
    undo.note(text, cursor)
    let painter = self.painter
    let isLarge = text.utf8.count >= 1 << 16
    let isColoured = renderer.depth != .none && !isLarge
    let isSearching = text.contains("\nbck:") || text.contains("\nfwd:") || text.contains("\nbck?")
    let wantsSuggestion = isColoured && cursor == text.utf8.count && !isSearching && browsing == nil
    suggestion = wantsSuggestion ? history.suggestion(for: text) ?? "" : ""
    let layout = painter.layout(text, cursor: cursor)
    let styled = isColoured ? assistant.highlighted(text, cursor: cursor) : StyledText(text)
    if layout.endRow < painter.rows {
      leaveWindow()
      // Without colours only what libedit cannot draw, combining characters, makes it worth while.
      if !isColoured && text.unicodeScalars.allSatisfy({ DisplayWidth.of($0) > 0 }) { return }
      guard let escapes = painter.paint(styled, layout, suggestion: suggestion) else { return }
      LineEditor.write(escapes)
    } else if !layout.hasStrangeCharacters {
      // libedit shows the end of such an input with the cursor in a wrong place, so it draws nothing of it.
      cedit_mute(editor, true)
      let top = painter.top(layout, before: window ?? 0, notes: notes.count)
      window = top
      LineEditor.write(painter.paintWindow(styled, layout, top: top, suggestion: suggestion, notes: notes))
    }
    isSuggestionShown = !suggestion.isEmpty
  }

  /// Called as soon as a key has come: takes away what libedit does not know of.
  func hasKey() {
    notes = []
    if isSuggestionShown {
      let (text, cursor) = content
      LineEditor.write(painter.erase(text, cursor: cursor))
      isSuggestionShown = false
    }
    guard cedit_line_was_interrupted() else { return }
    let (text, cursor) = content
    let below = window == nil ? painter.rowsBelow(text, cursor: cursor).below : 0
    closeWindow()
    LineEditor.write(String(repeating: "\n", count: below) + "^C\r\n")
  }

  /// The input fits on the screen again: libedit draws it from the top.
  private func leaveWindow() {
    if window == nil { return }
    window = nil
    cedit_mute(editor, false)
    LineEditor.write("\u{1B}[H\u{1B}[J")
    cedit_refresh(editor)
  }

  /// The input ends: what follows begins below the screen's last row.
  func closeWindow() {
    if window == nil { return }
    window = nil
    cedit_mute(editor, false)
    LineEditor.write("\u{1B}[\(size.rows);1H\r\n")
  }
}
