import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Order, choice, patterns: what the fixtures of other libraries do not say.
@Suite struct FurtherNumberTests {
  static let lines = [
    // A number stays a number of 64 bits.
    Line("tan(atan(0.1)) == 0.1", "true"), Line("log10(1e300)", "300"), Line("cbrt(1e-300) * 1e100", "1"),
    Line("expm1(log1p(1e-18)) == 1e-18", "true"), Line("isnan(0 / 0) == true", "true"),
    Line("print(type(isfinite(1)), type(atan2(1, 2)), type(erf(zeros(2))))", "boolean number tensor"),
    // Order.
    Line("sort(tensor([-0, 0, 1 / 0, 0 / 0, -1 / 0]))", "[-inf, 0, 0, inf, nan]"),
    Line("sort(tensor([0 / 0, 1, 2]), descending=true)", "[2, 1, nan]"),
    Line("argsort(zeros(4), descending=true)", "[0, 1, 2, 3]"), Line("shape(sort(zeros(0, 3), 0))", "[0, 3]"),
    Line("argsort([[2, \"b\"], [1, \"a\"]])", "[1, 0]"),
    Line("shape(quantile(zeros(2, 3), [0.5], 1))", "[1, 2]"), Line("shape(median(zeros(0, 3), 1))", "[0]"),
    Line("median(5)", "5"), Line("quantile([1 / 0, 1 / 0], 0.3)", "inf"),
    Line("shape(cumsum(zeros(2, 0), 1))", "[2, 0]"),
    Line("h = histogram([0 / 0, 1 / 0, 1, 2], 2)\nprint(h.counts, h.edges)", "[1, 1] [1, 1.5, 2]"),
    Line("histogram([], 2).counts", "[0, 0]"), Line("histogram([5, 6], 2, [0, 5]).counts", "[0, 1]"),
    // Random choices come from the seed.
    Line(
      "seed(3)\na = [randint(0, 100), permutation(5), choice(range(9), 3), shuffle([1, 2, 3])]\n"
        + "seed(3)\nb = [randint(0, 100), permutation(5), choice(range(9), 3), shuffle([1, 2, 3])]\na == b",
      "true"),
    Line("x = randint(-3, 3, 1000)\nprint(min(x), max(x), all(floor(x) == x))", "-3 2 true"),
    Line("type(randint(0, 5))", "\"number\""), Line("shape(randint(0, 5, []))", "[]"),
    Line("permutation(0)", "[]"), Line("choice([1, 2], 0)", "[]"), Line("choice([], 0)", "[]"),
    Line("l = [1, 2, 3, 4]\nm = shuffle(l)\nprint(l, sort(m))", "[1, 2, 3, 4] [1, 2, 3, 4]"),
    Line("unique(sort(choice(range(100000), 50, replace=false))) |> len", "50"),
    Line("choice(zeros(3, 2))", "[0, 0]"),
    // Places.
    Line("gather([1, 2, 3], [-1], 0)", "[3]"), Line("nonzero(zeros(2, 2)).shape", "[0, 2]"),
    Line("scatter(zeros(3), [1, 1], [5, 7], 0)", "[0, 7, 0]"), Line("shape(gather(zeros(3), [], 0))", "[0]"),
    // Patterns.
    Line("shape(rearrange(zeros(2, 3), \"a b -> a 1 b ()\"))", "[2, 1, 3, 1]"),
    Line("shape(rearrange(5, \" -> 2\"))", "[2]"),
    Line("einsum(\"i, i ->\", [1, 2], [3, 4])", "11"),
    Line("einsum(\"höhe breite -> höhe\", [[1, 2]])", "[3]"),
    Line("einsum(\", i -> i\", 3, [1, 2])", "[3, 6]"),
    Line("shape(einsum(\"i j, j k -> i k\", zeros(0, 2), zeros(2, 3)))", "[0, 3]"),
    Line("einsum(\"i j, j k -> i k\", zeros(1, 0), zeros(0, 2))", "[[0, 0]]"),
  ]

  @Test(arguments: lines) func theLineGives(line: Line) { line.check() }

