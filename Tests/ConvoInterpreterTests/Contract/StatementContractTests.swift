import ConvoEngine
import ConvoSyntax
import Testing

@testable import ConvoInterpreter

/// "Statements": assignment, functions, loops, what prints and what is silent.
@Suite struct StatementContractTests {
  @Test(arguments: [
    Line("x = 3\nx", "3"), Line("a, b = [1, 2]\nprint(a, b)", "1 2"),
    Line("a, b = tensor([[1, 2], [3, 4]])\nb", "[3, 4]"),
    Line("a, b, c = range(3)\nc", "2"), Line("v, i = topk([3, 9, 5], 2)\nprint(v, i)", "[9, 5] [1, 2]"),
    Line("x = zeros(2)\nx[0], y = [5, 6]\nprint(x, y)", "[5, 0] 6"),
    Line("fn double(a) = a * 2\ndouble(4)", "8"),
    Line("fn f(a) {\n  b = a + 1\n  return b * 2\n  5\n}\nf(1)", "4"),
    Line("fn f(a) {\n  b = a + 1\n  b * 2\n}\nf(1)", "4"),
    Line("fn f() { }\nprint(f())", "none"), Line("fn f() { return }\nprint(f())", "none"),
    Line("fn f() { 1; 2; }\nf()", "2"), Line("g = fn(x) = x + 1\ng(1)", "2"),
    Line("g = fn(x) { y = x; y + 1 }\ng(1)", "2"),
    Line("fn f(x) { if x > 0 { return \"up\" }; \"down\" }\nprint(f(1), f(0))", "up down"),
    Line("fn f(x) { if x { 1 } else { 2 } }\nprint(f(true), f(false))", "1 2"),
    Line("if 1 > 2 { 1 } else if 2 > 1 { 2 } else { 3 }", "2"), Line("if 0 { 1 }\nelse { 2 }", "2"),
    Line("if none { 1 } else { 2 }", "2"), Line("if \"\" { 1 } else { 2 }", "2"),
    Line("if [] { 1 } else { 2 }", "2"), Line("if [0] { 1 } else { 2 }", "1"),
    Line("for v in [1, 2] { v }", "1\n2"), Line("for v in tensor([[1, 2], [3, 4]]) { v }", "[1, 2]\n[3, 4]"),
    Line("for v in tensor([5, 6]) { v }", "5\n6"), Line("for i in range(3) { i }", "0\n1\n2"),
    Line("for i in range(0) { i }", ""),
    Line("for a, b in [[1, 2], [3, 4]] { print(a, b) }", "1 2\n3 4"),
    Line("for k in {a: 1, b: 2} { k }", "\"a\"\n\"b\""),
    Line("for i in range(5) { if i == 1 { continue }; if i == 3 { break }; i }", "0\n2"),
    Line("i = 0\nwhile i < 3 { i = i + 1 }\ni", "3"),
    Line("i = 0\nwhile true { i = i + 1; if i > 4 { break } }\ni", "5"),
    Line("for i in range(2) { for j in range(2) { if j == 1 { break }; print(i, j) } }", "0 0\n1 0"),
    Line("x = 1\nfor i in range(3) { x = x * 2 }\nx", "8"), Line("for i in range(3) { }\ni", "2"),
    Line("l = [1, 2]\nfor v in l { l = [] }\nl", "[]"),
    Line("fn f(n) { for i in range(n) { if i == 3 { return i } }; none }\nf(10)", "3"),
    Line("fn fact(n) { if n <= 1 { return 1 }; n * fact(n - 1) }\nfact(10)", "3628800"),
    Line(
      "fn even(n) { if n == 0 { return true }; odd(n - 1) }\nfn odd(n) { if n == 0 { return false }; even(n - 1) }\neven(10)",
      "true"),
    Line("k = 10\nfn f(x) = x + k\nk = 20\nf(1)", "21"),
    Line("k = 10\nfn f() { k = 5; k }\nprint(f(), k)", "5 10"),
    Line("fn adder(k) = fn(x) = x + k\nadd3 = adder(3)\nadd3(4)", "7"),
    Line("fn f(relu) = relu + 1\nf(1)", "2"),
    Line("relu = 5\nrelu + 1", "6"), Line("relu = 5\ndel(relu)\nrelu(-1)", "0"),
    Line("x = 5\nx |> print", "5"), Line("fn f() { 5 }\nx = f()\n", ""),
    Line("fn f() { print(1); 2 }\nf();", "1"),
  ]) func statements(line: Line) { line.check() }

  @Test(arguments: [
    Line("3\n_", "3\n3"), Line("3\nans + 1", "3\n4"), Line("3;\n_", "3"), Line("3\nnone\n_", "3\n3"),
    Line("3\nx = 4\n_", "3\n3"), Line("print(1)\n3\nprint(2)\n_", "1\n3\n2\n3"),
    Line("for i in range(3) { i }\n_", "0\n1\n2\n2"),
  ]) func theLastValueIsKept(line: Line) { line.check() }

  @Test(arguments: [
    Wrong("a, b = [1, 2, 3]", "2 names are assigned, but there are 3 values"),
    Wrong("a, b = 5", "2 names are assigned, but 5 cannot be taken apart"),
    Wrong("for i in 5 { }", "for: 5 has no elements to go through"),
    Wrong("for a, b in [[1, 2], [3]] { }", "2 names are assigned, but there are 1 values"),
    Wrong("fn f() { g = 1; h }\nf()", "h is not a variable"),
    Wrong(
      "x = zeros(2)\nfn f() { x[0] = 1 }\nf()",
      "x belongs to the session; a function changes only its own variables"),
    Wrong("f() = 3", "a call cannot be assigned to", help: "fn f() = 3"), Wrong("1 = x", "only a name"),
    Wrong("a = b = 3", "a statement has only one `=`"), Wrong("if x = 3 { }", "`=` assigns"),
    Wrong("del(nothing)", "del: nothing is not a variable"),
    Wrong("fn f(n) = f(n + 1)\nf(0)", "calls are nested"),
    Wrong("fn f(n) { g(n) }\nfn g(n) { [f(n)] }\nf(0)", ""),
  ]) func mistakes(wrong: Wrong) { wrong.check() }

  @Test func aWarningTellsOfAHiddenBuiltinOnlyAtThePrompt() throws {
    let session = TestSession()
    try session.run("relu = 1")
    #expect(session.presenter.warnings.isEmpty)
    session.evaluator.announcesAssignments = true
    try session.run("tanh = 1")
    #expect(session.presenter.warnings.count == 1)
    #expect(session.presenter.lines == ["tanh: 1"])
    try session.run("x = 2;")
    #expect(session.presenter.lines == ["tanh: 1"], "a semicolon silences")
  }

  @Test func randomNumbersBeginAtTheSeed() throws {
    let first = TestSession()
    let second = TestSession()
    let text = "seed(3)\nprint(rand(4), randn(4), Conv2D(2, 2, 1).W)"
    #expect(try first.run(text) == second.run(text))
    #expect(try first.run("seed(3)\na = rand(4)\nb = rand(4)\nall(a == b)") == "false")
    #expect(try first.run("seed()") == "3")
  }

  @Test func rangesAreMadeAsTheyAreNeeded() throws {
    let text = "for i in range(9007199254740992) { if i == 2 { break }; i }"
    #expect(try TestSession().run(text) == "0\n1")
  }
}
