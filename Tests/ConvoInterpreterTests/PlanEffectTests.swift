import ConvoEngine
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// A plan changes nothing, whatever is planned.
@Suite(.serialized) struct PlanEffectTests {
  @Test(arguments: [
    "set_params(c, {W: ones(2, 3), b: ones(2)})", "seed(5)", "del(x)", "exit(3)", "quit()", "rand(3)",
    "threads(1)",
    "exact(true)", "save(x, \"/nonexistent/x.npy\")", "print(x)", "show(x)", "info(x)", "whos()", "trace(x)",
    "explain(y[0, 0, 0, 0])", "plan(x + 1)", "summary(c, [1, 3])", "help(relu)", "[seed(5), del(x), exit(3)]",
    "change(c)", "randn(2, 2) + rand(2, 2)", "diff(x, x)", "Linear(none, 2)(x)", "d(x)",
  ])
  func aPlanHasNoEffect(call: String) throws {
    let session = TestSession()
    let settings = EngineSettings.current
    defer { EngineSettings.current = settings }
    EngineSettings.current.threads = 2
    EngineSettings.current.exact = false
    try session.run(
      """
      seed(3)
      x = ones(1, 3)
      y = conv2d(ones(1, 1, 4, 4), ones(1, 1, 3, 3))
      c = Linear(3, 2); d = Linear(none, 2)
      before = params(c)
      fn change(m) { seed(7); del_nothing = 1; set_params(m, {W: ones(2, 3), b: ones(2)}); 1 }
      """)
    let next = session.evaluator.random
    let (names, reports) = (session.evaluator.globals.names, session.presenter.reports.count)
    try session.run("plan(\(call))")
    #expect(session.evaluator.globals.names == names)
    #expect(try session.run("params(c) == before") == "true")
    #expect(session.evaluator.random.seed == next.seed)
    #expect(session.mistake("d.W") != nil)
    var (one, two) = (next, session.evaluator.random)
    #expect(one.next() == two.next())
    #expect(EngineSettings.current.threads == 2 && !EngineSettings.current.exact)
    // Its own table, and nothing that the planned call would have shown.
    #expect(session.presenter.reports.count <= reports + 1)
    #expect(session.presenter.warnings.isEmpty)
  }
}
