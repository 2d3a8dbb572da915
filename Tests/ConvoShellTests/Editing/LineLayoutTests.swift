import Testing

@testable import ConvoShell

struct LineLayoutTests {
  private func layout(_ text: String, cursor: Int = 0, indent: Int = 2, columns: Int = 80) -> LineLayout {
    LineLayout(text, cursor: cursor, prompt: indent, indent: indent, columns: columns)
  }

  @Test func rowsWrapAtTheWidthOfTheTerminal() {
    let layout = layout("abcdefgh", cursor: 8, columns: 5)
    #expect(layout.rows.map(\.bytes) == [0..<3, 3..<8, 8..<8])
    #expect(layout.rows.map(\.isContinued) == [true, true, false])
    // A row that is exactly full moves the cursor to the next one at once.
    #expect(layout.cursorRow == 2 && layout.cursorColumn == 0)
  }

  @Test func aWideLetterThatDoesNotFitGoesToTheNextRow() {
    let layout = layout("ab日", cursor: 2, columns: 5)
    #expect(layout.rows.map(\.bytes) == [0..<2, 2..<5])
    #expect(layout.cursorRow == 1 && layout.cursorColumn == 0 && layout.endColumn == 2)
  }

  @Test func linesAndTabs() {
    let layout = layout("a\n\tb", cursor: 2)
    #expect(layout.cursorRow == 1 && layout.cursorColumn == 2)
    #expect(layout.rows.map(\.bytes) == [0..<1, 2..<4] && layout.endColumn == 11)
    #expect(layout.rows.allSatisfy { !$0.isContinued })
  }

  @Test func combiningMarksTakeNoRoom() {
    #expect(layout("e\u{301}x", indent: 0).endColumn == 2)
  }
}

struct PromptPainterTests {
  /// What a terminal shows of an input, and that the cursor stands where the layout says.
  private func shown(_ text: String, cursor: Int, columns: Int, rows: Int = 6, suggestion: String = "")
    -> String
  {
    let painter = PromptPainter(
      renderer: TerminalRenderer(depth: .indexed), columns: columns, rows: rows, promptWidth: 2, prompt: "> ",
      indent: 2)
    let layout = painter.layout(text, cursor: cursor)
    var screen = TerminalScreen(columns: columns, rows: rows)
    let styled = SessionAssistant(Session(sink: CapturedOutput())).highlighted(
      text, cursor: cursor, in: 0..<text.utf8.count)
    for _ in 0..<2 {
      screen.write(painter.paint(styled, layout, suggestion: suggestion).utf8)
      #expect(screen.row == layout.cursorRow && screen.column == layout.cursorColumn)
      if layout.cursorRow > 0 { screen.write("\u{1B}[\(layout.cursorRow)A".utf8) }
    }
    return screen.text
  }

  @Test func drawsWhatItIsGiven() {
    #expect(shown("relu(12)", cursor: 8, columns: 20) == "> relu(12)")
    #expect(shown("\"abcdef\"", cursor: 3, columns: 6) == "> \"abc\ndef\"")
    #expect(shown("x\n\ty日", cursor: 0, columns: 10) == "> x\n\ny日")
    #expect(shown("\"e\u{301}\u{1B}\"", cursor: 5, columns: 20) == "> \"e\u{301}␛\"")
    #expect(shown("abcd", cursor: 4, columns: 6) == "> abcd")
  }

  @Test func theSuggestionIsCutAtTheEndOfTheRow() {
    #expect(shown("ab", cursor: 2, columns: 9, suggestion: "cdefgh\ni") == "> abcdef")
    #expect(shown("ab", cursor: 2, columns: 20, suggestion: "cd\nef") == "> abcd")
  }

  @Test func theWindowFollowsTheCursor() {
    let painter = PromptPainter(
      renderer: TerminalRenderer(depth: .none), columns: 20, rows: 4, promptWidth: 2, prompt: "> ", indent: 2)
    let text = (0..<9).map(String.init).joined(separator: "\n")
    func top(_ line: Int, before: Int, notes: Int = 0) -> Int {
      painter.top(painter.layout(text, cursor: 2 * line), before: before, notes: notes)
    }
    #expect(top(8, before: 0) == 5 && top(6, before: 5) == 5 && top(2, before: 5) == 2)
    #expect(top(8, before: 5, notes: 2) == 7 && top(0, before: 9) == 0)
    var screen = TerminalScreen(columns: 20, rows: 4)
    let layout = painter.layout(text, cursor: 4)
    func draw(_ layout: LineLayout, top: Int) {
      let range = layout.bytes(ofRows: painter.window(layout, top: top, notes: 1))
      let shown = String(decoding: Array(text.utf8)[range], as: UTF8.self)
      let drawn = painter.paintWindow(StyledText(shown), layout, top: top, suggestion: "", notes: ["note"])
      screen.write(drawn.utf8)
    }
    draw(layout, top: 0)
    #expect(screen.text == "> 0\n  1\n  2\nnote" && screen.row == 2 && screen.column == 2)
    draw(painter.layout(text, cursor: 12), top: 5)
    #expect(screen.text == "  5\n  6\n  7\nnote" && screen.row == 1 && screen.column == 2)
  }
}

struct UndoStackTests {
  @Test func goesBackWordByWord() {
    var stack = UndoStack()
    stack.note("", 0)
    for count in 1...5 { stack.note(String("x + y".prefix(count)), count) }
    #expect(stack.back()?.text == "x + ")
    #expect(stack.back()?.text == "x +")
  }
}
