import ConvoInterpreter
import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

struct SessionTests {
  private let output = CapturedOutput()

  private func session(_ inputs: String...) -> Session {
    let session = Session(sink: output)
    for input in inputs { _ = session.enter(input) }
    return session
  }

  @Test func behaviour11PromptAnnouncesAndScriptDoesNot() {
    let session = session("a = 3", "b = zeros(2, 2);")
    _ = session.feed("c = 4", name: "x.cnn", mode: .script)
    #expect(output.output == "a      3\n")
  }

  @Test func assignmentsInsideOfBlocksShowNoLine() {
    _ = session("for i in range(3) { a = i }", "a")
    #expect(output.output == "2\n")
  }

  @Test func behaviour21HelpShowsSignatureExampleAndNeighbours() {
    _ = session("?maxpool")
    #expect(output.output.contains("maxpool(x, ksize, stride=none, pad=0, dilation=1, cover_all=true)"))
    #expect(output.output.contains("  > maxpool("))
    #expect(output.output.contains("see also"))
    let again = output.output
    _ = session("maxpool?")
    _ = session("help maxpool")
    #expect(output.output == again + again + again)
  }

  @Test func behaviour21AnUnknownNameGivesTheNearest() {
    _ = session("?maxpol")
    #expect(output.diagnostics.contains("maxpool"))
  }

  @Test func behaviour22WhosListsVariablesWithTheirOriginAndATotal() {
    _ = session("x = zeros(2, 3);", "n = 5;", "whos")
    #expect(output.output.contains("x  2×3"))
    #expect(output.output.contains("zeros(2, 3)"))
    #expect(output.output.contains("24 B"))
    #expect(output.output.contains("2 variables"))
  }

  @Test func behaviour22DelSaysWhatItFreed() {
    let session = session("x = zeros(256, 256);", "n = 1;", "del x", "del n")
    #expect(output.output == "x: 256 KiB freed\nn: forgotten, no memory freed\n")
    #expect(session.evaluator.globals.lookup("x") == nil)
  }

  @Test func behaviour22WhosTakesAPattern() {
    _ = session("left = 1;", "right = 2;", "whos l*")
    #expect(output.output.contains("left"))
    #expect(!output.output.contains("right"))
  }

  @Test func behaviour22TheLastValueIsKept() {
    _ = session("6 * 7", "_ + 1", "ans + 1")
    #expect(output.output == "42\n43\n44\n")
  }

  @Test func behaviour23SaveWritesWhatSucceededAndRunGivesTheSame() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/session.cnn"
    let first = session("a = rand(4)", "b = rand(nothing)", "c = randn(3)", "show a", "whos", ":save \(path)")
    let text = try scratch.read("session.cnn")
    #expect(text == "seed(0)\na = rand(4)\nc = randn(3)\n")
    let second = Session(sink: CapturedOutput(), seed: 99)
    #expect(second.enter(":run \(path)") == .finished)
    for name in ["a", "c"] {
      guard case .tensor(let one)? = first.evaluator.globals.lookup(name),
        case .tensor(let other)? = second.evaluator.globals.lookup(name)
      else {
        Issue.record("\(name) is missing")
        continue
      }
      #expect(one.toArray() == other.toArray())
    }
  }

  @Test func behaviour23TimeAndBench() {
    let session = session("seed(3);", ":time zeros(2)", ":bench rand(10)")
    #expect(output.output == "[0, 0]\n")
    #expect(output.diagnostics.contains("µs"))
    #expect(output.diagnostics.contains("median"))
    // Measuring draws no random numbers.
    _ = session.enter("a = rand(2);")
    let other = Session(sink: CapturedOutput(), seed: 3)
    _ = other.enter("a = rand(2);")
    guard case .tensor(let one)? = session.evaluator.globals.lookup("a"),
      case .tensor(let two)? = other.evaluator.globals.lookup("a")
    else { return }
    #expect(one.toArray() == two.toArray())
  }

  @Test func behaviour23SetKeysAndUnknownCommands() {
    _ = session(":set seed 5", "seed()", ":keys", ":tiem 1")
    #expect(output.output.hasPrefix("5\n"))
    #expect(output.output.contains("Ctrl-R"))
    #expect(output.output.contains(":bench EXPR"))
    #expect(output.diagnostics.contains("error: there is no command :tiem"))
    #expect(output.diagnostics.contains("did you mean :time?"))
  }

  @Test func behaviour25AnErrorChangesNoVariable() {
    let session = session("a = 1;", "a, b = [2, 3, 4]", "if true { a = 9; nothing }", "a")
    #expect(output.output == "1\n")
    #expect(session.evaluator.globals.lookup("b") == nil)
  }

  @Test func behaviour26CommandsNeedNoParentheses() {
    _ = session(
      "x = ones(1, 1, 4, 4);", "y = maxpool(x, 2)", "show x", "trace y", "plan conv2d(x, ones(2,1,3,3))")
    #expect(output.diagnostics == "")
    #expect(output.output.contains("H2 W2"))
  }

  @Test func behaviour9CheckRunsNothing() throws {
    let session = Session(sink: output)
    let text = Array(
      "x = zeros(1, 3, 8, 8)\ny = conv2d(x, zeros(4, 3, 3, 3))\nprint(y.shape)\nsave(y, \"/nonexistent/a.npy\")"
        .utf8)
    #expect(session.check(text, name: "a.cnn") == .finished)
    #expect(output.output == "a.cnn: the shapes of 4 statements fit\n")
  }

  @Test func behaviour9CheckFindsWrongShapes() {
    let text = Array("x = zeros(1, 3, 8, 8)\ny = conv2d(x, zeros(4, 2, 3, 3))".utf8)
    #expect(Session(sink: output).check(text, name: "a.cnn") == .failed)
    #expect(output.diagnostics.contains(" --> a.cnn:2"))
  }

  @Test func behaviour9AReportIsTheSameEachRun() throws {
    let scratch = try Scratch()
    let text = Array(
      "# A heading ----\n#\n# Words.\n\nx = rand(8, 9)\nshow(x)\nx[0, 0]\nplot(x[0], title=\"A [row]\")\n"
        .utf8)
    func run() throws -> (String, String) {
      let writer = ReportWriter(folder: scratch.path, seed: 1, arguments: [], sink: output)
      #expect(writer.run(text, name: "tale.cnn") == .finished)
      return (try scratch.read("report.md"), try scratch.read("01-picture.png"))
    }
    let first = try run()
    #expect(try run() == first)
    #expect(first.0.hasPrefix("# tale.cnn\n\n## A heading\n\nWords.\n\n```cnn\nx = rand(8, 9)\n```\n"))
    #expect(first.0.contains("![picture 8×9](01-picture.png)"))
    #expect(first.0.contains("```\n\n![A  row ](02-chart.png)"))
    #expect(try scratch.read("02-chart.png").utf8.count > 1000)
  }
}

