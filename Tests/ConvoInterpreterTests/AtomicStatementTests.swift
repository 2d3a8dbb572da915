import ConvoEngine
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// A statement that fails changes nothing, wherever in it the mistake stands.
@Suite(.serialized) struct AtomicStatementTests {
  @Test(arguments: [
    "[del(x), nope]", "del(x, nope)", "if true { del(x); nope }", "if true { set_params(c, w); nope }",
    "[set_params(c, w), nope]", "f()", "[f()]", "if true { seed(5); nope }", "[seed(5), nope]", "[rand(2), nope]",
    "for i in range(3) { x = i; if i == 2 { nope } }", "if true { c.W = zeros(2, 3); nope }", "[g(c), nope]",
    "if true { x[0] = 5; nope }", "if true { l[0] = 5; nope }", "if true { r.k = 5; nope }", "if true { r[\"n\"] = 5; nope }",
    "if true { net[0].W = zeros(2, 3); nope }", "if true { m.c.W = zeros(2, 3); nope }",
    "[threads(1), nope]", "[exact(true), nope]", "a, x = [1, nope]", "x, l = [1]", "if true { d(ones(1, 3)); nope }",
    "[d(ones(1, 3)), nope]", "while true { x = x + 1; if x[0] > 5 { nope } }", "if true { import(\"nowhere.cnn\"); x = 1 }",
    "x[0] = nope", "x[9] = 1", "c.W = zeros(9, 9)", "if true { x = 1; 3 }; nope",
    "map([1, 2], fn(i) = [set_params(c, w), seed(i), nope])", "if true { fn h() = 1; k = 3; nope }",
  ])
  func aFailedStatementChangesNothing(code: String) throws {
    let session = TestSession()
    let settings = EngineSettings.current
    defer { EngineSettings.current = settings }
    EngineSettings.current.threads = 2
    EngineSettings.current.exact = false
    try session.run(
      """
      seed(3)
      x = ones(3); l = [1, 2]; r = {k: 1}
      c = Linear(3, 2); d = Linear(none, 2); net = Sequential(Linear(3, 2)); m = {c: c}
      w = {W: ones(2, 3), b: ones(2)}
      before = [params(c), params(net), x + 0, l, r]
      fn f() { set_params(c, w); seed(9); nope }
      fn g(layer) { set_params(layer, w); 1 }
      """)
    let next = session.evaluator.random
    let names = session.evaluator.globals.names.sorted()
    // The statements before the last may succeed.
    let statements = code.split(separator: "};", maxSplits: 1).map(String.init)
    if statements.count == 2 { try session.run("x = ones(3)") }
    let last = statements.count == 2 ? String(statements[1]) : code
    #expect(session.mistake(last) != nil)
    #expect(session.evaluator.globals.names.sorted() == names)
    #expect(try session.run("[params(c), params(net), x + 0, l, r] == before") == "true")
    #expect(session.mistake("d.W") != nil)
    #expect(session.evaluator.random.seed == next.seed)
    var (one, two) = (next, session.evaluator.random)
    #expect(one.next() == two.next())
    #expect(EngineSettings.current.threads == 2 && !EngineSettings.current.exact)
  }

  /// Keys are bytes: a letter with its accent is another key than the letter and the accent.
  @Test func keysOfARecordAreBytes() throws {
    let session = TestSession()
    try session.run(#"r = {"\u{FC}": 1, "u\u{308}": 2}; r["\u{212B}"] = 3; r["\u{C5}"] = 4"#)
    #expect(try session.run("len(r)") == "4")
    #expect(try session.run(#"[r["\u{FC}"], r["u\u{308}"], r["\u{212B}"], r["\u{C5}"]]"#) == "[1, 2, 3, 4]")
    #expect(try session.run(#"{"\u{FC}": 1} == {"u\u{308}": 1}"#) == "false")
    #expect(session.mistake(#"r["A\u{30A}"]"#) != nil)
  }
}
