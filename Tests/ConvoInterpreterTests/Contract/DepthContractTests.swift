import ConvoSyntax
import Testing

@testable import ConvoInterpreter

/// Depth and length: nothing a user types ends the session.
@Suite struct DepthContractTests {
  @Test(arguments: [
    Wrong("fn f(n) = f(n + 1)\nf(0)", "calls are nested"),
    Wrong("fn f(n) { return f(n + 1) }\nf(0)", "calls are nested"),
    Wrong("fn f(n) { if true { for i in [1] { return f(n) } } }\nf(0)", ""),
    Wrong("fn f(n) = [f(n)]\nf(0)", ""), Wrong("fn f(n) = {k: f(n)}\nf(0)", ""),
    Wrong("fn f(n) = -f(n)\nf(0)", ""), Wrong("fn f(n) = n |> f\nf(0)", ""),
    Wrong("fn f(n) = \"{f(n)}\"\nf(0)", ""), Wrong("fn f(n) = 1 + (2 * (3 - (4 / (5 + f(n)))))\nf(0)", ""),
    Wrong("fn f(n, k=f(n)) = 1\nf(0)", ""), Wrong("fn f(n) = [1, 2][f(n)]\nf(0)", ""),
    Wrong("fn f(n) = relu(f(n))\nf(0)", ""),
    Wrong("s = Sequential(relu)\nfn f(n) = Sequential(f)(n)\nf(1)", ""),
    Wrong("fn f(n) { x = zeros(2); x[f(n)] = 1 }\nf(0)", ""), Wrong("fn f(n) { while f(n) { } }\nf(0)", ""),
    Wrong("fn f(n) { m = {a: 1}; m.a = f(n) }\nf(0)", ""), Wrong("fn f(n) { a, b = f(n) }\nf(0)", ""),
    Wrong("fn f(n) = not f(n)\nf(0)", ""), Wrong("fn f(n) = true and f(n)\nf(0)", ""),
  ]) func recursionWithoutEndIsAnError(wrong: Wrong) {
    wrong.check()
  }

  @Test func recursionOfAHundredLevelsWorks() {
    Line("fn depth(n) { if n == 0 { return 0 }; 1 + depth(n - 1) }\ndepth(100)", "100").check()
  }

  @Test func aSessionGoesOnAfterARecursion() throws {
    let session = TestSession()
    try session.run("fn f(n) = f(n + 1)")
    #expect(session.mistake("f(0)") != nil)
    #expect(session.mistake("f(0)") != nil)
    #expect(try session.run("1 + 1") == "2")
  }

