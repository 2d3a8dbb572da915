import Testing

@testable import ConvoShell

/// The numbered behaviour 15: the Tab key.
@Suite(.serialized) struct CompletionTests {
  private let session = Session(sink: CapturedOutput())

  private func candidates(_ before: String) -> [String] {
    Completer(session: session).completion(before).candidates
  }

  @Test func `15: Names, keywords and variables are completed`() {
    _ = session.enter("maximal = 1;")
    #expect(candidates("maxim") == ["maximal", "maximum"])
    #expect(candidates("y = x |> maxpo") == ["maxpool"])
    #expect(candidates("contin") == ["continue"])
    #expect(candidates("zzz").isEmpty)
  }

  @Test func `15: Attributes and record keys are completed`() {
    _ = session.enter("m = {weight: 1, \"a b\": 2}; c = Conv2D(1, 1, 3); r = {inner: c};")
    #expect(candidates("m.we") == ["weight"])
    #expect(candidates("m[\"a") == ["a b"])
    #expect(candidates("c.str") == ["stride"])
    #expect(candidates("print(c.W.sh") == ["shape"])
    #expect(candidates("r.inner.pa") == ["pad"])
  }

  @Test func `15: Keyword arguments are completed, and the signature is told`() {
    #expect(candidates("conv2d(x, W, dil") == ["dilation="])
    let note = Completer(session: session).completion("conv2d(").note?.string ?? ""
    #expect(note.hasPrefix("conv2d(x, W, b=none"))
    #expect(candidates("f(\"") != ["dilation="])
    _ = session.enter("fn half(value, depth=2) = value / depth")
    #expect(candidates("half(1, dep") == ["depth="])
  }

  @Test func `15: Paths are completed inside a string`() throws {
    let scratch = try Scratch()
    try scratch.write("picture.png", "")
    try scratch.write("plain.txt", "")
    scratch.makeFolder("pixels")
    #expect(candidates("load(\"\(scratch.path)/pic") == ["\(scratch.path)/picture.png"])
    #expect(candidates("load(\"\(scratch.path)/pix") == ["\(scratch.path)/pixels/"])
    #expect(candidates(":run \(scratch.path)/pla") == ["\(scratch.path)/plain.txt"])
    #expect(candidates("load(\"/nonexistent/").isEmpty)
  }

  @Test func `15: Commands are completed`() {
    #expect(candidates(":be") == [":bench"])
    #expect(candidates(":time maxpo") == ["maxpool"])
  }

  // MARK: On a terminal

  @Test func `15: Tab completes what is typed`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("image = zeros(2, 3); r = {left: 20, \"long key\": 22};\r")
    convo.expect("> ")
    convo.type("ima\t.sh\t\r")
    convo.expect("\n[2, 3]\r\n")
    convo.type("shape(maxpool(zeros(1,1,4,4), 2, stri\t1))\r")
    convo.expect("\n[1, 1, 3, 3]\r\n")
    convo.type("r.le\t + r[\"lo\t\"]\r")
    convo.expect("\n42\r\n")
  }

  @Test func `15: Of several the common prefix is typed, then they are listed, of none nothing`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["NO_COLOR": "1"])
    convo.expect("> ")
    convo.type("sobelx = 1; sobely = 2;\r")
    convo.expect("> ")
    convo.type("sob\t")
    convo.expectScreen("the common prefix") { $0.text.hasSuffix("\n> sobel") }
    convo.type("\t")
    convo.expectScreen("the list and the line") { $0.text.hasSuffix("\n> sobel\nsobelx  sobely\n> sobel") }
    convo.type("y\t\r")
    convo.expect("\n2\r\n")
    convo.type("zzz\t\t")
    _ = convo.settle()
    #expect(convo.screen.text.hasSuffix("\n2\n> zzz"))
  }

  @Test func `15: Tab after a parenthesis prints the signature below and draws the line again`() throws {
    let convo = try TerminalProcess(["-q"])
    convo.expect("> ")
    convo.type("y = conv2d(\t")
    convo.expectScreen("the signature between two lines") {
      $0.lines[0] == "> y = conv2d("
        && $0.lines[1].hasPrefix("conv2d(x, W, b=none, stride=1, pad=0, dilation=1, groups=1)")
        && $0.lines.contains { $0 == "> y = conv2d(" } && $0.column == 13
    }
  }
}
