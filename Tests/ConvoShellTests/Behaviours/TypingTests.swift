import Testing

@testable import ConvoShell

/// The numbered behaviours 16 to 18: pasting, type-ahead, wide letters, another size, colours while typing.
@Suite(.serialized) struct TypingTests {
  private func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }

  @Test func `16: A pasted text with tabs and newlines runs nothing until Enter`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type(paste("a = 1\n\tb = 2\nprint(a + b)\n"))
    convo.expectScreen("> a = 1\n          b = 2\n  print(a + b)")
    #expect(!convo.settle().contains("\n3"))
    convo.type("\r")
    convo.expect("\n3\r\n")
  }

  @Test func `16: Type-ahead during a computation is kept and echoed once`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"])
    convo.expect("> ")
    convo.type("print(\"go\"); i = 0; while i < 200000 { i = i + 1 }\r")
    convo.expect("\ngo\r\n")
    convo.type("40 + 2\r1 + 1\r")
    convo.expect("\n42\r\n")
    convo.expect("\n2\r\n")
    #expect(convo.screen.lines.filter { $0.hasSuffix("40 + 2") } == ["> 40 + 2"])
    #expect(convo.screen.lines.filter { $0.hasSuffix("1 + 1") } == ["> 1 + 1"])
  }

  @Test(arguments: ["C.UTF-8", "C", "de_DE.ISO-8859-1"])
  func `17: Wide and combining characters move and delete whole`(locale: String) throws {
    let convo = try TerminalProcess(["-q"], environment: ["LC_ALL": locale, "NO_COLOR": "1"])
    convo.expect("> ")
    convo.type("\"日e\u{301}本\"")
    convo.expectScreen("> \"日e\u{301}本\"")
    #expect(convo.screen.column == 9)
    // Left over the quote, 本 and é; Backspace takes 日, Delete takes é with its accent.
    convo.type("\u{1B}[D\u{1B}[D\u{1B}[D")
    convo.expectScreen("the cursor on é") { $0.column == 5 }
    convo.type("\u{7F}\u{1B}[3~")
    convo.expectScreen("> \"本\"")
    convo.type("ö\r")
    convo.expect("\nö本\r\n")
  }

  @Test func `17: Another size of the terminal keeps the text right`() throws {
    let convo = try TerminalProcess(["-q"], columns: 40, rows: 10)
    convo.expect("> ")
    convo.type("\"a text that is longer than the row\"")
    convo.expectScreen("> \"a text that is longer than the row\"")
    convo.resize(columns: 20, rows: 10)
    convo.expectScreen("the text on two rows") {
      $0.text == "> \"a text that is lo\nnger than the row\""
    }
    convo.type("\u{7F}s\"\r")
    convo.expect("\na text that is longer than the rows\r\n")
  }

  @Test func `16: Every letter can be typed into the middle of a long text, and into the short one after it`()
    throws
  {
    let convo = try TerminalProcess(["-q"], columns: 120)
    convo.expect("> ")
    let letters = String(String.UnicodeScalarView((0x20..<0x7F).compactMap { Unicode.Scalar($0) }))
    convo.type(paste(String(repeating: "#\n", count: 40_000) + "#]"))
    convo.expectScreen("its end") { $0.text.hasSuffix("\n  #]") && $0.column == 4 }
    convo.type("\u{1B}[D\(letters)")
    convo.expectScreen("all letters") { $0.text.hasSuffix("\n  #\(letters)]") }
    convo.type("\u{3}\(letters)")
    convo.expectScreen("all letters again") { $0.text.hasSuffix("\n> \(letters)") }
  }

  // MARK: Colours

  @Test func `18: Builtins, strings, numbers and comments have colours while they are typed`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("relu(12, \"ab\") # cd")
    for (text, look) in [("relu", "36"), ("12", "33"), ("\"ab\"", "32"), ("# cd", "2")] {
      convo.expectScreen("\(text) in \(look)") { $0.looks(of: text)?.allSatisfy { $0 == look } == true }
    }
    convo.type("\u{3}y = (1 ]")
    convo.expectScreen("a red bracket") { $0.looks(of: "]") == ["1;31"] }
  }

  @Test func `18: A dim suggestion from the history is taken with Right`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("print(\"suggested\")\r")
    convo.expect("\nsuggested\r\n")
    convo.type("pri")
    convo.expectScreen("the rest, dim") {
      $0.text.hasSuffix("> print(\"suggested\")") && $0.looks(of: "nt(")?.allSatisfy { $0 == "2" } == true
    }
    #expect(convo.screen.column == 5)
    convo.type("\u{1B}[C")
    convo.expectScreen("the cursor behind it") { $0.column == 20 }
    convo.type("\r")
    convo.expect("\nsuggested\r\n")
    // What was not taken does not stay.
    convo.type("pri")
    convo.expectScreen("the rest") { $0.text.hasSuffix("> print(\"suggested\")") }
    convo.type("\u{3}")
    convo.expectScreen("the rest gone") { $0.text.hasSuffix("> pri^C\n>") }
  }

  @Test func `18: Both are off with NO_COLOR`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"])
    convo.expect("> ")
    convo.type("relu(1);\rrel")
    convo.expect("> rel")
    _ = convo.settle()
    #expect(convo.screen.text.hasSuffix("\n> rel"))
    #expect(!convo.transcript.contains("\u{1B}[3"))
  }

  @Test func `18: Highlighting keeps the text`() {
    let assistant = SessionAssistant(Session(sink: CapturedOutput()))
    for text in ["relu(\"a {x} b\") # c", "1 + )", "\"open", "日本 = 0xff\n  |> f", ""] {
      let bytes = Array(text.utf8)
      #expect(assistant.highlighted(text, cursor: 0, in: 0..<bytes.count).string == text)
      // Of a tall input only what is on the screen is asked for.
      for start in bytes.indices where bytes[start] < 0x80 {
        #expect(
          assistant.highlighted(text, cursor: 0, in: 0..<start).string.utf8.elementsEqual(bytes[..<start]))
        let rest = assistant.highlighted(text, cursor: 0, in: start..<bytes.count).string
        #expect(rest.utf8.elementsEqual(bytes[start...]))
      }
    }
    let styled = assistant.highlighted("relu(]", cursor: 0, in: 0..<6)
    #expect(styled.runs.first?.style == Style(.theme(6)))
    #expect(styled.runs.last?.style == Style(.theme(1), bold: true))
  }
}