  @Test(arguments: [
    String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300),
    String(repeating: "[", count: 300) + String(repeating: "]", count: 300),
    String(repeating: "-", count: 300) + "1",
    String(repeating: "not ", count: 300) + "true", "x" + String(repeating: "[0]", count: 300),
    "x" + String(repeating: ".a", count: 300), "f" + String(repeating: "()", count: 300),
    String(repeating: "2**", count: 300) + "2", String(repeating: "fn() = ", count: 300) + "1",
    String(repeating: "if true { ", count: 300) + String(repeating: "}", count: 300),
    String(repeating: "{a: ", count: 300) + "1" + String(repeating: "}", count: 300),
  ]) func nestingBeyondTheLimitIsAnError(code: String) { Wrong(code, "").check() }

  @Test func aTextThatGrowsWithoutEndIsAnError() {
    Wrong("s = \"a\"\nfor i in range(60) { s = s + s }", "+: ").check()
    Wrong("range(2 ** 50) |> zip(range(2 ** 50))", "zip: ").check()
    Wrong("enumerate(range(2 ** 50))", "enumerate: ").check()
  }

  @Test func aLineOfMegabytesIsRead() throws {
    let ones = [String](repeating: "1", count: 500_000)
    #expect(try TestSession().run("x = \(ones.joined(separator: "+"))\nx") == "500000")
    #expect(try TestSession().run("x = [\(ones.joined(separator: ", "))]\nsum(x)") == "500000")
    #expect(try TestSession().run("x = \"\(String(repeating: "a", count: 2_000_000))\"\nx[-1]") == "\"a\"")
    #expect(try TestSession().run("x = 1 # \(String(repeating: "#", count: 2_000_000))\nx") == "1")
    #expect(try TestSession().run(String(repeating: "x = 1\n", count: 20_000) + "x") == "1")
    let pipes = String(repeating: " |> relu", count: 50_000)
    #expect(try TestSession().run("x = [1, 2]\(pipes)\nx") == "[1, 2]")
    let elses = String(repeating: "if false { } else ", count: 20_000)
    #expect(try TestSession().run(elses + "{ 5 }") == "5")
  }

  /// The depth is that of the deepest part, wherever it stands and however values came to stand in one another.
  @Test(arguments: [
    "x = [0]\nfor i in range(3000) { x = [[0], x] }", "x = {}\nfor i in range(3000) { x = {b: 0, a: x} }",

    "reduce(range(3000), fn(a, i) = [0, a], [])",
    "x = [1]\nfor i in range(3000) { x = map([0, 1], fn(i) = x) }",
    "x = [1]\nfor i in range(3000) { x = zip(x) }",
    "x = [0]\nfor i in range(3000) { y = [0, 0]; y[1] = x; x = y }",
    "x = {}\nfor i in range(3000) { y = {}; y.a = x; x = y }",

    "x = relu\nfor i in range(3000) { x = Sequential(abs, x) }", "for i in range(3000) { [0, _] }",
    "x = []\nfor i in range(3000) { x = append([0], x) }",
    "x = {a: 0}\nfor i in range(3000) { x = {a: items(x)} }",
  ]) func valuesNestedTooDeeplyAreAnError(code: String) {
    let message = TestSession().mistake(code)?.message
    #expect(
      message?.contains("nested deeper than \(Nesting.maximum) levels") ?? false,
      "\(code): \(message ?? "no error")")
  }

  @Test func sharedPartsAreWalkedOnce() {
    Line("x = [1]\nfor i in range(60) { x = [x, x] }\nlen(x)", "2").check()
    Line("x = {a: 1}\nfor i in range(60) { x = {a: x, b: [x]} }\nlen(x)", "2").check()
  }

  @Test func theDeepestValuesAreUsed() {
    let uses = "\nx == x\nlen(str(x)) > 0\nlen(params(x))"
    Line("x = []\nfor i in range(998) { x = [[0], x] }\(uses)", "true\ntrue\n0").check()
    Line("x = {}\nfor i in range(998) { x = {b: [0], a: x} }\(uses)", "true\ntrue\n0").check()
    Line("x = abs\nfor i in range(998) { x = Sequential(abs, x) }\nx(-1)\(uses)", "1\ntrue\ntrue\n0").check()
  }

  /// What both operands came from is told once.
  @Test func theHistoryOfATensorIsWalkedOnce() throws {
    let session = TestSession()
    try session.run("x = ones(2)\nfor i in range(22) { x = x + x }\ntrace(x)")
    guard case .lines(let lines)? = session.presenter.reports.last else {
      Issue.record("trace showed nothing")
      return
    }
    #expect(lines.count < 100)
    #expect(lines.contains { $0.hasSuffix(", as above") })
  }

  /// In a process of its own: what matters is that it lives, with an error or a result.
  @Test func valuesNestedWithoutEndNeverCrash() async {
    await #expect(processExitsWith: .success) {
      for code in [
        "x = []\nfor i in range(100000) { x = [x] }\nprint(x)",
        "x = {}\nfor i in range(100000) { x = {a: x} }\nprint(x)",
        "x = [0]\nfor i in range(100000) { x[0] = x }", "x = {}\nfor i in range(100000) { x.a = x }\nx == x",
        "x = relu\nfor i in range(100000) { x = Sequential(x) }\nx(1)",
        "x = []\nfor i in range(100000) { x = [x, x] }",
        "f = fn(x) = x\nfn wrap(g) = fn(x) = g(x)\nfor i in range(100000) { f = wrap(f) }\nf(1)",
        "fn wrap(g) = fn(x) = g[0](x)\nf = reduce(range(50000), fn(a, i) = wrap([a]), relu)\nf = 0",
        "fn wrap(g) = fn(x) = g.a(x)\nf = reduce(range(50000), fn(a, i) = wrap({b: 1, a: a}), relu)\nf = 0",
        "fn wrap(g) = fn(x) = g(x)\nf = reduce(range(50000), fn(a, i) = wrap(Sequential(a)), relu)\nf = 0",
      ] { _ = TestSession().mistake(code) }
    }
  }
}
