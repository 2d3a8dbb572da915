import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Keeps what a session would show.
final class TestPresenter: Presenter {
  var lines: [String] = []
  var warnings: [String] = []
  var reports: [Report] = []

  func echo(_ value: Value) { lines.append(ValueText.nested(value, self)) }
  func announce(_ name: String, _ value: Value) { lines.append("\(name): \(value.brief)") }
  func write(_ line: String) { lines.append(line) }
  func warn(_ message: String) { warnings.append(message) }
  func text(of tensor: Tensor) -> String {
    TensorText.isShort(tensor) ? TensorText.elements(of: tensor) : "tensor \(tensor.axesText)"
  }
  func present(_ report: Report) { reports.append(report) }
}

/// A session whose output is looked at.
struct TestSession {
  let presenter = TestPresenter()
  let evaluator: Evaluator

  init(directory: String = "") {
    MemoryBudget.limit = min(MemoryBudget.limit, 1 << 30)
    evaluator = Evaluator(presenter: presenter)
    evaluator.directory = directory
  }

  /// Runs a text; gives what it printed, lines joined.
  @discardableResult
  func run(_ text: String) throws -> String {
    let before = presenter.lines.count
    let source = SourceText(name: "test", text)
    for statement in try Parser.parse(source) { try evaluator.run(statement, in: source) }
    return presenter.lines[before...].joined(separator: "\n")
  }

  /// Runs a text that must fail; gives the diagnostic.
  func mistake(_ text: String) -> Diagnostic? {
    do {
      try run(text)
      return nil
    } catch let error as Diagnostic {
      return error
    } catch {
      return nil
    }
  }
}
