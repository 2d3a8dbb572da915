import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviours of the prompt, on a pseudo-terminal.
@Suite(.serialized) struct PromptTests {
  private let enter = "\r"

  @Test func behaviour1BannerThenPromptAndCtrlDLeaves() throws {
    let convo = try TerminalProcess()
    convo.expect("convo ")
    convo.expect("Ctrl-D leaves")
    convo.expect("> ")
    convo.type("1 + 1" + enter)
    convo.expect("\n2\r\n")
    convo.expect("> ")
    convo.type("\u{4}")
    #expect(convo.exitCode() == 0)
  }

  @Test func behaviour1QuietShowsNoBanner() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    #expect(!convo.transcript.contains("Ctrl-D leaves"))
  }

  @Test func behaviour3InteractiveKeepsTheVariables() throws {
    let convo = try TerminalProcess(["-q", "-i", "-e", "kept = 41"])
    convo.expect("> ")
    convo.type("kept + 1" + enter)
    convo.expect("\n42\r\n")
  }

  @Test func behaviour3InteractiveStaysAfterAFailure() throws {
    let convo = try TerminalProcess(["-q", "-i", "-e", "a = 5", "-e", "nothing"])
    convo.expect("error: ")
    convo.expect("> ")
    convo.type("a * 2" + enter)
    convo.expect("\n10\r\n")
  }

  @Test func behaviour11AssignmentShowsItsLineAndSemicolonSilencesIt() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("x = zeros(2, 3)" + enter)
    convo.expect("x      2×3")
    convo.expect("all zero")
    convo.expect("> ")
    convo.type("y = 7;" + enter)
    convo.expect("> ")
    convo.type("\"done\"" + enter)
    convo.expect("\ndone\r\n")
    #expect(!convo.transcript.contains("y      7"))
  }

  @Test func behaviour12EnterOnAnUnfinishedInputAddsALine() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("zeros(2," + enter)
    convo.type("3).shape" + enter)
    convo.expect("[2, 3]\r\n")
    convo.expect("> ")
    convo.type(enter + enter)
    convo.type("1 +" + enter + "2" + enter)
    convo.expect("\n3\r\n")
    #expect(!convo.transcript.contains("error"))
  }

  @Test func behaviour13CtrlCDropsTheWholeInput() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("fn f(a) {" + enter + "a +")
    convo.expect("a +")
    convo.type("\u{3}")
    convo.expect("^C")
    convo.expect("> ")
    convo.type("5 * 5" + enter)
    convo.expect("\n25\r\n")
  }

  @Test func behaviour13CtrlCCancelsAComputationAndKeepsTheVariable() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("n = 5" + enter)
    convo.expect("> ")
    convo.type("print(\"go\"); i = 0; while true { i = i + 1 }" + enter)
    convo.expect("\ngo\r\n")
    convo.type("\u{3}")
    convo.expect("cancelled after")
    convo.expect("> ")
    convo.type("\u{3}")
    convo.expect("^C")
    convo.type("n" + enter)
    convo.expect("\n5\r\n")
  }

  @Test func behaviour13CtrlCCancelsAConvolution() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("x = rand(1, 64, 300, 300); w = rand(64, 64, 9, 9); y = 7;" + enter)
    convo.expect("> ")
    convo.type("print(\"go\"); y = conv2d(x, w)" + enter)
    convo.expect("\ngo\r\n")
    convo.type("\u{3}")
    convo.expect("cancelled after")
    convo.expect("> ")
    convo.type("y" + enter)
    convo.expect("\n7\r\n")
  }

  @Test func behaviour13CtrlDDeletesAndExitLeaves() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    // Home, then Ctrl-D takes the 9 away.
    convo.type("912" + "\u{1}" + "\u{4}" + enter)
    convo.expect("\n12\r\n")
    convo.type("exit" + enter)
    #expect(convo.exitCode() == 0)
  }

  @Test func behaviour14HistoryByPrefixAndTheUnfinishedLineComesBack() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    for line in ["alpha = 1", "beta = 2", "almost = 3"] {
      convo.type(line + enter)
      convo.expect("> ")
    }
    let (up, down) = ("\u{1B}[A", "\u{1B}[B")
    convo.type("al" + up + up)
    convo.expect("alpha = 1")
    convo.type(down + down + "pha + 10" + enter)
    convo.expect("\n11\r\n")
  }

  @Test func behaviour14ABlockIsRecalledAsOne() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("print(1," + enter + "2)" + enter)
    convo.expect("\n1 2\r\n")
    convo.type("\u{1B}[A" + enter)
    convo.expect("\n1 2\r\n")
  }

  @Test func behaviour14CtrlRSearches() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    for line in ["needle = 12", "other = 3"] {
      convo.type(line + enter)
      convo.expect("> ")
    }
    convo.type("\u{12}need")
    convo.expect("needle = 12")
    convo.type(enter)
    convo.expect("needle  12")
  }

  @Test func behaviour15TabCompletesNamesAttributesAndArguments() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("image = zeros(2, 3);" + enter)
    convo.expect("> ")
    convo.type("ima\t.sh\t" + enter)
    convo.expect("\n[2, 3]\r\n")
    convo.type("shape(maxpool(zeros(1,1,4,4), 2, stri\t1))" + enter)
    convo.expect("\n[1, 1, 3, 3]\r\n")
  }

  @Test func behaviour15TabAfterAParenthesisShowsTheSignature() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("conv2d(\t")
    convo.expect("conv2d(x, W, b=none, stride=1, pad=0, dilation=1, groups=1)")
    convo.expect("conv2d(")
  }

  @Test func behaviour15TabListsSeveral() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("sobelx = 1; sobely = 2;" + enter)
    convo.expect("> ")
    convo.type("sob\t")
    convo.expect("sobel")
    convo.type("\t")
    convo.expect("sobelx  sobely")
    convo.type("y" + enter)
    convo.expect("\n2\r\n")
  }

  @Test func behaviour16APastedTextRunsNothingUntilEnter() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("\u{1B}[200~a = 1\n\tb = 2\nprint(a + b)\n\u{1B}[201~")
    convo.expect("print(a + b)")
    #expect(!convo.settle().contains("\n3"))
    convo.type(enter)
    convo.expect("\n3\r\n")
  }

  @Test func behaviour16TypeAheadIsKeptAndEchoedOnce() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("print(\"go\"); i = 0; while i < 200000 { i = i + 1 }" + enter)
    convo.expect("\ngo\r\n")
    convo.type("40 + 2" + enter)
    convo.expect("> ")
    convo.expect("40 + 2")
    convo.expect("\n42\r\n")
  }

  @Test func behaviour17WideAndCombiningCharactersMoveWhole() throws {
    for locale in ["C.UTF-8", "C"] {
      let convo = try TerminalProcess(["-q"], environment: ["LC_ALL": locale])
      convo.expect("> ")
      // é as e with a combining accent is one character: one Backspace takes it away.
      convo.type("\"日e\u{301}\u{7F}本\"" + enter)
      convo.expect("\n日本\r\n")
    }
  }

  @Test func behaviour17ResizeKeepsTheText() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("\"kept")
    convo.expect("kept")
    convo.resize(columns: 40, rows: 10)
    convo.type(" whole\"" + enter)
    convo.expect("\nkept whole\r\n")
  }

  @Test func behaviour18ColoursAndSuggestionAreOffWithNoColor() throws {
    let coloured = try TerminalProcess(["-q"])
    coloured.expect("> ")
    coloured.type("relu")
    coloured.expect("relu")
    _ = coloured.settle()
    #expect(coloured.transcript.contains("\u{1B}[36mrelu"))
    let plain = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"])
    plain.expect("> ")
    plain.type("relu")
    plain.expect("relu")
    _ = plain.settle()
    #expect(!plain.transcript.contains("\u{1B}[36m"))
  }

  @Test func behaviour18TheSuggestionIsTakenWithRight() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("print(\"suggested\")" + enter)
    convo.expect("\nsuggested\r\n")
    convo.expect("> ")
    convo.type("pri")
    convo.expect("nt(\"suggested\")")
    convo.type("\u{1B}[C" + enter)
    convo.expect("\nsuggested\r\n")
  }

  @Test func behaviour20ADumbTerminalReadsPlainly() throws {
    let convo = try TerminalProcess(["-q"], environment: ["TERM": "dumb"])
    convo.expect("> ")
    convo.type("6 * 7\n")
    convo.expect("\n42\r\n")
    #expect(!convo.transcript.contains("\u{1B}"))
  }

  @Test func behaviour25AnErrorChangesNothingAndTheNextLineWorks() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("a = 3" + enter)
    convo.expect("> ")
    convo.type("a = nothing + 1" + enter)
    convo.expect("error: ")
    convo.expect(" --> repl:2")
    convo.expect("> ")
    convo.type("a" + enter)
    convo.expect("\n3\r\n")
  }

  @Test func theTerminalComesBackAfterSIGTERM() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("12")
    convo.expect("12")
    #expect(convo.localModes & tcflag_t(ECHO) == 0)
    convo.signal(SIGTERM)
    #expect(convo.exitCode() == -SIGTERM)
    #expect(convo.localModes & tcflag_t(ECHO) != 0)
    #expect(convo.transcript.contains("\u{1B}[?2004l"))
  }
}
