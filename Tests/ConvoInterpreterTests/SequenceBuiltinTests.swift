import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Lists, records and text: what scripts do beside tensors.
@Suite struct SequenceBuiltinTests {
  static let lines = [
    // Text and numbers.
    Line("print(number(\"-.5\"), number(\"+7\"), number(\"3.\"), number(\"1E2\"))", "-0.5 7 3 100"),
    Line(
      "print(number(\"NaN\"), number(\"-INF\"), number(\"-0x10\"), number(true), number(4))",
      "nan -inf -16 1 4"),
    Line("x = 1 / 7\nnumber(str(x))", "0.142857"),
    Line("number(\"\\t 12 \\n\") + number(\"9007199254740993\") * 0", "12"),
    Line("int(1e300) == 1e300", "true"), Line("int(-0.5)", "0"), Line("int(true)", "1"),
    Line("replace(\"aaa\", \"aa\", \"b\")", "\"ba\""), Line("replace(\"x\", \"y\", \"\")", "\"x\""),
    Line("trim(\"\\n\") + trim(\"\") + trim(\"a\")", "\"a\""),
    Line("starts_with(\"ab\", \"\") == ends_with(\"ab\", \"\")", "true"),
    Line("starts_with(\"a\", \"ab\") == ends_with(\"b\", \"ab\")", "true"),
    Line(
      "print(find(\"👩‍🚀x\", \"x\"), find(\"abcabc\", \"ca\"), find(\"a\", \"\"), find(\"\", \"a\"))", "1 2 0 -1"
    ),
    Line("upper(\"é\") + lower(\"É\")", "\"Éé\""),
    // Lists.
    Line("l = [1]\nm = append(l, 2, [3])\nprint(l, m)", "[1] [1, 2, [3]]"),
    Line("append(range(2))", "[0, 1]"), Line("extend([])", "[]"),
    Line("extend([1], tensor([2, 3]), {a: 1})", "[1, 2, 3, \"a\"]"),
    Line("extend([], zeros(2, 2))", "[[0, 0], [0, 0]]"),
    Line("repeat([], 1e9)", "[]"), Line("repeat([1], 0)", "[]"), Line("repeat(range(2), 2)", "[0, 1, 0, 1]"),
    Line("reverse(range(3))", "[2, 1, 0]"), Line("reverse([])", "[]"),
    Line("reverse(tensor([[1, 2], [3, 4]]))", "[[3, 4],\n [1, 2]]"),
    Line("sort([\"b\", \"a\", \"B\"])", "[\"B\", \"a\", \"b\"]"), Line("sort([])", "[]"),
    Line("sort([0 / 0, 2, 1])", "[1, 2, nan]"),
    Line("sort([0 / 0, 2, 1], descending=true)", "[2, 1, nan]"),
    Line("sort([[2, \"a\"], [1, \"b\"], [1, \"a\"]])", "[[1, \"a\"], [1, \"b\"], [2, \"a\"]]"),
    Line("sort([[1, 2], [1]])", "[[1], [1, 2]]"), Line("sort(range(3), descending=true)", "[2, 1, 0]"),
    Line("sort([\"bb\", \"a\", \"cc\", \"d\"], by=len)", "[\"a\", \"d\", \"bb\", \"cc\"]"),
    Line("sort([\"bb\", \"a\", \"cc\", \"d\"], by=len, descending=true)", "[\"bb\", \"cc\", \"a\", \"d\"]"),
    Line("sort([relu, tanh], by=fn(f) = str(f)) == [relu, tanh]", "true"),
    Line(
      "x = sort(range(1000), by=fn(i) = i * 7 % 1000)\nprint(x[1] * 7 % 1000, x[999] * 7 % 1000)", "1 999"),
    Line("sort(tensor([3, 1, 2]))", "[1, 2, 3]"),
    Line("unique([])", "[]"), Line("unique([0 / 0, 0 / 0, 0, -0])", "[nan, 0]"),
    Line("unique([1, true, \"1\", [1], [1], none, none])", "[1, true, \"1\", [1], none]"),
    Line("unique(tensor([2, 0, 2]))", "[2, 0]"),
    // Records.
    Line(
      "r = {b: 1, a: 2}\nprint(keys(r), values(r), items(r))",
      "[\"b\", \"a\"] [1, 2] [[\"b\", 1], [\"a\", 2]]"),
    Line("keys({})", "[]"),
    Line("remove({a: 1, b: 2}, [\"a\", \"b\"])", "{}"), Line("r = {a: 1}\ns = remove(r, \"a\")\nr", "{a: 1}"),
    Line("merge({a: 1, b: 2}, {b: 3, c: 4})", "{a: 1, b: 3, c: 4}"),
  ]

