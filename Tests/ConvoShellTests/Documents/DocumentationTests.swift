import ConvoInterpreter
import Testing

@testable import ConvoShell

/// What the pages show is what convo does: every block of code runs, and prints what stands below it.
/// `RECORD=1 swift test --filter DocumentationTests` writes the outputs anew.
@Suite struct DocumentationTests {
  /// Pages whose ```` ```cnn ```` blocks run one after another in one session.
  static let pages = ["docs/language.md", "docs/from-pytorch.md"]

  @Test(arguments: pages) func everyBlockPrintsWhatThePageSays(path: String) throws {
    let page = try #require(ProjectFiles.text(path))
    let blocks = DocumentBlock.all(in: page, language: "cnn")
    #expect(!blocks.isEmpty)
    let folder = try Scratch()
    let sink = CapturedOutput()
    let session = Session(sink: sink)
    session.evaluator.directory = folder.path
    var outputs: [(DocumentBlock, String)] = []
    for block in blocks {
      let (output, diagnostics) = (sink.output.count, sink.diagnostics.count)
      _ = session.feed(block.code, name: "tour.cnn", mode: .script)
      let printed = String(sink.output.dropFirst(output)) + String(sink.diagnostics.dropFirst(diagnostics))
      if !ProjectFiles.isRecording { #expect(printed == block.output, "\(path):\(block.line)") }
      outputs.append((block, printed))
    }
    if ProjectFiles.isRecording {
      #expect(ProjectFiles.write(DocumentBlock.recorded(page, outputs), to: path))
    }
  }

  /// The log of a first session is typed at a prompt of 80 columns, beside the picture it is about.
  @Test func theTourIsWhatThePromptAnswers() throws {
    let path = "docs/tour.md"
    let page = try #require(ProjectFiles.text(path))
    let blocks = DocumentBlock.all(in: page, language: "cnn")
    #expect(!blocks.isEmpty)
    let sink = CapturedOutput()
    let session = Session(sink: sink, appearance: Appearance(columns: 80, rows: 24))
    session.evaluator.directory = ProjectFiles.root + "docs/examples"
    session.tellsTime = false
    var outputs: [(DocumentBlock, String)] = []
    for block in blocks {
      let (output, diagnostics) = (sink.output.count, sink.diagnostics.count)
      _ = session.enter(block.code.trimmed)
      let printed = String(sink.output.dropFirst(output)) + String(sink.diagnostics.dropFirst(diagnostics))
      if !ProjectFiles.isRecording { #expect(printed == block.output, "\(path):\(block.line)") }
      outputs.append((block, printed))
    }
    if ProjectFiles.isRecording {
      #expect(ProjectFiles.write(DocumentBlock.recorded(page, outputs), to: path))
    }
  }

  static let linkingPages = [
    "README.md", "docs/architecture.md", "docs/changelog.md", "docs/contributing.md", "docs/language.md",
    "docs/tour.md",
  ]

  @Test(arguments: linkingPages) func everyLinkLeadsToAFile(path: String) throws {
    let page = try #require(ProjectFiles.text(path))
    let folder = path.hasPrefix("docs/") ? "docs/" : ""
    let links = page.matches(of: #/\]\(([^)#]+)/#).map { String($0.1) }.filter { !$0.hasPrefix("https://") }
    #expect(!links.isEmpty)
    for link in links { #expect(ProjectFiles.exists(ProjectFiles.root + folder + link), "\(path): \(link)") }
  }

  @Test func blocksAreFoundWithTheirOutput() {
    let page =
      "text\n```cnn\na\nb\n```\n\n```text\n1\n```\n```cnn\nc\n```\nmore\n```text\nnot its output\n```\n"
    let blocks = DocumentBlock.all(in: page, language: "cnn")
    #expect(blocks.map(\.line) == [3, 11])
    #expect(blocks.map(\.code) == ["a\nb\n", "c\n"])
    #expect(blocks.map(\.output) == ["1\n", ""])
    let recorded = DocumentBlock.recorded(page, [(blocks[0], ""), (blocks[1], "2\n")])
    #expect(recorded.hasPrefix("text\n```cnn\na\nb\n```\n```cnn\nc\n```\n\n```text\n2\n```\nmore\n"))
  }
}