  static let mistakes = [
    Wrong("tan(\"a\")", "tan: x must be a tensor, not \"a\""), Wrong("atan2([1, \"a\"], 1)", "atan2: "),
    Wrong("median(zeros(2), 3)", "median: axis 3 is out of range"),
    Wrong("quantile([1], [0, 0 / 0])", "quantile: q must be from 0 to 1, not nan"),
    Wrong("quantile([1], \"half\")", "quantile: q must be a number or a list of numbers"),
    Wrong("histogram([1], 2, [0, 1 / 0])", "histogram: range must be"),
    Wrong("histogram([1], 1e9)", "histogram: bins must be at most"),
    Wrong(
      "normalize(ones(2, 2), [1, 2], [1, 2])", "normalize: which axis of x", help: "normalize(…, axis=1)"),
    Wrong("randint(0, 1e9, 3)", "randint: high must be within ±16777216, not 1000000000"),
    Wrong("randint(0, 1e17)", "randint: high must be within"),
    Wrong("randint(3, 0)", "randint: high must be at least 4"),
    Wrong("permutation(1e9)", "permutation: n must be at most"),
    Wrong("choice([1], -1)", "choice: n must be at least 0"),
    Wrong("choice(5)", "choice: 5 has no elements"),
    Wrong("shuffle(\"abc\")", "shuffle: x must be a list or a tensor"),
    Wrong("gather([1, 2], [0 / 0], 0)", "gather: an index must be a whole number"),
    Wrong(
      "gather(zeros(2, 2), [[0, -3]], 0)", "gather: index -3 at [0, 1] is out of range: axis 0 has 2 elements"
    ),
    Wrong("scatter(zeros(2), [0], \"a\", 0)", "scatter: values must be"),
    Wrong(
      "rearrange(zeros(4), \"(a b) -> a b\")", "rearrange: an axis of 4 cannot be split between two words"),
    Wrong("rearrange(zeros(4), \"(a 2 -> a\")", "rearrange: a ( is not closed"),
    Wrong("rearrange(zeros(4), \"a) -> a\")", "rearrange: there is a ) without a ("),
    Wrong("rearrange(zeros(4), \"((a)) -> a\")", "rearrange: parentheses do not stand in one another"),
    Wrong("rearrange(zeros(4), \"a -> a a\")", "rearrange: a stands twice on one side"),
    Wrong("rearrange(zeros(4), \"a -> b a\")", "rearrange: b does not stand on the left"),
    Wrong("rearrange(zeros(4), \"(a 2) -> a\")", "rearrange: 2 does not stand on the right"),
    Wrong("rearrange(zeros(4), \"a -> a 0\")", "rearrange: 0 is no extent"),
    Wrong("rearrange(zeros(4), \"a ? -> a\")", "rearrange: ? is no axis"),
    Wrong("rearrange(zeros(4), \"a -> a -> a\")", "rearrange: -> stands twice"),
    Wrong("rearrange(zeros(4), \"a -> a 999999999999 999999999999\")", "rearrange: a tensor of shape"),
    Wrong(
      "einsum(\"ij,jk->ik\", eye(2), eye(2))", "einsum: ij is one name",
      help: "einsum(\"i j, j k -> i k\", …)"),
    Wrong("einsum(\"i j -> i i\", eye(2))", "einsum: i stands twice after ->"),
    Wrong("einsum(\"i 2 -> i\", eye(2))", "einsum: einsum takes names of axes alone"),
    Wrong("einsum(\"i -> i\", \"a\")", "einsum: tensors must be a tensor, not \"a\""),
  ]

  @Test(arguments: mistakes) func theMistakeIsTold(wrong: Wrong) { wrong.check() }

  @Test func namesOfAxesStay() throws {
    let session = TestSession()
    try session.run(
      """
      x = nchw(rand(4, 6, 3))
      a = rearrange(x, "N C (H 2) W -> N (C 2) H W")
      b = rearrange(x, "n c h w -> n h w c")
      c = cumsum(x, 1)
      d = median(x, [2, 3])
      e = einsum("n c h w, o c -> n o h w", x, rand(8, 3))
      f = gather(x, argsort(x, 1), 1)
      g = normalize(x, [0, 0, 0], [1, 1, 1])
      h = erf(x)
      i = einsum("N C H W -> C", x)
      """)
    for (name, text) in [
      "a": "N1 C6 H2 W6", "b": "N1 H4 W6 C3", "c": "N1 C3 H4 W6", "d": "N1 C3", "e": "N1 8 H4 W6",
      "f": "N1 C3 H4 W6", "g": "N1 C3 H4 W6", "h": "N1 C3 H4 W6", "i": "C3",
    ] {
      guard case .tensor(let tensor)? = session.evaluator.globals[name] else {
        Issue.record("\(name) is no tensor")
        continue
      }
      #expect(tensor.axesText == text, "\(name)")
    }
  }

  static let shapes = [
    ("sort(x, 1)", "[1, 64, 1024, 1024]"), ("argsort(x)", "[1, 64, 1024, 1024]"),
    ("median(x, [2, 3])", "[1, 64]"),
    ("quantile(x, [0, 1], 1)", "[2, 1, 1024, 1024]"), ("cumprod(x, 2)", "[1, 64, 1024, 1024]"),
    ("rearrange(x, \"n c (h 2) w -> n (c 2) h w\")", "[1, 128, 512, 1024]"),
    ("einsum(\"n c h w, o c -> n o h w\", x, zeros(8, 64))", "[1, 8, 1024, 1024]"),
    ("erf(x)", "[1, 64, 1024, 1024]"),
    ("shuffle(x)", "[1, 64, 1024, 1024]"), ("atan2(x, 2)", "[1, 64, 1024, 1024]"),
    ("normalize(x, 0, 1)", "[1, 64, 1024, 1024]"), ("histogram(x).edges", "[11]"),
    ("choice(x)", "[64, 1024, 1024]"),
  ]

  @Test(arguments: shapes) func aPlanKnowsTheShape(code: String, shape: String) throws {
    // The memory of a test would not hold the values.
    let session = TestSession()
    session.evaluator.isChecking = true
    try session.run("x = conv2d(zeros(1, 1, 1024, 1024), zeros(64, 1, 1, 1))\ny = shape(\(code))")
    let value = try #require(session.evaluator.globals["y"])
    #expect(ValueText.nested(value, session.presenter) == shape)
  }

  @Test func aPlanDrawsNoRandomNumbers() throws {
    let session = TestSession()
    let before = session.evaluator.random
    try session.run("plan(shuffle(permutation(5)) + randint(0, 3, 5) + choice(zeros(3, 5)) + randint(0, 5))")
    #expect(session.evaluator.random == before)
  }
}