struct CompleterTests {
  private let session = Session(sink: CapturedOutput())

  private func candidates(_ before: String) -> [String] {
    Completer(session: session).completion(before).candidates
  }

  @Test func behaviour15NamesKeywordsAndVariables() {
    _ = session.enter("maximal = 1;")
    #expect(candidates("maxim") == ["maximal", "maximum"])
    #expect(candidates("y = x |> maxpo") == ["maxpool"])
    #expect(candidates("contin") == ["continue"])
    #expect(candidates("zzz").isEmpty)
  }

  @Test func behaviour15AttributesAndKeys() {
    _ = session.enter("m = {weight: 1, \"a b\": 2}; c = Conv2D(1, 1, 3);")
    #expect(candidates("m.we") == ["weight"])
    #expect(candidates("m[\"a") == ["a b"])
    #expect(candidates("c.str") == ["stride"])
    #expect(candidates("print(c.W.sh").isEmpty || candidates("print(c.W.sh") == ["shape"])
  }

  @Test func behaviour15ArgumentsAndSignature() {
    #expect(candidates("conv2d(x, W, dil") == ["dilation="])
    let note = Completer(session: session).completion("conv2d(").note?.string ?? ""
    #expect(note.hasPrefix("conv2d(x, W, b=none"))
    #expect(candidates("f(\"") != ["dilation="])
  }

  @Test func behaviour15Paths() throws {
    let scratch = try Scratch()
    try scratch.write("picture.png", "")
    try scratch.write("plain.txt", "")
    #expect(candidates("load(\"\(scratch.path)/pi") == ["\(scratch.path)/picture.png"])
    #expect(candidates(":run \(scratch.path)/pla") == ["\(scratch.path)/plain.txt"])
    #expect(candidates("load(\"/nonexistent/").isEmpty)
  }

  @Test func behaviour15Commands() {
    #expect(candidates(":be") == [":bench"])
  }

  @Test func behaviour12WhatIsUnfinished() {
    let assistant = SessionAssistant(session)
    for text in ["f(", "[1,", "1 +", "\"abc", "fn f(a) {", "x |>"] {
      #expect(assistant.isUnfinished(text), "\(text)")
    }
    for text in ["1", "f(1)", ")", "show x", ":time (", "!ls ("] {
      #expect(!assistant.isUnfinished(text), "\(text)")
    }
    #expect(assistant.indentation(after: "fn f(a) {") == "  ")
    #expect(assistant.indentation(after: "\"text (") == "")
  }

  @Test func behaviour18HighlightingKeepsTheText() {
    let assistant = SessionAssistant(session)
    for text in ["relu(\"a {x} b\") # c", "1 + )", "\"open", "日本 = 0xff\n  |> f", ""] {
      #expect(assistant.highlighted(text, cursor: 0).string == text)
    }
    let styled = assistant.highlighted("relu(]", cursor: 0)
    #expect(styled.runs.first?.style == Style(.theme(6)))
    #expect(styled.runs.last?.style == Style(.theme(1), bold: true))
  }
}
