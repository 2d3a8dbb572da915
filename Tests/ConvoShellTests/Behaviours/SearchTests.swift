import Testing

@testable import ConvoShell

/// The numbered behaviour 14, the incremental search of the history.
@Suite(.serialized) struct SearchTests {
  private let back = "\u{12}"
  private let forward = "\u{13}"
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func shell(_ inputs: [String], columns: UInt16 = 80) throws -> TerminalProcess {
    let history = History(path: scratch.path + "/history")
    for input in inputs { history.add(input) }
    let convo = try TerminalProcess(
      ["-q"], environment: ["CONVO_HISTORY": scratch.path + "/history"], columns: columns)
    convo.expect("> ")
    _ = convo.settle()
    return convo
  }

  @Test func `14: Ctrl-R shows the latest match of each letter, and goes to the next older one`() throws {
    let convo = try shell(["first = 1", "needle = 12", "fn f(a) {\n  need(a)\n}", "last = 3"])
    convo.type("40 + \(back)")
    convo.expectScreen("(reverse-i-search)`': 40 +")
    convo.type("need")
    convo.expectScreen("the block whole, the cursor on what was found") {
      $0.text.hasPrefix("(reverse-i-search)`need': fn f(a) {\n")
        && $0.row == 1 && $0.lines[1].hasSuffix("need(a)")
    }
    convo.type(back)
    convo.expectScreen("(reverse-i-search)`need': needle = 12")
    convo.type(back)
    convo.expectScreen("(failed reverse-i-search)`need': needle = 12")
    convo.type(forward)
    convo.expectScreen("the newer one") { $0.text.hasPrefix("(i-search)`need': fn f(a) {\n") }
    convo.type("x")
    convo.expectScreen("no match") { $0.text.hasPrefix("(failed i-search)`needx': fn f(a) {\n") }
    convo.type("\u{7F}")
    convo.expectScreen("the match again") { $0.text.hasPrefix("(i-search)`need': fn f(a) {\n") }
  }

  @Test(arguments: ["\u{7}", "\u{3}"])
  func `14: Ctrl-G and Ctrl-C put the input back`(key: String) throws {
    let convo = try shell(["needle = 12"])
    convo.type("40 + 1\u{1B}[D\(back)need")
    convo.expectScreen("(reverse-i-search)`need': needle = 12")
    convo.type(key)
    convo.expectScreen("the input with its cursor") { $0.text == "> 40 + 1" && $0.column == 7 }
    // Without a pattern, the last one serves.
    convo.type(back + back)
    convo.expectScreen("(reverse-i-search)`need': needle = 12")
    convo.type(key + "2\r")
    convo.expect("\n61\r\n")
  }

  @Test func `14: Enter runs what the search found, any other key edits it`() throws {
    let convo = try shell(["print(1)", "print(20)", "print(3)"])
    convo.type(back + "20\r")
    convo.expect("\n20\r\n")
    convo.expectScreen("> print(20)\n20\n>")
    convo.type(back + "t(1\u{5}\u{7F}, 5)\r")
    convo.expect("\n1 5\r\n")
    // Up goes on from the place of what was found, and Down comes back to what was typed.
    convo.type("7\(back)t(3\u{1B}[A")
    convo.expectScreen("the one before") { $0.text.hasSuffix("\n> print(1)") }
    convo.type(String(repeating: "\u{1B}[B", count: 4) + "7\r")
    convo.expect("\n77\r\n")
  }

  @Test func `14: A text that is pasted into the search is looked for`() throws {
    let convo = try shell(["a = [1,\n  2]", "b = 1"])
    convo.type(back + "\u{1B}[200~1,\n  2\u{1B}[201~")
    convo.expectScreen("the block") { $0.text.hasPrefix("(reverse-i-search)`1,␊  2': a = [1,\n") }
    convo.type("\u{1B}")
    convo.expectScreen("the block, for editing") { $0.text.hasPrefix("> a = [1,\n") }
  }

  @Test func `14: The search leaves room for what it finds in a narrow terminal`() throws {
    let convo = try shell(["needle = 12"], columns: 24)
    convo.type(back + "needle = ")
    convo.expectScreen("`edle = ': needle = 12")
  }

  @Test func `14: vi's slash searches`() throws {
    try scratch.write(".editrc", "bind -v\n")
    let convo = try TerminalProcess(["-q"], environment: ["HOME": scratch.path])
    convo.expect("> ")
    convo.type("print(2)\rprint(3 / 3)\r")
    convo.expect("\n1\r\n")
    convo.type("\u{1B}")
    _ = convo.settle()
    convo.type("/3 /")
    convo.expectScreen("the entry") { $0.text.hasSuffix("\n(reverse-i-search)`3 /': print(3 / 3)") }
    convo.type("\u{1B}")
    _ = convo.settle()
    convo.type("xi4\r")
    convo.expect("\n1.33333\r\n")
  }

  @Test func `14: A search is over when it finds nothing older, and Backspace undoes a letter`() {
    let history = History(path: nil)
    for input in ["ab", "abc", "x", "b"] { history.add(input) }
    var search = IncrementalSearch(history, from: "typed", cursor: 2, .older)
    #expect(search.shown == ("typed", 2) && !search.shorten())
    search.extend("b")
    #expect(search.shown == ("b", 0))
    search.extend("c")
    #expect(search.shown == ("abc", 1))
    #expect(search.shorten() && search.shown == ("b", 0))
    search.goOn(.older, before: "")
    search.goOn(.older, before: "")
    #expect(search.shown == ("ab", 1))
    search.goOn(.older, before: "")
    #expect(search.hasFailed && search.shown == ("ab", 1))
    search.goOn(.newer, before: "")
    #expect(!search.hasFailed && search.shown == ("abc", 1))
  }
}
