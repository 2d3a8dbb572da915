import ConvoInterpreter
import Testing

@testable import ConvoShell

/// Sessions at the prompt that pages show: lines after `> ` are typed, and what stands between them is the answer,
/// without the times. `RECORD=1 swift test --filter TranscriptTests` writes the answers anew.
@Suite struct TranscriptTests {
  static let pages = ["README.md"]

  @Test(arguments: pages) func everyAnswerIsWhatThePageSays(path: String) throws {
    var page = try #require(ProjectFiles.text(path))
    let blocks = DocumentBlock.all(in: page, language: "console")
    #expect(!blocks.isEmpty)
    for block in blocks {
      let transcript = Self.transcript(of: block.code)
      if ProjectFiles.isRecording {
        page.replace(block.code, with: transcript)
      } else {
        #expect(transcript == block.code, "\(path):\(block.line)")
      }
    }
    if ProjectFiles.isRecording { #expect(ProjectFiles.write(page, to: path)) }
  }

  /// Types the inputs of a transcript into a new session.
  static func transcript(of text: String) -> String {
    let sink = CapturedOutput()
    let session = Session(sink: sink, appearance: Appearance(columns: 96))
    session.evaluator.directory = ProjectFiles.root
    var result = ""
    var number = 0
    for line in text.split(separator: "\n") where line.hasPrefix("> ") {
      number += 1
      let (output, diagnostics) = (sink.output.count, sink.diagnostics.count)
      let input = line.dropFirst(2) + "\n"
      _ = session.feed(Array(input.utf8), name: "repl", mode: .prompt, firstLine: number)
      let answer = sink.output.dropFirst(output) + sink.diagnostics.dropFirst(diagnostics)
      result += line + "\n" + withoutTimes(String(answer))
    }
    return result
  }

  /// `v  N1 C1 H378 W510 …   489 µs` and `12.4 ms · 2 threads`: no two runs take the same time.
  private static func withoutTimes(_ text: String) -> String {
    var result = ""
    for line in text.split(separator: "\n") where line.wholeMatch(of: #/[0-9.]+ m?s · .*threads?/#) == nil {
      result += line.replacing(#/ +[0-9.]+ (µs|ms)$/#, with: "") + "\n"
    }
    return result
  }
}
