import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviours 6 to 11: streams, colours, checks, settings, what is printed.
@Suite(.serialized) struct StreamTests {
  @Test func `6: Help and version go to stdout`() throws {
    let help = try ProgramRun(["--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("--max-mem"))
    #expect(help.diagnostics == "")
    let version = try ProgramRun(["--version"])
    #expect(version.code == 0)
    #expect(version.output.split(separator: "\n").count == 1)
  }

  @Test func `6: Help and version touch neither the terminal nor the history`() throws {
    let scratch = try Scratch()
    for flag in ["--help", "--version"] {
      let convo = try TerminalProcess([flag], environment: ["CONVO_HISTORY": scratch.path + "/history"])
      #expect(convo.exitCode() == 0)
      #expect(!convo.transcript.contains("\u{1B}"))
      #expect(access(scratch.path + "/history", F_OK) != 0)
    }
  }

  @Test func `7: Results go to stdout, and diagnostics, timing and progress to stderr`() throws {
    let run = try ProgramRun(["-e", "1 + 1; [1, 2] + [1, 2, 3]"])
    #expect(run.output == "2\n")
    #expect(run.diagnostics.hasPrefix("error: "))
    let scratch = try Scratch()
    let convo = try TerminalProcess(
      ["-c", "exec '\(TestProgram.convo)' -q 2>'\(scratch.path)/err'"], program: "/bin/sh")
    convo.expect("> ")
    convo.type(":time 40 + 2\r")
    convo.expect("\n42\r\n")
    convo.type("nothing\r")
    convo.expect("> ")
    convo.type("i = 0; while i < 1e9 { i = i + 1 }\r")
    convo.expect("i      0")
    // No line of progress where stderr is a file: what runs says nothing until it is cancelled.
    _ = convo.settle(quiet: 700)
    convo.type("\u{3}exit\r")
    #expect(convo.exitCode() == 0)
    let text = try scratch.read("err")
    #expect(text.contains("µs · ") || text.contains("ms · "))
    #expect(text.contains("error: ") && text.contains("cancelled after"))
    #expect(!text.contains("working"))
    #expect(!convo.transcript.contains("error") && !convo.transcript.contains("cancelled"))
  }

  @Test func `7: A closed pipe ends silently`() throws {
    let scratch = try Scratch()
    let command =
      "'\(TestProgram.convo)' -e 'for i in range(100000) { print(i) }' 2>'\(scratch.path)/err' | head -n 1 >/dev/null"
    #expect(system(command) == 0)
    #expect(try scratch.read("err") == "")
  }

  @Test func `7: A full disk is an error`() throws {
    let scratch = try Scratch()
    let status = system("'\(TestProgram.convo)' -e 'print(1)' >/dev/full 2>'\(scratch.path)/err'")
    #expect((status >> 8) & 0xFF == 1)
    #expect(try scratch.read("err").hasPrefix("error: "))
  }

  @Test func `8: The flag goes before NO_COLOR, and that before CLICOLOR_FORCE`() throws {
    func isColoured(_ arguments: [String], _ environment: [String: String]) throws -> Bool {
      try ProgramRun(arguments + ["-e", "nothing"], environment: environment).diagnostics.contains("\u{1B}[")
    }
    #expect(try !isColoured([], [:]))
    #expect(try isColoured(["--color", "always"], ["NO_COLOR": "1"]))
    #expect(try isColoured([], ["CLICOLOR_FORCE": "1"]))
    #expect(try !isColoured([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
    #expect(try !isColoured(["--color=never"], ["CLICOLOR_FORCE": "1"]))
  }

  @Test func `8: Without flags and variables the terminal decides`() throws {
    for (term, isColoured) in [("xterm", true), ("dumb", false)] {
      let convo = try TerminalProcess(["-e", "nothing"], environment: ["TERM": term])
      #expect(convo.exitCode() == 1)
      #expect(convo.transcript.contains("error: "))
      #expect(convo.transcript.contains("\u{1B}[") == isColoured, "\(term)")
    }
  }

  @Test func `9: Check tells of parse and shape errors and runs no convolution`() throws {
    let scratch = try Scratch()
    // Computing this takes hours.
    let large = "x = zeros(64, 64, 512, 512)\ny = conv2d(x, ones(512, 64, 31, 31))\n"
    try scratch.write("good.cnn", large + "print(y.shape)\n")
    let good = try ProgramRun(["--check", scratch.path + "/good.cnn"])
    #expect(good.code == 0)
    #expect(good.output.hasSuffix("good.cnn: the shapes of 3 statements fit\n"))
    try scratch.write("bad.cnn", large + "z = y + zeros(3)\n")
    let bad = try ProgramRun(["--check", scratch.path + "/bad.cnn"])
    #expect(bad.code == 1)
    #expect(bad.diagnostics.contains("bad.cnn:3:"))
    #expect(try ProgramRun(["--check", scratch.path + "/missing.cnn"]).code == 2)
  }

  @Test func `9: A report is a page with pictures, the same bytes each run`() throws {
    let scratch = try Scratch()
    try scratch.write("tale.cnn", "# Noise\nx = rand(8, 9)\nshow(x)\n")
    func report(_ name: String) throws -> [String] {
      let run = try ProgramRun(["--report", scratch.path + "/" + name, scratch.path + "/tale.cnn"])
      #expect(run.code == 0, "\(run.diagnostics)")
      return [try scratch.read(name + "/report.md"), try scratch.read(name + "/01-picture.png")]
    }
    let first = try report("one")
    #expect(first[0].contains("](01-picture.png)"))
    #expect(first[1].hasPrefix("\u{FFFD}PNG"))
    #expect(try report("two") == first)
  }

  @Test func `10: A wrong value ends with 2 and tells the accepted range`() throws {
    for (name, flag, value, range) in [
      ("CONVO_THREADS", "--threads", "0", "from 1 to 1024"), ("CONVO_SEED", "--seed", "x", "from 0 to 2^53"),
      ("CONVO_MAX_MEM", "--max-mem", "4", "from 1M on"),
    ] {
      for run in [
        try ProgramRun(["\(flag)=\(value)", "-e", "1"]),
        try ProgramRun(["-e", "1"], environment: [name: value]),
      ] {
        #expect(run.code == 2 && run.output == "")
        #expect(run.diagnostics.contains(range), "\(run.diagnostics)")
      }
    }
  }

  @Test func `10: Settings come from flags and from the environment`() throws {
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

  @Test func `10: Verbose shows the assignments of a script on stderr`() throws {
    let run = try ProgramRun(["-v", "-e", "x = zeros(2, 3)"])
    #expect(run.output == "")
    #expect(run.diagnostics.contains("2×3"))
  }

  @Test func `11: A bare expression prints, and a semicolon before the newline silences`() throws {
    #expect(try ProgramRun(["-e", "1; 2"]).output == "1\n2\n")
    #expect(try ProgramRun(["-e", "1;\n2;"]).output == "")
    #expect(try ProgramRun(["-e", "x = 3"]).output == "")
  }

  @Test func `11: At the prompt an assignment shows its line, and a semicolon silences it`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.type("x = zeros(2, 3)\r")
    convo.expect("x      2×3")
    convo.expect("all zero")
    convo.expect("> ")
    convo.type("y = 7;\r5;\r\"done\"\r")
    convo.expectScreen("no line for y and 5") { screen in
      screen.lines.drop { !$0.hasPrefix("> y = 7;") }.starts(with: ["> y = 7;", "> 5;", "> \"done\"", "done"])
    }
  }
}