  @Test(arguments: lines) func theLineGives(line: Line) { line.check() }

  static let mistakes = [
    Wrong("number(\"\")", "number: \"\" is not a number"), Wrong("number(\"1_000\")", "number: "),
    Wrong("number(\"0x\")", "number: "), Wrong("number(\"1e\")", "number: "),
    Wrong("number(\".\")", "number: "),
    Wrong("number(\"infinity\")", "number: "), Wrong("number(\"1 2\")", "number: "),
    Wrong("number(\"--1\")", "number: "), Wrong("number(\"0x1p3\")", "number: "),
    Wrong("number([1])", "number: text must be a string or a number, not a list of 1"),
    Wrong("int(\"7\")", "int: x must be a number or a tensor", help: "int(number(\"7\"))"),
    Wrong("upper(5)", "upper: text must be a string, not 5"),
    Wrong("extend(5, [1])", "extend: list must be a list, not 5"),
    Wrong("repeat([1, 2], 1e18)", "repeat: "), Wrong("repeat(\"ab\", 1e18)", "repeat: "),
    Wrong("repeat(5, 2)", "repeat: list must be a list, not 5"),
    Wrong("sort(5)", "sort: x must be a list, not 5"),
    Wrong("sort([1, 2], axis=1)", "sort: axis 1 is out of range"),
    Wrong("sort(zeros(2), by=len)", "sort: by is for lists"),
    Wrong("sort([none])", "sort: none at [0] has no order"),
    Wrong("sort([zeros(2), zeros(2)])", "sort: a tensor [2] at [0] has no order"),
    Wrong("remove({lr: 1}, \"rl\")", "remove: the record has no key \"rl\"", help: "\"lr\""),
    Wrong("remove({lr: 1}, 1)", "remove: keys must be strings, not 1"),
    Wrong("merge({a: 1}, 5)", "merge: b must be a record, not 5"),
  ]

  @Test(arguments: mistakes) func theMistakeIsTold(wrong: Wrong) { wrong.check() }

  @Test func warningsGoWhereWarningsGo() throws {
    let session = TestSession()
    #expect(try session.run("warn(\"skipped\", 3, [1])") == "")
    #expect(session.presenter.warnings == ["skipped 3 [1]"])
  }

  @Test func orderKeepsTheNamesOfAxes() throws {
    let session = TestSession()
    try session.run("x = nchw(rand(3, 4, 3))\ny = sort(x)\nz = reverse(x)")
    for name in ["y", "z"] {
      guard case .tensor(let tensor)? = session.evaluator.globals[name] else {
        Issue.record("\(name) is no tensor")
        continue
      }
      #expect(tensor.axes == .pictures(rank: 4))
    }
  }

  @Test func aListThatIsOnlyPlannedHasNoOrder() throws {
    let session = TestSession()
    session.evaluator.isChecking = true
    #expect(throws: Evaluator.StopReason.self) {
      try session.run("x = conv2d(zeros(1, 1, 900, 900), zeros(1, 1, 3, 3))\nsort([x, x])")
    }
  }
}
