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
      ["-e", "show(eye(3))"], environment: ["CONVO_GRAPHICS": "sixel", "TMUX": "x"])
    #expect(convo.exitCode() == 0)
    // Room is made, the picture drawn from its top, and the caption stands below.
    #expect(convo.transcript.contains("\u{1B}[16A\u{1B}7\u{1B}P0;1;0q\"1;1;318;318"))
    #expect(convo.transcript.contains("\u{1B}\\\u{1B}8\u{1B}[16B\r"))
  }

  @Test func aPipeGetsLettersAndAWrongWishIsAUsageError() throws {
    let piped = try ProgramRun(["-e", "show(eye(3))"], environment: ["CONVO_GRAPHICS": "kitty"])
    #expect(piped.output.contains("→ white") && !piped.output.contains("\u{1B}"))
    let wrong = try ProgramRun(["-e", "1"], environment: ["CONVO_GRAPHICS": "png"])
    #expect(wrong.code == 2)
    #expect(wrong.diagnostics.contains("CONVO_GRAPHICS takes auto, blocks, kitty or sixel, not 'png'"))
  }
}
