import ConvoInterpreter
import ConvoTensor
import Testing

@testable import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviours 23 and 24: commands, timing and progress.
@Suite(.serialized) struct CommandTests {
  private let output = CapturedOutput()

  private func session(_ inputs: String...) -> Session {
    let session = Session(sink: output)
    for input in inputs { _ = session.enter(input) }
    return session
  }

  private func values(_ session: Session, _ name: String) throws -> [Float] {
    guard case .tensor(let tensor)? = session.evaluator.globals[name] else {
      Issue.record("\(name) is missing")
      return []
    }
    return tensor.toArray()
  }

  @Test func `23: time tells how long an expression took, and bench its least, median and greatest time`()
    throws
  {
    let session = session("seed(3);", ":time zeros(2)", ":bench rand(10)")
    #expect(output.output == "[0, 0]\n")
    #expect(output.diagnostics.contains("µs") || output.diagnostics.contains("ms"))
    for word in ["min ", "median ", "max ", " runs"] { #expect(output.diagnostics.contains(word), "\(word)") }
    // Measuring draws no random numbers.
    _ = session.enter("a = rand(2);")
    let other = Session(sink: CapturedOutput(), seed: 3)
    _ = other.enter("a = rand(2);")
    #expect(try values(session, "a") == values(other, "a"))
  }

  @Test func `23: save writes what succeeded, and run gives the same, bit by bit`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/session.cnn"
    let first = session(
      "a = rand(4)", "b = rand(nothing)", "c = Conv2D(1, 2, 3)", "d = c(ones(1, 5, 5))", "b[0]", "whos",
      ":save \(path)")
    #expect(
      try scratch.read("session.cnn")
        == "seed(0)\na = rand(4)\nc = Conv2D(1, 2, 3)\nd = c(ones(1, 5, 5))\n")
    let second = Session(sink: CapturedOutput(), seed: 99)
    #expect(second.enter(":run \(path)") == .finished)
    for name in ["a", "d"] { #expect(try values(first, name) == values(second, name)) }
    #expect(second.enter(":run \(scratch.path)/missing.cnn") == .failed)
    #expect(second.enter(":save /proc/nowhere/a.cnn") == .failed)
  }

  @Test func `23: set changes a setting, keys lists the keys, and an unknown command has a neighbour`() {
    _ = session(":set seed 5", "seed()", ":keys", ":tiem 1", ":set threads 0", ":set colour never")
    #expect(output.output.hasPrefix("5\n"))
    #expect(output.output.contains("Ctrl-R"))
    for command in ShellCommand.all { #expect(output.output.contains(":\(command.name)"), "\(command.name)") }
    #expect(output.diagnostics.contains("error: there is no command :tiem"))
    #expect(output.diagnostics.contains("did you mean :time?"))
    #expect(output.diagnostics.contains("there is no setting colour"))
  }

  @Test func `23: An exclamation mark runs a program on the terminal`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("!stty -a | tr ' ' '\\n' | grep -x icanon\r")
    convo.expect("\nicanon\r\n")
    convo.type("!exit 3\r")
    convo.expect("exit 3")
    // Ctrl-C ends the program, not convo.
    convo.type("!echo started; exec sleep 100\r")
    convo.expect("\nstarted\r\n")
    convo.type("\u{3}")
    convo.expect("> ")
    convo.type("1 + 1\r")
    convo.expect("\n2\r\n")
  }

  @Test func `23: edit runs what the editor left`() throws {
    let scratch = try Scratch()
    try scratch.write("editor", "#!/bin/sh\ngrep -q '^old = 1$' \"$1\" && echo '20 + 22' > \"$1\"\n")
    chmod(scratch.path + "/editor", 0o700)
    let convo = try TerminalProcess(["-q"], environment: ["EDITOR": scratch.path + "/editor", "VISUAL": ""])
    convo.expect("> ")
    convo.type("old = 1\r:edit\r")
    convo.expect("\n42\r\n")
    // What was edited is in the history.
    convo.type("\u{1B}[A\r")
    convo.expect("\n42\r\n")
  }

  @Test func `23: edit takes a command as the prompt does`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["EDITOR": "true", "VISUAL": ""])
    convo.expect("> ")
    convo.type(":time 6 * 7\r")
    convo.expect("\n42\r\n")
    convo.type(":edit\r")
    convo.expect("\n42\r\n")
    convo.expect("thread")
  }

  @Test func `23: keys breaks its lines between words`() throws {
    let convo = try TerminalProcess(["-q"], columns: 60, rows: 40)
    convo.expect("> ")
    convo.type(":keys\r")
    convo.expectScreen("a line that is broken") {
      $0.text.contains(
        "complete a name, attribute, argument or\n                    path; after ( show the signature")
    }
  }

  @Test func `23: A missing editor is said, with the way out`() throws {
    for (editor, name) in [("/nonexistent", "/nonexistent"), ("", "vi")] {
      let settings = ["EDITOR": editor, "VISUAL": "", "PATH": "/nonexistent"]
      let convo = try TerminalProcess(["-q"], environment: settings)
      convo.expect("> ")
      convo.type("kept = 6 * 7;\r:edit\r")
      convo.expect("error: the editor \(name) cannot be started")
      convo.expect("set EDITOR")
      convo.type("kept\r")
      convo.expect("\n42\r\n")
    }
  }

  // MARK: Time

  @Test func `24: A statement of more than 10 ms ends with its time, rate and threads`() {
    #expect(TimingLine.text(seconds: 0.0124, multiplyAdds: 254_000_000).hasPrefix("12.4 ms · 41 GFLOP/s · "))
    #expect(TimingLine.text(seconds: 2, multiplyAdds: 0).split(separator: " · ").count == 2)
    _ = session("1 + 1", "i = 0; while i < 300000 { i = i + 1 }")
    let lines = output.diagnostics.split(separator: "\n")
    #expect(lines.count == 1 && lines[0].contains(" · ") && lines[0].contains(" thread"))
  }

  @Test func `24: After half a second one line tells that work goes on, and it is erased`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"])
    convo.expect("> ")
    convo.type("i = 0; while true { i = i + 1 }\r")
    convo.expectScreen("the line") { $0.text.contains("\nworking 0.5 s   Ctrl-C cancels") }
    convo.expectScreen("the same line, later") { $0.text.contains("\nworking 1.0 s   Ctrl-C cancels") }
    convo.type("\u{3}")
    convo.expectScreen("nothing of the line") {
      $0.lines[2].hasPrefix("cancelled after 1.") && $0.lines[3] == ">" && !$0.text.contains("working")
    }
  }
}
