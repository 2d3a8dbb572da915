import ConvoSyntax
import Testing

@testable import ConvoInterpreter

/// A piece of a program and what it prints.
struct Line: Sendable, CustomTestStringConvertible {
  let code: String
  let output: String

  init(_ code: String, _ output: String) {
    self.code = code
    self.output = output
  }

  var testDescription: String { code }

  /// Runs the code in a session of its own.
  func check(_ location: SourceLocation = #_sourceLocation) {
    let session = TestSession()
    do {
      let found = try session.run(code)
      #expect(found == output, "\(code)", sourceLocation: location)
    } catch {
      Issue.record(
        "\(code) failed: \(session.mistake(code)?.message ?? "\(error)")", sourceLocation: location)
    }
  }
}

/// A piece of a program that must fail, with the beginning of its message and, where it matters, a line of its help.
struct Wrong: Sendable, CustomTestStringConvertible {
  let code: String
  let message: String
  let help: String?

  init(_ code: String, _ message: String, help: String? = nil) {
    self.code = code
    self.message = message
    self.help = help
  }

  var testDescription: String { code }

  /// Runs the code in a session of its own.
  func check(_ location: SourceLocation = #_sourceLocation) {
    guard let diagnostic = TestSession().mistake(code) else {
      Issue.record("\(code) must fail", sourceLocation: location)
      return
    }
    #expect(
      diagnostic.message.hasPrefix(message), "\(code) gave: \(diagnostic.message)", sourceLocation: location)
    for label in diagnostic.labels {
      #expect(
        label.span.start >= 0 && label.span.start <= label.span.end
          && label.span.end <= diagnostic.source.bytes.count, "\(code): a label beyond the source",
        sourceLocation: location)
    }
    if let help {
      let helps = diagnostic.helps.map(\.text)
      #expect(helps.contains(help), "\(code) helps with \(helps)", sourceLocation: location)
    }
  }
}
