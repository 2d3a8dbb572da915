import ConvoEngine
import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// "A mistake never ends the session and never changes a variable."
@Suite struct FailureContractTests {
  /// Lines that fail after they have begun to change something.
  @Test(arguments: [
    "x = undefined", "x = relu(x, 2)", "for i in range(3) { x = i; undefined }",
    "if true { x = 1; l = 2; undefined }", "x, y = [1, 2, 3]", "x[0], l = [5, undefined]",
    "x[0], m.k, x[9] = [1, 2, 3]", "x[0], nothing[0] = [1, 2]", "l[0], l[9] = [7, 8]", "x[0] = undefined",
    "x[0] = [1, 2]", "x[9] = 1", "l[9] = 1", "m.k = undefined", "m.k[3] = 1", "m.t[0, 0] = 1", "m.t[0].k = 1",
    "l[1].k.j = 1",
    "l[0][0] = 1", "m.a.b = 1", "x[0].a = 1", "c.W = zeros(1)", "c.b[5] = 1", "c.W[0, 0, 0, 9] = 1",
    "c.stride = 3", "for i in range(3) { x[i] = 9 }", "for i in range(3) { c.b[i] = 9 }",
    "for i in range(9) { l[i] = 0 }", "i = 0; while true { m.k = i; i = i + 1; if i > 3 { undefined } }",
    "for i in range(3) { del(x); x }", "for i in range(2) { seed(9); undefined }", "y = rand(3) + zeros(4)",
    "for i in range(3) { i; undefined }", "lazy(zeros(1, 3, 2, 2)) + zeros(7, 7)",
    "conv2d(lazy(zeros(1, 3, 4, 4)), zeros(1, 2, 1, 1))", "s(zeros(1, 3, 4, 4)) + undefined",
    "for i in range(2) { lazy(zeros(1, 3, 2, 2)); undefined }", "lazy.W = zeros(2)", "x = print(1) + 1",
    "fn f(x) { x[0] = 3; undefined }; f(x)", "relu = 1; undefined", "if true { relu = 1; undefined }",
    "for x in [1, 2] { undefined }", "for x, l in [[1, 2], [3]] { }", "x = zeros(1e18)", "x = reshape(x, 5)",
    "m[\"k\"], m[0] = [1, 2]", "m.k, x[7] = [1, 2]", "_ = undefined",
    "for i in range(2) { _ = 3; undefined }", "s[0].b[9] = 1", "s[0] = undefined", "s[7] = relu",
    "s[0].W = zeros(3)", "e = {a: lazy(zeros(1, 3, 2, 2)), b: undefined}",
  ]) func anErrorChangesNoVariable(code: String) throws {
    let session = TestSession()
    try session.run(
      """
      x = tensor([1, 2]); l = [1, {j: 2}]; m = {k: 1, t: zeros(2)}
      c = Conv2D(1, 2, 3); lazy = Conv2D(none, 1, 1); s = Sequential(Conv2D(none, 2, 1), relu)
      42
      """)
    let before = Snapshot(session)
    // Statements before the failing one are meant to stay; only the last one may fail.
    let parts = code.split(separator: "; undefined").first.map(String.init) ?? code
    let source = SourceText(name: "test", code)
    let statements = try Parser.parse(source)
    for statement in statements.dropLast() { try session.evaluator.run(statement, in: source) }
    let between = statements.count > 1 ? Snapshot(session) : before
    #expect(throws: Diagnostic.self, "\(parts)") {
      try session.evaluator.run(statements[statements.count - 1], in: source)
    }
    #expect(Snapshot(session) == between)
  }

  /// In a process of its own, for the flag belongs to the whole process.
  @Test func anInterruptionChangesNoVariable() async {
    await #expect(processExitsWith: .success) {
      // The presenter plays the user: the third line that is printed presses Ctrl-C.
      let presenter = InterruptingPresenter(after: 3)
      let evaluator = Evaluator(presenter: presenter)
      let source = SourceText(name: "test", "x = 1\nwhile true { x = x + 1; print(x) }\n")
      let statements = try Parser.parse(source)
      try evaluator.run(statements[0], in: source)
      do {
        try evaluator.run(statements[1], in: source)
        Issue.record("the loop has no end")
      } catch Evaluator.StopReason.interrupted {}
      guard case .number(1)? = evaluator.globals["x"] else {
        Issue.record("x has changed")
        return
      }
      #expect(presenter.count == 3)
      // A wish from before a statement stops it too, until it is forgotten.
      #expect(throws: Evaluator.StopReason.self) { try evaluator.run(statements[0], in: source) }
      Cancellation.reset()
      try evaluator.run(statements[0], in: source)
    }
  }

  @Test func aFailedStatementDrawsNoRandomNumbers() throws {
    let plain = TestSession()
    let failing = TestSession()
    #expect(failing.mistake("y = rand(3) + zeros(4)") != nil)
    #expect(failing.mistake("for i in range(3) { rand(5); undefined }") != nil)
    #expect(
      try plain.run("rand(3)") == failing.run("rand(3)"), "a replay of what succeeded gives the same numbers")
  }

  @Test func moreMemoryThanTheLimitIsAnError() {
    Wrong("zeros(1000000, 1000000)", "zeros: 3.6 TiB are wanted, the limit is ").check()
    Wrong(
      "x = zeros(1e18)",
      "zeros: a tensor of shape [1000000000000000000] has more elements than can be counted"
    ).check()
  }
}

/// What a session holds, as text, with values that `==` can compare.
struct Snapshot: Equatable {
  let variables: [String: String]
  let last: String

  init(_ session: TestSession) {
    let presenter = session.presenter
    func text(_ value: Value) -> String {
      if case .layer(let layer) = value {
        let members = layer.members?.map { text($0) } ?? []
        return layer.text + layer.parameters().map { "\($0.name): \($0.tensor.toArray())" }.joined()
          + members.joined()
      }
      if case .record(let record) = value {
        return record.pairs.map { "\($0.key): \(text($0.value))" }.joined()
      }
      if case .list(let values) = value { return values.map(text).joined(separator: ",") }
      return ValueText.text(of: value, presenter)
    }
    variables = Dictionary(uniqueKeysWithValues: session.evaluator.globals.sorted).mapValues(text)
    last = text(session.evaluator.lastValue)
  }
}

/// Presses Ctrl-C when enough has been printed.
final class InterruptingPresenter: Presenter {
  var count = 0
  let limit: Int

  init(after limit: Int) { self.limit = limit }

  func echo(_ value: Value) {}
  func announce(_ name: String, _ value: Value) {}
  func write(_ line: String) {
    count += 1
    if count == limit { Cancellation.flag.pointee = 1 }
  }
  func warn(_ message: String) {}
  func text(of tensor: Tensor) -> String { "" }
  func present(_ report: Report) {}
}
