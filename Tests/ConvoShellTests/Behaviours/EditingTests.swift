import ConvoInterpreter
import Testing

@testable import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviours 12 to 14: several lines, Ctrl-C and Ctrl-D, the history under the arrow keys.
@Suite(.serialized) struct EditingTests {
  private let up = "\u{1B}[A"
  private let down = "\u{1B}[B"

  @Test(
    arguments: [
      ("zeros(2,\r3).shape\r", "[2, 3]"), ("[2,\r3]\r", "[2, 3]"), ("1 +\r2\r", "3"), ("4 |>\rsqrt\r", "2"),
      ("\"a\rb\"\r", "a\r\nb"), ("if true {\r7\r}\r", "7"), ("{a:\r5}.a\r", "5"),
    ])
  func `12: Enter on an unfinished input adds a line, never an error`(typed: String, answer: String) throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type(typed)
    convo.expect("\n\(answer)\r\n")
    #expect(!convo.transcript.contains("error"))
  }

  @Test func `12: A new line of a block is indented, and its closing brace is not`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("fn f(a) {\rif a {\r1\r}\r}")
    convo.expectScreen("> fn f(a) {\n    if a {\n      1\n    }\n  }")
  }

  @Test func `12: An empty line only prompts again`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("\r  \r\r")
    convo.expectScreen(">\n>\n>\n>")
  }

  @Test func `12: Enter in the middle of a finished block runs all of it`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("print(1,\r2)" + up + "\r")
    convo.expectScreen("> print(1,\n    2)\n1 2\n>")
  }

  @Test func `13: Ctrl-C at the prompt drops the whole input`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("fn f(a) {\ra +")
    convo.expect("a +")
    convo.type("\u{3}")
    convo.expectScreen("> fn f(a) {\n    a +^C\n>")
    convo.type("5 * 5\r")
    convo.expect("\n25\r\n")
  }

  @Test func `13: Ctrl-C during a computation gives the prompt back, and the target keeps its value`() throws
  {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("n = 5; i = 1;\r")
    convo.expect("> ")
    convo.type("print(\"go\"); while true { i = i + 1; n = i }\r")
    convo.expect("\ngo\r\n")
    convo.type("\u{3}")
    convo.expect("cancelled after")
    convo.expect("> ")
    // A second one does not kill.
    convo.type("\u{3}")
    convo.expect("^C")
    convo.type("[n, i]\r")
    convo.expect("\n[5, 1]\r\n")
  }

  @Test func `13: Ctrl-C cancels a convolution and leaves all workers idle`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("x = rand(1, 64, 300, 300); w = rand(256, 64, 25, 25); y = 7;\r")
    convo.expect("> ")
    convo.type("print(\"go\"); y = conv2d(x, w)\r")
    convo.expect("\ngo\r\n")
    convo.type("\u{3}")
    convo.expect("cancelled after")
    convo.expect("> ")
    var states: [Character] = []
    for _ in 0..<200 {
      states = convo.threadStates
      if states.allSatisfy({ $0 == "S" }) { break }
      usleep(10_000)
    }
    #expect(!states.isEmpty && states.allSatisfy { $0 == "S" }, "\(states)")
    convo.type("y\r")
    convo.expect("\n7\r\n")
  }

  @Test func `13: A Ctrl-C that comes before a line begins to run is not lost`() throws {
    let session = Session(sink: CapturedOutput())
    session.isInterrupted = { true }
    for line in ["x = 1", ":time x = 1", "!touch /nonexistent"] {
      #expect(session.enter(line) == .interrupted)
    }
    #expect(session.evaluator.globals["x"] == nil)
  }

  @Test func `13: A burst of Ctrl-C is no harm`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    for _ in 0..<50 { convo.signal(SIGINT) }
    convo.expect("^C")
    convo.type("6 * 7\r")
    convo.expect("42")
  }

  @Test func `13: Ctrl-D leaves on an empty line, else deletes; exit and quit leave`() throws {
    for word in ["\u{4}", "exit\r", "quit\r", "exit()\r"] {
      let convo = try TerminalProcess(["-q"])
      convo.expect("> ")
      // To the beginning, then Ctrl-D takes the 9 away.
      convo.type("912\u{1}\u{4}\r")
      convo.expect("\n12\r\n")
      convo.type(word)
      #expect(convo.exitCode() == 0)
    }
  }

  @Test func `13: Ctrl-Z stops, and the input is there when it goes on`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("40 +")
    convo.expect("40 +")
    convo.signal(SIGTSTP)
    #expect(convo.waitUntilStopped())
    #expect(convo.localModes & tcflag_t(ICANON) != 0)
    convo.signal(SIGCONT)
    convo.type(" 2\r")
    convo.expect("\n42\r\n")
  }

  // MARK: History

  @Test func `14: Up and Down walk the history by what is typed, and the unfinished line comes back`() throws
  {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    for line in ["alpha = 1;", "beta = 2;", "almost = 3;"] { convo.type(line + "\r") }
    convo.type("al" + up)
    convo.expectScreen("almost") { $0.lines[3] == "> almost = 3;" }
    convo.type(up)
    convo.expectScreen("alpha, past beta") { $0.lines[3] == "> alpha = 1;" }
    convo.type(down + down + "pha + 10\r")
    convo.expect("\n11\r\n")
  }

  @Test func `14: Up and Down move inside a block before they leave it`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("\"old\";\r")
    convo.type("print(1,\r20)" + up + "\u{5}")
    convo.expectScreen("the cursor at the end of the first line") { $0.row == 1 && $0.column == 10 }
    convo.type("0, " + down + "\u{1}")
    convo.expectScreen("the cursor in the second line") { $0.row == 2 && $0.column == 2 }
    convo.type("\u{B}3)\u{1}" + up + up)
    convo.expectScreen("> \"old\";\n> \"old\";")
    convo.type(down + "\r")
    convo.expect("\n1 0 3\r\n")
  }

  @Test func `14: A block is recalled as one`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("print(1,\r2)\r")
    convo.expect("\n1 2\r\n")
    convo.type(up)
    convo.expectScreen("> print(1,\n    2)\n1 2\n> print(1,\n    2)")
    convo.type("\r")
    convo.expect("\n1 2\r\n")
  }

  @Test func `14: An input taller than the screen is shown around the cursor, with its colours`() throws {
    let convo = try TerminalProcess(["-q"], columns: 40, rows: 6)
    convo.expect("> ")
    let lines = (0..<12).map { "a\($0) = sqrt(\($0))" }
    convo.type("\u{1B}[200~\(lines.joined(separator: "\n"))\u{1B}[201~")
    convo.expectScreen(lines.suffix(6).map { "  " + $0 }.joined(separator: "\n"))
    #expect(convo.screen.looks(of: "sqrt")?.allSatisfy { $0 == "36" } == true)
    convo.type(String(repeating: up, count: 11))
    convo.expectScreen((["> " + lines[0]] + lines[1..<6].map { "  " + $0 }).joined(separator: "\n"))
    convo.type("\u{1}b\u{5} # top")
    convo.expectScreen("the change where the cursor is") { $0.lines[0] == "> ba0 = sqrt(0) # top" }
    #expect(convo.screen.row == 0 && convo.screen.column == 21)
    convo.type("\r")
    convo.expectScreen("the prompt below") { $0.lines[5] == ">" }
    convo.type("[ba0, a11 ** 2]\r")
    convo.expect("\n[0, 11]\r\n")
    // Cut down to what fits, it stands below what was there before.
    convo.type(up + up + String(repeating: "\u{15}\u{7F}", count: 9))
    convo.expectScreen("three lines") {
      $0.text.hasSuffix("\n> ba0 = sqrt(0) # top\n  a1 = sqrt(1)\n  a2 = sqrt(2)")
    }
  }
}
