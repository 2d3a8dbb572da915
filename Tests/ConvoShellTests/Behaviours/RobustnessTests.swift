import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Bad input, odd terminals, signals: the shell works on, loses nothing, and the terminal comes back.
@Suite(.serialized) struct RobustnessTests {
  private func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }

  @Test(arguments: [SIGHUP, SIGTERM, SIGQUIT, SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP])
  func theTerminalComesBackAfterEverySignal(number: Int32) throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("12")
    convo.expect("12")
    #expect(convo.localModes & tcflag_t(ICANON) == 0)
    convo.signal(number)
    #expect(convo.exitCode() == -number)
    #expect(convo.localModes & tcflag_t(ECHO) != 0, "after signal \(number)")
    #expect(convo.localModes & tcflag_t(ICANON) != 0, "after signal \(number)")
    #expect(convo.transcript.contains("\u{1B}[?2004l"))
  }

  @Test func theTerminalComesBackAfterEveryOtherEnd() throws {
    for (typed, code) in [
      ("exit\r", 0), ("exit(3)\r", 3), ("\u{4}", 0), ("while true { }\r", -SIGTERM),
      ("fn f(n) = f(n + 1)\rf(0)\rquit\r", 0),
    ] {
      let convo = try TerminalProcess(["-q"])
      convo.expect("> ")
      convo.type(typed)
      if code < 0 {
        convo.expect("working")
        convo.signal(-code)
      }
      #expect(convo.exitCode() == code)
      #expect(convo.localModes & tcflag_t(ECHO | ICANON | ISIG) == tcflag_t(ECHO | ICANON | ISIG), "\(typed)")
    }
  }

  @Test func aTerminalThatGoesAwayEndsQuietly() throws {
    for typed in ["", "12", "while true { }\r"] {
      let scratch = try Scratch()
      let convo = try TerminalProcess(
        ["-c", "exec '\(TestProgram.convo)' -q 2>'\(scratch.path)/err'"],
        environment: ["CONVO_HISTORY": scratch.path + "/history"], program: "/bin/sh")
      convo.expect("> ")
      convo.type("a = 1;\r")
      convo.expect("> ")
      convo.type(typed)
      _ = convo.settle()
      convo.hangUp()
      let code = try #require(convo.exitCode())
      #expect(code == 0 || code == -SIGHUP, "\(code)")
      #expect(try scratch.read("err") == "")
      #expect(try scratch.read("history").hasPrefix("a = 1;\n"))
    }
  }

  @Test func aPasteOfAMegabyteIsTakenWhole() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    let line = String(repeating: "1234567890", count: 10_000)
    let text = Array(repeating: line, count: 10).joined(separator: "\n")
    convo.type(paste("x = \"\(text)\"; len(x)") + "\r")
    convo.expect("\n1000009\r\n", within: 60)
    convo.type("1 + 1\r")
    convo.expect("\n2\r\n")
  }

  @Test func controlBytesAndDamagedUTF8AreNoHarm() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    // Keys without a meaning do nothing; some of them have one.
    for byte: UInt8 in [0x00, 0x0F, 0x1D, 0x87, 0x9B] { convo.type(bytes: [byte]) }
    convo.type("\u{3}")
    convo.expect("^C")
    convo.type(bytes: [0x22, 0xFF, 0xC3, 0x22, 0x0D])
    convo.expect("\u{FFFD}")
    convo.expect("> ")
    convo.type("\u{1B}[200~\"a\u{0}\u{7}b\"\u{1B}[201~\r")
    convo.expect("\nab\r\n")
  }

  @Test func aControlCharacterThatIsQuotedIsShownAndHarmless() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"])
    convo.expect("> ")
    convo.type("len(\"\u{16}\u{1B}[2J\u{16}\u{7}\")")
    convo.expectScreen("> len(\"␛[2J␇\")")
    convo.type("\r")
    convo.expect("error: unexpected control character U+001B")
    convo.expectScreen("the line still there") { $0.lines[0] == "> len(\"␛[2J␇\")" }
  }

  @Test func aTerminalOfTenColumnsWorks() throws {
    let convo = try TerminalProcess(["-q"], columns: 10, rows: 5)
    convo.expect("> ")
    convo.type("x = zeros(1, 3, 20, 20)")
    convo.expectScreen("> x = zero\ns(1, 3, 20\n, 20)")
    convo.type("\r")
    convo.expect("3×20×20")
    convo.type("nothing\r")
    convo.expect("error: ")
    convo.type("show x\rwhos\r?relu\rx[0,0,0:2,0:2]\r1 + 1\r")
    convo.expect("\n2\r\n")
  }

  @Test func aTerminalWithoutASizeWorks() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"], columns: 0, rows: 0)
    convo.expect("> ")
    convo.type("show(rand(4, 4))\r1 + 1\r")
    convo.expect("\n2\r\n")
  }

  @Test func aHistoryThatIsNoTextOrNoFileIsNoHarm() throws {
    let scratch = try Scratch()
    let bytes = (0..<20_000).map { Character(Unicode.Scalar(UInt8(truncatingIfNeeded: $0 &* 197 &+ $0 / 7))) }
    try scratch.write("history", String(bytes))
    for path in [scratch.path + "/history", scratch.path, "/dev/zero"] {
      let convo = try TerminalProcess(["-q"], environment: ["CONVO_HISTORY": path])
      convo.expect("> ")
      convo.type("\u{1B}[A\u{1B}[A\u{3}6 * 7\r")
      convo.expect("\n42\r\n")
    }
  }

  @Test func anInputThatOverflowsTheStackIsAnError() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type(
      paste("x = " + String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)) + "\r")
    convo.expect("error: ")
    convo.type("1 + 1\r")
    convo.expect("\n2\r\n")
  }
}
