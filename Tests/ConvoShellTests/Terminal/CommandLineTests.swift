import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviours of the command line.
struct CommandLineTests {
  @Test func behaviour2AScriptEndsAtItsFirstErrorWith1() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "print(\"one\")\nnothing\nprint(\"two\")\n")
    let run = try ProgramRun([scratch.path + "/a.cnn"])
    #expect(run.code == 1)
    #expect(run.output == "one\n")
    #expect(run.diagnostics.hasPrefix("error: "))
    #expect(run.diagnostics.contains("/a.cnn:2:1"))
  }

  @Test func behaviour2AScriptIsParsedWholeBeforeItRuns() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "print(\"one\")\nx = (\n")
    let run = try ProgramRun([scratch.path + "/a.cnn"])
    #expect(run.code == 1)
    #expect(run.output == "")
  }

  @Test func behaviour2EverythingAfterTheFileBelongsToTheScript() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "args")
    let run = try ProgramRun(["-v", scratch.path + "/a.cnn", "--help", "-e", "x y", "--"])
    #expect(run.output == "[\"--help\", \"-e\", \"x y\", \"--\"]\n")
    #expect(run.code == 0)
  }

  @Test func behaviour3SeveralExpressionsAreOneSession() throws {
    let run = try ProgramRun(["-e", "a = 20", "-c", "b = a + 1", "-e", "a + b"])
    #expect(run.output == "41\n")
    #expect(run.code == 0)
  }

  @Test func behaviour4APipeRunsWithoutBannerPromptOrEscapes() throws {
    let run = try ProgramRun([], input: "\u{FEFF}a = 4\r\nif a > 3 {\r\n  print(\"big\")\r\n}\r\na\n |> sqrt")
    #expect(run.output == "big\n2\n")
    #expect(run.diagnostics == "")
    #expect(run.code == 0)
  }

  @Test func behaviour4ADashReadsTheInputAndTakesArguments() throws {
    let run = try ProgramRun(["-", "one"], input: "args")
    #expect(run.output == "[\"one\"]\n")
  }

  @Test func behaviour4APipeRunsWhatCameBeforeItsError() throws {
    let run = try ProgramRun([], input: "print(1)\nx = = 2\nprint(3)\n")
    #expect(run.output == "1\n")
    #expect(run.code == 1)
  }

  @Test func behaviour4AShebangWorks() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "#!/usr/bin/env convo\nprint(7)")
    #expect(try ProgramRun([scratch.path + "/a.cnn"]).output == "7\n")
  }

  @Test func behaviour5UsageErrorsEndWith2AndNameTheFlag() throws {
    for (arguments, text) in [
      (["--thread", "2"], "--threads"), (["--threads", "0"], "from 1 to 1024"),
      (["--threads", "two"], "from 1 to 1024"),
      (["--color", "maybe"], "always, never or auto"), (["--max-mem", "lots"], "512M or 2G"),
      (["--seed", "-1"], "--seed"), (["-e"], "-e"), (["/nonexistent/a.cnn"], "/nonexistent/a.cnn"),
    ] {
      let run = try ProgramRun(arguments)
      #expect(run.code == 2, "\(arguments)")
      #expect(run.diagnostics.hasPrefix("error: "), "\(run.diagnostics)")
      #expect(run.diagnostics.contains(text), "\(run.diagnostics)")
      #expect(run.output == "")
    }
  }

  @Test func behaviour5ExitCodesOfScripts() throws {
    #expect(try ProgramRun(["-e", "exit"]).code == 0)
    #expect(try ProgramRun(["-e", "exit(3)"]).code == 3)
    #expect(try ProgramRun(["-e", "1 +"]).code == 1)
  }

  @Test func behaviour5CtrlCInAScriptEndsWith130() throws {
    let convo = try TerminalProcess(["-e", "print(\"go\"); i = 0; while true { i = i + 1 }"])
    convo.expect("go")
    convo.type("\u{3}")
    #expect(convo.exitCode() == 130)
  }

  @Test func behaviour6HelpAndVersionGoToStdout() throws {
    let help = try ProgramRun(["--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("--max-mem"))
    #expect(help.diagnostics == "")
    let version = try ProgramRun(["--version"])
    #expect(version.code == 0)
    #expect(version.output.split(separator: "\n").count == 1)
  }

  @Test func behaviour7AClosedPipeEndsSilently() throws {
    let scratch = try Scratch()
    let command =
      "'\(TerminalProcess.executable)' -e 'for i in range(100000) { print(i) }' 2>'\(scratch.path)/err' | head -n 1 >/dev/null"
    #expect(system(command) == 0)
    #expect(try scratch.read("err") == "")
  }

  @Test func behaviour7AFullDiskIsAnError() throws {
    let scratch = try Scratch()
    let status = system("'\(TerminalProcess.executable)' -e 'print(1)' >/dev/full 2>'\(scratch.path)/err'")
    #expect((status >> 8) & 0xFF == 1)
    #expect(try scratch.read("err").hasPrefix("error: "))
  }

  @Test func behaviour8ColourRules() throws {
    func isColoured(_ arguments: [String], _ environment: [String: String]) throws -> Bool {
      try ProgramRun(arguments + ["-e", "nothing"], environment: environment).diagnostics.contains("\u{1B}[")
    }
    #expect(try !isColoured([], [:]))
    #expect(try isColoured(["--color", "always"], ["NO_COLOR": "1"]))
    #expect(try isColoured([], ["CLICOLOR_FORCE": "1"]))
    #expect(try !isColoured([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
    #expect(try !isColoured(["--color=never"], ["CLICOLOR_FORCE": "1"]))
  }

  @Test func behaviour10SettingsFromFlagsAndEnvironment() throws {
    #expect(try ProgramRun(["--threads", "1", "-e", "threads()"]).output == "1\n")
    #expect(try ProgramRun(["-e", "threads()"], environment: ["CONVO_THREADS": "1"]).output == "1\n")
    #expect(try ProgramRun(["--exact", "-e", "exact()"]).output == "true\n")
    let one = try ProgramRun(["--seed", "7", "-e", "rand(3)"])
    #expect(try one.output == ProgramRun(["-e", "rand(3)"], environment: ["CONVO_SEED": "7"]).output)
    #expect(try one.output != ProgramRun(["-e", "rand(3)"]).output)
    let small = try ProgramRun(["--max-mem", "4M", "-e", "zeros(2000, 2000)"])
    #expect(small.code == 1)
    #expect(small.diagnostics.contains("nothing was allocated"))
    #expect(try ProgramRun(["-e", "1"], environment: ["CONVO_MAX_MEM": "x"]).code == 2)
  }

  @Test func behaviour10VerboseShowsAssignmentsOnStderr() throws {
    let run = try ProgramRun(["-v", "-e", "x = zeros(2, 3)"])
    #expect(run.output == "")
    #expect(run.diagnostics.contains("2×3"))
  }

  @Test func behaviour11ABareExpressionPrintsAndASemicolonSilences() throws {
    #expect(try ProgramRun(["-e", "1; 2"]).output == "1\n2\n")
    #expect(try ProgramRun(["-e", "1;\n2;"]).output == "")
  }
}

struct ManualTests {
  /// `scripts/manual` writes the page; this notices when it was forgotten.
  @Test func everyFlagIsInTheManualPage() throws {
    let page = try #require(ProjectFiles.text("docs/convo.1"))
    let help = try ProgramRun(["--help"]).output
    let flags = help.matches(of: /--[a-z][a-z-]+/).map { String($0.0.dropFirst(2)) }
    #expect(flags.count > 10)
    for flag in Set(flags) { #expect(page.contains("Fl -\(flag)"), "--\(flag)") }
  }
}
