import Testing

@testable import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

struct HistoryTests {
  @Test func behaviour19InputsComeBackWithTheirNewlinesAndBackslashes() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    let inputs = ["x = 1", "fn f(a) {\n  a\n}", "\"back\\slash\"", "\"日本\""]
    let first = History(path: path)
    for input in inputs { first.add(input) }
    #expect(History(path: path).entries == inputs)
    #expect(try scratch.read("history").split(separator: "\n").count == inputs.count)
  }

  @Test func behaviour19TheFileIsPrivate() throws {
    let scratch = try Scratch()
    History(path: scratch.path + "/history").add("x")
    var status = stat()
    #expect(stat(scratch.path + "/history", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func behaviour19DuplicatesBlanksAndLeadingSpacesAreNotKept() throws {
    let history = History(path: nil)
    for input in ["a", "b", " secret", "", "  ", "a"] { history.add(input) }
    #expect(history.entries == ["b", "a"])
  }

  @Test func behaviour19TwoSessionsAreBothKept() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    let (one, two) = (History(path: path), History(path: path))
    one.add("one 1")
    two.add("two 1")
    one.add("one 2")
    #expect(History(path: path).entries == ["one 1", "two 1", "one 2"])
  }

  @Test func behaviour19TheFileIsCutToItsLimit() throws {
    let scratch = try Scratch()
    let lines = (0..<16_000).map { "x = \($0)\n" }.joined()
    try scratch.write("history", lines)
    let history = History(path: scratch.path + "/history")
    #expect(history.entries.count == History.maximumCount)
    #expect(history.entries.last == "x = 15999")
    #expect(try scratch.read("history").split(separator: "\n").count == History.maximumCount)
  }

  @Test func behaviour19ADamagedOrUnwritableFileIsNoError() throws {
    let scratch = try Scratch()
    try scratch.write("history", "good\n\u{0}\u{1}\nalso good\n")
    #expect(History(path: scratch.path + "/history").entries.contains("also good"))
    let nowhere = History(path: "/proc/nowhere/history")
    nowhere.add("x")
    #expect(nowhere.entries == ["x"])
    #expect(nowhere.takeComplaint() != nil)
    nowhere.add("y")
    #expect(nowhere.takeComplaint() == nil)
  }

  @Test func behaviour19WhereTheFileLies() {
    #expect(History.standardPath { ["CONVO_HISTORY": "", "HOME": "/h"][$0] } == nil)
    #expect(History.standardPath { ["CONVO_HISTORY": "/a/b"][$0] } == "/a/b")
    #expect(History.standardPath { ["XDG_STATE_HOME": "/s", "HOME": "/h"][$0] } == "/s/convo/history")
    #expect(History.standardPath { ["HOME": "/h"][$0] } == "/h/.local/state/convo/history")
    #expect(History.standardPath { _ in nil } == nil)
  }

  @Test func searchesByPrefix() {
    let history = History(path: nil)
    for input in ["alpha", "beta", "almost"] { history.add(input) }
    #expect(history.older(than: 3, prefix: "al", unlike: "al") == 2)
    #expect(history.older(than: 2, prefix: "al", unlike: "almost") == 0)
    #expect(history.newer(than: 0, prefix: "al", unlike: "alpha") == 2)
    #expect(history.suggestion(for: "al") == "most")
    #expect(history.suggestion(for: "gamma") == nil)
  }
}

struct LineLayoutTests {
  @Test func rowsWrapAtTheWidthOfTheTerminal() {
    let layout = LineLayout("abcdefgh", cursor: 8, indent: 2, columns: 5)
    #expect(layout.cells.map(\.row) == [0, 0, 0, 1, 1, 1, 1, 1])
    // A row that is exactly full moves the cursor to the next one at once, as libedit does.
    #expect(layout.cursorRow == 2 && layout.cursorColumn == 0)
  }

  @Test func aWideLetterThatDoesNotFitGoesToTheNextRow() {
    let layout = LineLayout("ab日", cursor: 0, indent: 2, columns: 5)
    #expect(layout.cells[2].row == 1 && layout.cells[2].column == 0)
    #expect(layout.endColumn == 2)
  }

  @Test func linesAndTabs() {
    let layout = LineLayout("a\n\tb", cursor: 2, indent: 2, columns: 80)
    #expect(layout.cursorRow == 1 && layout.cursorColumn == 0)
    #expect(layout.cells[3].column == 8)
  }

  @Test func combiningMarksTakeNoRoom() {
    #expect(LineLayout("e\u{301}x", cursor: 0, indent: 0, columns: 80).endColumn == 2)
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
