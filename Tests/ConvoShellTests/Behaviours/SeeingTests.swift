import ConvoInterpreter
import ConvoTensor
import Testing

@testable import ConvoShell

/// The numbered behaviours 21, 22, 25 and 26: help, variables, errors, and how a value is looked at.
@Suite(.serialized) struct SeeingTests {
  private let output = CapturedOutput()

  private func session(_ inputs: String...) -> Session {
    let session = Session(sink: output)
    session.tellsTime = false
    for input in inputs { _ = session.enter(input) }
    return session
  }

  // MARK: Help

  @Test func `21: Help shows signature, formula, example and neighbours, however it is asked`() {
    _ = session("?maxpool")
    for part in [
      "maxpool(x, ksize, stride=none, pad=0, dilation=1, cover_all=true)", "  > maxpool(", "see also",
      "y[n, c, i, j] = max over u, v of",

    ] { #expect(output.output.contains(part), "\(part)") }
    let again = output.output
    _ = session("maxpool?")
    _ = session("help maxpool")
    #expect(output.output == again + again + again)
  }

  @Test func `21: The example of a help page runs`() throws {
    _ = session("?relu")
    let lines = output.output.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("  > ") })
    let other = CapturedOutput()
    #expect(Session(sink: other).enter(String(lines[start].dropFirst(4))) == .finished)
    #expect(other.output == lines[start + 1].drop { $0 == " " } + "\n")
  }

  @Test func `21: An unknown name gives the three nearest`() {
    _ = session("?maxpol")
    for name in ["maxpool", "MaxPool2D"] { #expect(output.diagnostics.contains("help(\(name))"), "\(name)") }
    #expect(output.diagnostics.split(separator: "= help: ").count == 4)
    #expect(output.output == "")
  }

  @Test func `21: A function of one's own tells its signature`() {
    _ = session("fn half(value, depth=2) = value / depth", "?half")
    #expect(output.output.contains("half(value, depth=2)"))
  }

  // MARK: Variables

  @Test func `22: whos lists name, axes, shape, bytes and origin, and a total`() throws {
    _ = session("x = zeros(2, 3);", "y = nchw(zeros(4, 5, 3));", "n = 5;", "whos")
    let lines = output.output.split(separator: "\n").map(String.init)
    let x = try #require(lines.first { $0.hasPrefix("x ") })
    #expect(x.contains("2×3") && x.contains("24 B") && x.contains("zeros(2, 3)"))
    let y = try #require(lines.first { $0.hasPrefix("y ") })
    #expect(y.contains("N1 C3 H4 W5") && y.contains("240 B") && y.contains("nchw(zeros(4, 5, 3))"))
    #expect(lines.last?.hasPrefix("3 variables") == true && lines.last?.contains("264 B") == true)
  }

  @Test func `22: whos takes a pattern`() {
    _ = session("left = 1;", "right = 2;", "whos l*")
    #expect(output.output.contains("left"))
    #expect(!output.output.contains("right"))
  }

  @Test func `22: del says what it freed`() {
    let session = session("x = zeros(256, 256);", "n = 1;", "del x", "del n")
    #expect(output.output == "x: 256 KiB freed\nn: forgotten, no memory freed\n")
    #expect(session.evaluator.globals["x"] == nil)
  }

  @Test func `22: The last value is kept as _ and ans`() {
    _ = session("6 * 7", "_ + 1", "ans + 1", "print(1)", "_")
    #expect(output.output == "42\n43\n44\n1\n44\n")
  }

  // MARK: Errors

  @Test func `25: An error changes no variable`() {
    let session = session(
      "a = 1;", "a, b = [2, 3, 4]", "if true { a = 9; nothing }", "x = zeros(2);", "x[0] = [1, 2]", "a")
    #expect(output.output == "1\n")
    #expect(session.evaluator.globals["b"] == nil)
  }

  @Test func `25: An error opens no mode: the next line is a line like any other`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    for wrong in ["a = nothing + 1", "f(]", "1 +* 2", "conv2d(1, 2)", ":nothing", "show nothing", "\"\\q\""] {
      convo.type(wrong + "\r")
      convo.expect("error: ")
      convo.expect("> ")
      convo.type("20 + 3\r")
      convo.expect("\n23\r\n")
    }
  }

  // MARK: Looking

  /// A session in which a convolution was computed.
  private func convolved(_ inputs: String...) -> Session {
    let session = session(
      "x = reshape(arange(1, 33), 1, 2, 4, 4);", "w = ones(1, 2, 3, 3);", "y = conv2d(x, w);")
    for input in inputs { _ = session.enter(input) }
    return session
  }

  @Test func `26: explain shows the patch, the kernel and their products`() {
    _ = convolved("explain y[0, 0, 1, 0]")
    #expect(output.diagnostics == "")
    let lines = output.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "y[0, 0, 1, 0] = 324")
    #expect(lines.contains { $0.contains("9 10 11") && $0.contains("×") || $0.contains("10 11") })
    #expect(lines.contains { $0.contains("Σ 324 + bias 0") })
    #expect(lines.contains { $0.hasPrefix("H: 2 = ") })
    let first = output.output
    _ = convolved("explain(y, [0, 0, 1, 0])")
    #expect(output.output.hasPrefix(first))
  }

  @Test func `26: explain shows the window of a pool`() {
    _ = convolved("p = maxpool(y, 2);", "explain p[0, 0, 0, 0]")
    #expect(
      output.output.contains("= 342") && output.output.contains("window y[0, 0, 0:2, 0:2] of N1 C1 H2 W2\n"))
    #expect(output.output.contains("the largest of the window, at row 1, column 1\n"))
  }

  @Test func `26: explain says where the window lies, and what of it is padding`() {
    _ = session(
      "x = reshape(arange(48), 1, 1, 6, 8);", "p = maxpool(x, 3, stride=2, pad=1);", "explain p[0, 0, 0, 1]",
      "c = conv2d(x, ones(1, 1, 2, 2), dilation=[2, 3]);", "explain c[0, 0, 1, 2]")
    #expect(output.output.contains("window x[0, 0, 0:2, 1:4] of 1×1×6×8, the rest is padding\n"))
    #expect(output.output.contains("window x[0, 0, 1:4:2, 2:6:3] of 1×1×6×8\n"))
    #expect(output.output.contains("the largest of the window, at row 1, column 3\n"))
  }

  @Test func `26: explain of what was made of a temporary says where it looked, and how to keep it`() throws {
    let session = session(
      "x = reshape(arange(96), 1, 6, 4, 4);", "input = 1;", "y = maxpool(relu(x) * 2, 2);",
      "explain y[0, 1, 1, 0]")
    let lines = output.output.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["y[0, 1, 1, 0] = 58", "window input[0, 1, 2:4, 0:2] of 1×6×4×4"])
    #expect(lines.suffix(2) == ["  t = relu(x) * 2", "  y = maxpool(t, 2)"])
    // What it says to type gives the whole answer.
    for line in lines.suffix(2) + ["explain y[0, 1, 1, 0]"] { _ = session.enter(line) }
    #expect(output.output.contains("  56 58\nthe largest of the window, at row 3, column 1\n"))
    #expect(output.diagnostics == "")
  }

  @Test func `26: explain of an expression without a name offers names for all of it`() {
    _ = session("explain(maxpool(ones(1, 4, 4) + 1, 2)[0, 1, 1])")
    #expect(output.output.hasSuffix("\n  input = ones(1, 4, 4) + 1\n  y = maxpool(input, 2)\n"))
  }

  @Test func `26: explain shows the kernel where the input is gone, and names an input that has changed`() {
    _ = session(
      "x = ones(1, 5, 4, 4);", "y = conv2d(x, ones(1, 5, 3, 3)) |> relu;", "x = x + 1;",
      "explain y[0, 0, 0, 0]")
    let lines = output.output.split(separator: "\n").map(String.init)
    #expect(lines[1] == "window x[0, 0:5, 0:3, 0:3] of 1×5×4×4")
    #expect(lines[2] == "  kernel  c0  1 1 1" && lines[5] == "          c1  1 1 1")
    #expect(lines.contains("… and 1 more channel") && lines.contains("Σ input × kernel + bias 0 → relu = 45"))
    #expect(lines.last == "x has changed since: its values are not what y was made of.")
  }

  @Test func `26: show draws a picture with its scale`() {
    _ = session("show reshape(arange(0, 64), 8, 8)")
    #expect(output.output.contains("0 → black, 63 → white"))
    #expect(output.output.split(separator: "\n").count > 4)
  }

  @Test func `26: trace tells how a tensor came to be`() throws {
    _ = convolved("z = relu(y);", "trace z")
    let lines = output.output.split(separator: "\n").map(String.init)
    let order = ["= relu(y)", "= conv2d(x, w)", "= reshape(arange(1, 33), 1, 2, 4, 4)", "= ones(1, 2, 3, 3)"]
    let places = try order.map { part in try #require(lines.firstIndex { $0.contains(part) }, "\(part)") }
    #expect(places[0] < places[1] && places[1] < places[2] && places[1] < places[3])
    #expect(lines[0].contains("N1 C1 H2 W2") && lines[0].contains("line 4"))
  }

  @Test func `26: plan tells shapes and cost and allocates nothing`() throws {
    let run = try ProgramRun(
      ["--max-mem", "1M", "-e", "plan(conv2d(zeros(64, 64, 512, 512), ones(512, 64, 31, 31)))"])
    #expect(run.code == 0, "\(run.diagnostics)")
    #expect(run.output.contains("N64 C512 H482 W482") && run.output.contains("28.4 GiB"))
    _ = session("plan conv2d(zeros(1, 2, 8, 8), ones(4, 3, 3, 3))")
    #expect(output.diagnostics.contains("the input has 2 channels, the kernel wants 3"))
  }

  @Test func `26: diff tells the largest difference and where it is`() {
    _ = session("a = zeros(2, 3);", "b = zeros(2, 3);", "b[1, 2] = -4;", "diff a, b", "diff(a, a)")
    let lines = output.output.split(separator: "\n").map(String.init)
    #expect(lines[0].contains("4 at [1, 2]"))
    #expect(lines.count == 2 && !lines[1].contains(" at "))
  }

  @Test func `26: The forms without parentheses work at the prompt`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"], columns: 100, rows: 30)
    convo.expect("> ")
    convo.type("x = reshape(arange(1, 33), 1, 2, 4, 4)\rw = ones(1, 2, 3, 3)\ry = conv2d(x, w)\r")
    for (line, answer) in [
      ("explain y[0, 0, 0, 1]", "= 270"), ("show y", "1 px"), ("trace y", "= conv2d(x, w)"),
      ("plan conv2d(x, w)", "gives N1 C1 H2 W2"), ("diff y, y + 1", "largest |a − b| = 1 at [0, 0, 0, 0]"),
    ] {
      convo.type(line + "\r")
      convo.expect(answer)
    }
    #expect(!convo.transcript.contains("error"))
    // In a script they are an error that shows the form of a call.
    let run = try ProgramRun(["-e", "y = zeros(2)\ntrace y"])
    #expect(run.code == 1 && run.diagnostics.contains("trace(y)"))
  }
}
