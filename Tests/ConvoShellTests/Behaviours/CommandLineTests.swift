import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviours 1 to 5: how convo starts and ends.
@Suite(.serialized) struct CommandLineTests {
  @Test func `1: On a terminal one banner line comes before the prompt`() throws {
    let convo = try TerminalProcess(environment: ["CONVO_THREADS": "2"])
    let version = try ProgramRun(["--version"]).output.split(separator: "\n")[0]
    convo.expectScreen("convo \(version)  2 threads  ? for help, Ctrl-D leaves\n>")
    convo.type("1 + 1\r")
    convo.expect("\n2\r\n")
    convo.expect("> ")
    convo.type("\u{4}")
    #expect(convo.exitCode() == 0)
  }

  @Test func `1: Quiet shows no banner`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expectScreen(">")
  }

  @Test func `2: A script without an error ends with 0`() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "x = [1, 2] + 1\nprint(sum(x))")
    let run = try ProgramRun([scratch.path + "/a.cnn"])
    #expect(run.code == 0)
    #expect(run.output == "5\n")
    #expect(run.diagnostics == "")
  }

  @Test func `2: A script ends at its first error with 1`() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "print(\"one\")\nnothing\nprint(\"two\")\n")
    let run = try ProgramRun([scratch.path + "/a.cnn"])
    #expect(run.code == 1)
    #expect(run.output == "one\n")
    #expect(run.diagnostics.hasPrefix("error: "))
    #expect(run.diagnostics.contains("/a.cnn:2:1"))
  }

  @Test func `2: A script is parsed whole before it runs`() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "print(\"one\")\nx = (\n")
    let run = try ProgramRun([scratch.path + "/a.cnn"])
    #expect(run.code == 1)
    #expect(run.output == "")
  }

  @Test func `2: Everything after the file belongs to the script`() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "args")
    let run = try ProgramRun(["-v", scratch.path + "/a.cnn", "--help", "-e", "x y", "--"])
    #expect(run.output == "[\"--help\", \"-e\", \"x y\", \"--\"]\n")
    #expect(run.code == 0)
  }

  @Test func `3: Several pieces of code are one session`() throws {
    let run = try ProgramRun(["-e", "a = 20", "-c", "b = a + 1", "-e", "a + b"])
    #expect(run.output == "41\n")
    #expect(run.code == 0)
  }

  @Test func `3: Interactive stays at the prompt with the variables`() throws {
    let convo = try TerminalProcess(["-q", "-i", "-e", "kept = 41"])
    convo.expect("> ")
    convo.type("kept + 1\r")
    convo.expect("\n42\r\n")
  }

  @Test func `3: Interactive stays after a failure too`() throws {
    let convo = try TerminalProcess(["-q", "-i", "-e", "a = 5", "-e", "nothing"])
    convo.expect("error: ")
    convo.expect("> ")
    convo.type("a * 2\r")
    convo.expect("\n10\r\n")
  }

  @Test func `4: A pipe runs without banner, prompt or escapes`() throws {
    let run = try ProgramRun([], input: "\u{FEFF}a = 4\r\nif a > 3 {\r\n  print(\"big\")\r\n}\r\na\n |> sqrt")
    #expect(run.output == "big\n2\n")
    #expect(run.diagnostics == "")
    #expect(run.code == 0)
  }

  @Test func `4: A dash reads the input and takes arguments`() throws {
    let run = try ProgramRun(["-", "one"], input: "args")
    #expect(run.output == "[\"one\"]\n")
  }

  @Test func `4: A pipe runs what came before its error`() throws {
    let run = try ProgramRun([], input: "print(1)\nx = = 2\nprint(3)\n")
    #expect(run.output == "1\n")
    #expect(run.code == 1)
  }

  @Test func `4: A shebang works`() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "#!/usr/bin/env convo\nprint(args)")
    chmod(scratch.path + "/a.cnn", 0o700)
    symlink(TestProgram.convo, scratch.path + "/convo")
    let path = ["PATH": scratch.path + ":/usr/bin:/bin"]
    let run = try ProgramRun(["one", "-q"], environment: path, program: scratch.path + "/a.cnn")
    #expect(run.output == "[\"one\", \"-q\"]\n")
    #expect(run.code == 0)
  }

  @Test func `5: Usage errors end with 2 and name the flag`() throws {
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

  @Test func `5: The exit code tells how a script ended`() throws {
    #expect(try ProgramRun(["-e", "exit"]).code == 0)
    #expect(try ProgramRun(["-e", "exit(3)"]).code == 3)
    #expect(try ProgramRun(["-e", "1 +"]).code == 1)
  }

  @Test func `5: Ctrl-C in a script ends with 130`() throws {
    let convo = try TerminalProcess(["-e", "print(\"go\"); i = 0; while true { i = i + 1 }"])
    convo.expect("go")
    convo.type("\u{3}")
    #expect(convo.exitCode() == 130)
  }
}
