import ConvoSyntax
import Testing

@testable import ConvoInterpreter

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Scripts with what they show. `RECORD=1 swift test --filter Golden` rewrites the expectations; review the diff as code.
@Suite struct GoldenTests {
  static let folder = TestFile.path(beside: #filePath, "../Golden")

  @Test(arguments: TestFile.names(in: folder, suffix: ".cnn")) func scriptShowsWhatIsExpected(name: String) {
    let script = Self.folder + "/" + name
    let expectation = script.dropLast(4) + ".expected"
    let found = Self.transcript(of: TestFile.read(script), name: name)
    if getenv("RECORD") != nil { TestFile.write(found, to: String(expectation)) }
    let expected = TestFile.read(String(expectation))
    #expect(!expected.isEmpty, "no expectation is recorded")
    for (index, pair) in zip(lines(found), lines(expected)).enumerated() {
      #expect(pair.0 == pair.1, "\(name), line \(index + 1) of what it shows")
    }
    #expect(lines(found).count == lines(expected).count)
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Runs the parts of a script, which blank lines separate, in one session; an error ends only its part.
  static func transcript(of text: String, name: String) -> String {
    let session = TestSession()
    var result = ""
    for part in parts(of: text) {
      result += part.split(separator: "\n").map { "> \($0)\n" }.joined()
      let shown = session.presenter.lines.count
      let warned = session.presenter.warnings.count
      var mistake: Diagnostic?
      do { try session.run(part) } catch let error as Diagnostic { mistake = error } catch {
        result += "stopped\n"
      }
      for line in session.presenter.lines[shown...] { result += line + "\n" }
      for warning in session.presenter.warnings[warned...] { result += "warning: \(warning)\n" }
      if let mistake { result += render(mistake) }
      result += "\n"
    }
    return result
  }

  private static func parts(of text: String) -> [String] {
    var parts: [String] = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty { parts.append("") } else { parts[parts.count - 1] += line + "\n" }
    }
    return parts.filter { !$0.isEmpty }
  }

  /// A diagnostic as data: message, places, notes, helps.
  private static func render(_ diagnostic: Diagnostic) -> String {
    var text = "error: \(diagnostic.message)\n"
    for label in diagnostic.labels {
      let place = diagnostic.source.location(of: label.span.start)
      let code = diagnostic.source.text(of: label.span)
      text += "  \(place.line):\(place.column + 1) `\(code)`\(label.text.isEmpty ? "" : "  \(label.text)")\n"
    }
    for note in diagnostic.notes { text += "  note: \(note)\n" }
    for help in diagnostic.helps {
      text += "  help: \(help.text)\(help.remark.map { "   gives \($0)" } ?? "")\n"
    }
    if diagnostic.isIncomplete { text += "  (unfinished)\n" }
    return text
  }
}
