import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Bad input, odd terminals, signals: the shell works on, and the terminal comes back.
@Suite(.serialized) struct RobustnessTests {
  private let enter = "\r"

  @Test func theTerminalComesBackAfterEverySignal() throws {
    for number in [SIGHUP, SIGTERM, SIGQUIT, SIGSEGV, SIGABRT] {
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
  }

  @Test func behaviour13CtrlZStopsAndGoesOn() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("40 +")
    convo.expect("40 +")
    convo.signal(SIGTSTP)
    #expect(convo.waitUntilStopped())
    #expect(convo.localModes & tcflag_t(ICANON) != 0)
    convo.signal(SIGCONT)
    convo.type(" 2" + enter)
    convo.expect("\n42\r\n")
  }

  @Test func aBurstOfInterruptsIsNoHarm() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    for _ in 0..<50 { convo.signal(SIGINT) }
    convo.expect("^C")
    convo.type("6 * 7" + enter)
    convo.expect("42")
  }

  @Test func aLargePasteIsTakenWhole() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    let numbers = String(repeating: "1234567890 + ", count: 20_000)
    convo.type("\u{1B}[200~x = \"\(numbers)\"; len(x)\u{1B}[201~" + enter)
    convo.expect("\n260000\r\n", within: 60)
  }

  @Test func controlBytesAndDamagedUTF8AreNoHarm() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type(bytes: [0x22, 0xFF, 0xC3, 0x22, 0x0D])
    convo.expect("\u{FFFD}")
    convo.expect("> ")
    convo.type("\u{1B}[200~\"a\u{0}\u{7}b\"\u{1B}[201~" + enter)
    convo.expect("\nab\r\n")
  }

  @Test func aTerminalOfTenColumnsWorks() throws {
    let convo = try TerminalProcess(["-q"], columns: 10, rows: 5)
    convo.expect("> ")
    convo.type("x = zeros(1, 3, 20, 20)" + enter)
    convo.expect("3×20×20")
    convo.type("nothing" + enter)
    convo.expect("error: ")
    convo.type("1 + 1" + enter)
    convo.expect("\n2\r\n")
  }

  @Test func anUnknownOrMissingTerminalTypeWorks() throws {
    for term in ["nonexistent", ""] {
      let convo = try TerminalProcess(["-q"], environment: ["TERM": term])
      convo.expect("> ")
      convo.type("6 * 7\n")
      convo.expect("42")
      convo.type("\u{4}")
      #expect(convo.exitCode() == 0)
    }
  }

  @Test func behaviour19TheHistoryIsSharedByTheNextSession() throws {
    let scratch = try Scratch()
    let settings = ["CONVO_HISTORY": scratch.path + "/history"]
    let first = try TerminalProcess(["-q"], environment: settings)
    first.expect("> ")
    first.type("first = 1" + enter)
    first.expect("first  1")
    first.type(" secret = 2" + enter)
    first.expect("secret  2")
    first.type("\u{4}")
    #expect(first.exitCode() == 0)
    #expect(try scratch.read("history") == "first = 1\n")
    let second = try TerminalProcess(["-q"], environment: settings)
    second.expect("> ")
    second.type("\u{1B}[A" + enter)
    second.expect("first  1")
  }

  @Test func behaviour19TheInitialScriptRunsFirst() throws {
    let scratch = try Scratch()
    mkdir(scratch.path + "/convo", 0o700)
    defer {
      unlink(scratch.path + "/convo/init.cnn")
      rmdir(scratch.path + "/convo")
    }
    try scratch.write("convo/init.cnn", "mine = 11\nprint(\"initial\")\n")
    let settings = ["XDG_CONFIG_HOME": scratch.path]
    let convo = try TerminalProcess(["-q"], environment: settings)
    convo.expect("initial")
    convo.expect("> ")
    convo.type("mine * 2" + enter)
    convo.expect("\n22\r\n")
    let bare = try TerminalProcess(["-q", "--no-init"], environment: settings)
    bare.expect("> ")
    bare.type("mine" + enter)
    bare.expect("error: ")
    // A script is not changed by what its user likes at the prompt.
    #expect(try ProgramRun(["-e", "1"], environment: settings).output == "1\n")
  }

  @Test func behaviour19AnUnwritableHomeIsSaidOnceAndNoError() throws {
    let convo = try TerminalProcess(["-q"], environment: ["CONVO_HISTORY": "/proc/nowhere/history"])
    convo.expect("> ")
    convo.type("1 + 1" + enter)
    convo.expect("warning: the history is not kept")
    convo.expect("\n2\r\n")
    convo.type("2 + 2" + enter)
    convo.expect("\n4\r\n")
    #expect(convo.transcript.split(separator: "warning").count == 2)
  }

  @Test func behaviour23ProgramsRunOnTheTerminal() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("!stty -a | tr ' ' '\\n' | grep -x icanon" + enter)
    convo.expect("\nicanon\r\n")
    convo.type("!exit 3" + enter)
    convo.expect("exit 3")
    convo.type("1 + 1" + enter)
    convo.expect("\n2\r\n")
  }

  @Test func behaviour23EditRunsWhatTheEditorLeft() throws {
    let scratch = try Scratch()
    try scratch.write("editor", "#!/bin/sh\necho '20 + 22' > \"$1\"\n")
    chmod(scratch.path + "/editor", 0o700)
    let convo = try TerminalProcess(["-q"], environment: ["EDITOR": scratch.path + "/editor", "VISUAL": ""])
    convo.expect("> ")
    convo.type(":edit" + enter)
    convo.expect("\n42\r\n")
    let broken = try TerminalProcess(["-q"], environment: ["EDITOR": "/nonexistent", "VISUAL": ""])
    broken.expect("> ")
    broken.type(":edit" + enter)
    broken.expect("error: the editor /nonexistent cannot be started")
  }

  @Test func behaviour24ALongStatementTellsItsTimeAndShowsThatItWorks() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("i = 0; while true { i = i + 1 }" + enter)
    convo.expect("working 0.5 s")
    convo.type("\u{3}")
    convo.expect("cancelled after")
    convo.type("s = 0; for i in range(60000) { s = s + i }" + enter)
    convo.expect(" · ")
    convo.expect("thread")
  }

  @Test func viKeysFromEditrcWork() throws {
    let scratch = try Scratch()
    try scratch.write(".editrc", "bind -v\n")
    let convo = try TerminalProcess(["-q"], environment: ["HOME": scratch.path])
    convo.expect("> ")
    convo.type("912")
    convo.expect("912")
    // Escape, to the start, delete one letter, run.
    convo.type("\u{1B}")
    _ = convo.settle()
    convo.type("0x" + enter)
    convo.expect("\n12\r\n")
  }
}
