import Testing

/// Pixels are drawn where somebody asks for them, or where the terminal says that it can.
@Suite(.serialized) struct GraphicsDetectionTests {
  private let question = "\u{1B}[16t\u{1B}[c"
  private let enter = "\r"

  @Test func aTerminalThatSaysSixelGetsSixels() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    // The answer must come within 50 ms; a busy machine may need more than one try.
    for attempt in 1...20 {
      convo.type("show(eye(3))" + enter)
      #expect(convo.waits(forRaw: question, times: attempt))
      convo.type("\u{1B}[6;24;12t\u{1B}[?62;4;22c")
      convo.expect("→ white")
      convo.expect("> ")
      if convo.transcript.contains("\u{1B}P0;1;0q") { break }
      convo.type(":set graphics auto" + enter)
      convo.expect("> ")
    }
    // 32 cells of 12 pixels: three pixels are enlarged to 384.
    #expect(convo.transcript.contains("\u{1B}P0;1;0q\"1;1;384;384#0;"))
    // Nothing of the answer is left among the keys.
    convo.type("1 + 1" + enter)
    convo.expect("\n2\r\n")
  }

  @Test func keysTypedWhileTheTerminalIsAskedStayTyped() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("show(eye(3))" + enter)
    #expect(convo.waits(forRaw: question))
    convo.type("20 +\u{1B}[?62;22c 22" + enter)
    convo.expect("→ white")
    convo.expect("\n42\r\n")
    #expect(!convo.transcript.contains("\u{1B}P0;1;0q"))
  }

  @Test func aTerminalThatAnswersLateOrNeverGetsBlocks() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("show(eye(3))" + enter)
    convo.expect("▀")
    convo.expect("> ")
    convo.type("\u{1B}[6;24;12t\u{1B}[?62;4;22c")
    convo.type("1 + 1" + enter)
    convo.expect("\n2\r\n")
  }

  static let silent: [[String: String]] = [
    ["TMUX": "/tmp/tmux-0/default,1,0"], ["STY": "1.pts"], ["TERM": "screen-256color"], ["NO_COLOR": "1"],
    ["CONVO_GRAPHICS": "blocks"], ["TERM": "dumb"],
  ]

  @Test(arguments: silent) func nobodyIsAskedUnderTmuxOrAgainstAWish(environment: [String: String]) throws {
    let convo = try TerminalProcess(["-q"], environment: environment)
    convo.expect("> ")
    convo.type("show(eye(3))" + enter)
    convo.expect("white")
    convo.type("7 * 6" + enter)
    convo.expect("42\r\n")
    #expect(!convo.transcript.contains("\u{1B}[c"))
  }

  @Test func kittyIsKnownByItsEnvironment() throws {
    let convo = try TerminalProcess(["-q"], environment: ["KITTY_WINDOW_ID": "1"])
    convo.expect("> ")
    convo.type("show(eye(3))" + enter)
    #expect(convo.waits(forRaw: "\u{1B}_Ga=T,f=24,o=z,s=318,v=318,C=1,q=2,m=0;"))
  }

  @Test func aWishIsEnoughInAScript() throws {
    let convo = try TerminalProcess(
      ["-e", "show(eye(3))"], environment: ["CONVO_GRAPHICS": "sixel"])
    #expect(convo.exitCode() == 0)
    // Room is made, the picture drawn from its top, and the caption stands below.
    #expect(convo.transcript.contains("\u{1B}[16A\u{1B}7\u{1B}P0;1;0q\"1;1;318;318"))
    #expect(convo.transcript.contains("\u{1B}\\\u{1B}8\u{1B}[16B\r"))
  }

  @Test func whatIsAskedForInTmuxIsWrappedForTheTerminalOutside() throws {
    let sixel = try TerminalProcess(
      ["-e", "show(eye(3))"], environment: ["CONVO_GRAPHICS": "sixel", "TMUX": "x"])
    #expect(sixel.exitCode() == 0)
    // The blank takes tmux's cursor to the picture's place; each escape of the picture is doubled.
    #expect(
      sixel.transcript.contains(
        "\u{1B}[16A\u{1B}7 \u{1B}Ptmux;\u{8}\u{1B}\u{1B}P0;1;0q\"1;1;318;318"))
    #expect(sixel.transcript.contains("-\u{1B}\u{1B}\\\u{1B}\\\u{1B}8\u{1B}[16B\r"))
    let kitty = try TerminalProcess(
      ["-e", "show(eye(3))"], environment: ["CONVO_GRAPHICS": "kitty", "TERM": "tmux-256color"])
    #expect(kitty.exitCode() == 0)
    let head = "\u{1B}Ptmux;\u{1B}\u{1B}_Ga=T,f=24,o=z,s=318,v=318,U=1,i="
    let number = try #require(kitty.transcript.firstRange(of: head)).upperBound
    let digits = kitty.transcript[number...].prefix { $0 != "," }
    // 16 rows of 32 cells, in the colour of the picture's number; the mark of the row stands on the first.
    #expect(kitty.transcript[number...].hasPrefix("\(digits),r=16,c=32,q=2,m=0;"))
    let cells = String(repeating: "\u{10EEEE}", count: 31)
    for mark in ["\u{305}", "\u{30D}", "\u{357}"] {
      #expect(kitty.transcript.contains("\u{1B}[38;5;\(digits)m\u{10EEEE}\(mark)\(cells)\u{1B}[0m\r\n"))
    }
  }

  @Test func aPipeGetsLettersAndAWrongWishIsAUsageError() throws {
    let piped = try ProgramRun(["-e", "show(eye(3))"], environment: ["CONVO_GRAPHICS": "kitty"])
    #expect(piped.output.contains("→ white") && !piped.output.contains("\u{1B}"))
    let wrong = try ProgramRun(["-e", "1"], environment: ["CONVO_GRAPHICS": "png"])
    #expect(wrong.code == 2)
    #expect(wrong.diagnostics.contains("CONVO_GRAPHICS takes auto, blocks, kitty or sixel, not 'png'"))
  }
}
