import Testing

/// The numbered behaviour 20: no terminal, or one that cannot move its cursor.
@Suite(.serialized) struct PlainReadingTests {
  @Test(arguments: ["dumb", ""]) func `20: A dumb terminal reads plainly, and all else is equal`(term: String)
    throws
  {
    let scratch = try Scratch()
    let settings = ["TERM": term, "CONVO_HISTORY": scratch.path + "/history"]
    let convo = try TerminalProcess(["-q"], environment: settings)
    convo.expect("> ")
    convo.type("x = zeros(2,\n")
    convo.expect("\n  ")
    convo.type("3)\n")
    convo.expect("x      2×3")
    convo.type("nothing\n")
    convo.expect("error: ")
    convo.expect("\n> ")
    convo.type("1 + \u{3}")
    convo.expect("\n> ")
    convo.type("print(\"go\"); while true { }\n")
    convo.expect("\ngo\r\n")
    convo.type("\u{3}")
    // The terminal echoes the key itself.
    convo.expect("^C\r\ncancelled after")
    convo.expect("> ")
    convo.type("x.shape\n")
    convo.expect("\n[2, 3]\r\n")
    #expect(!convo.transcript.contains("\u{1B}"))
    convo.type("\u{4}")
    #expect(convo.exitCode() == 0)
    #expect(try scratch.read("history").hasPrefix("x = zeros(2,\\n3)\nnothing\n"))
  }

  @Test func `20: A terminal whose type is unknown is said once and works`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["TERM": "nonexistent"])
    convo.expect("> ")
    convo.type("6 * 7\r")
    convo.expect("\n42\r\n")
    convo.type("\u{1B}[A\u{1B}[D8\r")
    convo.expect("\n522\r\n")
    #expect(convo.transcript.split(separator: "nonexistent").count <= 2)
    convo.type("\u{4}")
    #expect(convo.exitCode() == 0)
  }

  @Test func `20: No answer of the terminal is waited for`() throws {
    // The terminal of these tests answers nothing at all.
    let convo = try TerminalProcess(environment: ["TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"])
    convo.expect("> ")
    convo.type("show(rand(4, 4))\r1 + 1\r")
    convo.expect("\n2\r\n")
  }
}
