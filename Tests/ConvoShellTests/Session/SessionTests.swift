import ConvoInterpreter
import Testing

@testable import ConvoShell

struct SessionTests {
  private let output = CapturedOutput()

  private func session(_ inputs: String...) -> Session {
    let session = Session(sink: output)
    for input in inputs { _ = session.enter(input) }
    return session
  }

  @Test func `11: The prompt announces assignments, and a script does not`() {
    let session = session("a = 3", "b = zeros(2, 2);")
    _ = session.feed("c = 4", name: "x.cnn", mode: .script)
    #expect(output.output == "a      3\n")
  }

  @Test func `11: Assignments inside of blocks show no line`() {
    _ = session("for i in range(3) { a = i }", "a")
    #expect(output.output == "2\n")
  }

  @Test func `9: Check saves and prints nothing`() throws {
    let session = Session(sink: output)
    let text = Array(
      "x = zeros(1, 3, 8, 8)\ny = conv2d(x, zeros(4, 3, 3, 3))\nprint(y.shape)\nsave(y, \"/nonexistent/a.npy\")"
        .utf8)
    #expect(session.check(text, name: "a.cnn") == .finished)
    #expect(output.output == "a.cnn: the shapes of 4 statements fit\n")
  }

  @Test func `9: Check finds wrong shapes`() {
    let text = Array("x = zeros(1, 3, 8, 8)\ny = conv2d(x, zeros(4, 2, 3, 3))".utf8)
    #expect(Session(sink: output).check(text, name: "a.cnn") == .failed)
    #expect(output.diagnostics.contains(" --> a.cnn:2"))
  }

  @Test func `9: A report has the words, statements and pictures of its script`() throws {
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

  @Test func `12: Open brackets, strings and trailing operators are unfinished`() {
    let assistant = SessionAssistant(session())
    for text in ["f(", "[1,", "1 +", "\"abc", "fn f(a) {", "x |>"] {
      #expect(assistant.isUnfinished(text), "\(text)")
    }
    for text in ["1", "f(1)", ")", "show x", ":time (", "!ls ("] {
      #expect(!assistant.isUnfinished(text), "\(text)")
    }
    #expect(assistant.indentation(after: "fn f(a) {") == "  ")
    #expect(assistant.indentation(after: "\"text (") == "")
  }
}
