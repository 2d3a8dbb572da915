import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// "Values": the types, how they print, and that nothing is ever shared.
@Suite struct ValueContractTests {
  @Test(arguments: [
    Line("3", "3"), Line("-0.5", "-0.5"), Line("1/3", "0.333333"), Line("2/3", "0.666667"),
    Line("100000", "100000"), Line("123456789", "123456789"), Line("1234567.5", "1.23457e+06"),
    Line("1e15", "1000000000000000"), Line("1e16", "1e+16"),
    Line("tensor([100000000, 16777215])", "[1e+08, 16777215]"), Line("1e-10", "1e-10"),
    Line("123456.5", "123456"), Line("0.1", "0.1"),
    Line("1/0", "inf"), Line("-1/0", "-inf"), Line("0/0", "nan"), Line("-0.0", "0"),
    Line("5e-324", "4.94066e-324"),
    Line("1.7976931348623157e308", "1.79769e+308"), Line("999999.5", "1e+06"),
    Line("2 ** 53", "9007199254740992"),
    Line("9.999999", "10"), Line("0.0001", "0.0001"),
  ]) func numbersPrintSixDigits(line: Line) { line.check() }

  @Test(arguments: [
    Line("true", "true"), Line("none", ""), Line("print(none)", "none"), Line("\"edge\"", "\"edge\""),
    Line("[1, 2, 3]", "[1, 2, 3]"), Line("[\"cat\", \"dog\"]", "[\"cat\", \"dog\"]"), Line("[]", "[]"),
    Line("[[1, 0], [0, 1]] * 2", "[[2, 0],\n [0, 2]]"), Line("[1, 2] + [3, 4]", "[4, 6]"),
    Line("[true, false] * 2", "[2, 0]"), Line("{W: 1, b: \"x\"}", "{W: 1, b: \"x\"}"),
    Line("{\"conv1/W\": 1}", "{\"conv1/W\": 1}"), Line("{}", "{}"), Line("relu", "relu(x)"),
    Line("fn f(x, k=1) = x + k\nf", "f(x, k=1)"), Line("fn(x) = x", "fn(x)"),
    Line("Conv2D(3, 8, 3)", "Conv2D(3, 8, 3)"),
    Line("Conv2D(none, 8, [3, 5], stride=2)", "Conv2D(none, 8, [3, 5], stride=2)"),
    Line("zeros(2, 3)", "[[0, 0, 0],\n [0, 0, 0]]"), Line("zeros(0)", "[]"),
    Line("zeros(2, 0)", "[[],\n []]"),
    Line("print([1, \"a\", [true, none]])", "[1, \"a\", [true, none]]"), Line("range(3)", "range(3)"),
    Line("print(1, \"a\", [2])", "1 a [2]"), Line("print()", ""), Line("zeros(2, 3).shape", "[2, 3]"),
    Line("[1, 1/3]", "[1, 0.333333]"), Line("tensor([1, 1/0, -1/0, 0/0])", "[1, inf, -inf, nan]"),
  ]) func valuesPrint(line: Line) { line.check() }

  @Test(arguments: [
    Line("x = zeros(2, 3)\nprint(x.shape, x.ndim, x.size)", "[2, 3] 2 6"),
    Line("[[1, 2], [3, 4]].shape", "[2, 2]"), Line("[1, 2].ndim", "1"), Line("(5).shape", "[]"),
    Line("(5).ndim", "0"),
    Line(
      "c = Conv2D(3, 8, [3, 5], stride=2, pad=1)\nprint(c.W.shape, c.b.shape, c.stride, c.pad, c.ksize)",
      "[8, 3, 3, 5] [8] 2 1 [3, 5]"),
    Line("Conv2D(3, 8, 3, stride=[1, 2]).stride", "[1, 2]"),
    Line("Conv2D(3, 8, 3, pad=\"same\").pad", "\"same\""),
    Line("Conv2D(3, 8, 3, pad=[[1, 2], [3, 4]]).pad", "[[1, 2], [3, 4]]"),
    Line("Conv2D(none, 4, 3).in_channels", ""),
    Line("m = {W: 1, \"a/b\": 2}\nprint(m.W, m[\"a/b\"], m[\"W\"])", "1 2 1"),
    Line("Linear(3, 2).W.shape", "[2, 3]"),
    Line("range(1000000000000).size", "1000000000000"), Line("range(1000000000000).shape", "[1000000000000]"),
  ]) func attributesAreData(line: Line) { line.check() }

  @Test(arguments: [
    Wrong("x = zeros(2)\nx.relu()", "tensors have no methods; relu is a function", help: "relu(x)"),
    Wrong("x = zeros(2)\nx.relu()", "tensors have no methods; relu is a function", help: "x |> relu"),
    Wrong(
      "x = zeros(2)\nx.reshape(2, 1)", "tensors have no methods; reshape is a function",
      help: "reshape(x, 2, 1)"),
    Wrong("x = zeros(2)\nx.shap", "a tensor [2] has no attribute shap", help: ".shape"),
    Wrong("m = {W: 1}\nm.w", "the record has no key w", help: ".W"),
    Wrong("m = {W: 1}\nm[\"X\"]", "the record has no key \"X\""),
    Wrong("m = {W: 1}\nm[0]", "a record is indexed by one key, a string"),
    Wrong("c = Conv2D(3, 4, 3)\nc.w", "a Conv2D layer has no attribute w", help: ".W"),
    Wrong("\"a\".shape", "strings have no attribute shape"),
    Wrong(
      "[[1, 2], [3]] * 2", "*: the list is ragged: row [1] has 1 element, the rows before it have 2 elements"
    ),
    Wrong(
      "relu([[1, 2], [3, 4, 5]])",
      "relu: the list is ragged: row [1] has 3 elements, the rows before it have 2 elements"),
    Wrong(
      "relu([[[1], [2]], [[1], 2]])",
      "relu: the list is ragged: row [1, 1] has a single number, the rows before it have 1 element"),
    Wrong("[1, \"a\"] * 2", "*: a tensor holds numbers, and element [1] is \"a\""),
  ]) func mistakes(wrong: Wrong) { wrong.check() }

  @Test(arguments: [
    Line("a = zeros(2)\nb = a\nb[0] = 5\nprint(a, b)", "[0, 0] [5, 0]"),
    Line("a = zeros(2)\nb = a\na[0] = 5\nprint(a, b)", "[5, 0] [0, 0]"),
    Line("a = [1, 2]\nb = a\nb[0] = 5\nprint(a, b)", "[1, 2] [5, 2]"),
    Line("a = [[1, 2], [3]]\nb = a\nb[1][0] = 9\nprint(a, b)", "[[1, 2], [3]] [[1, 2], [9]]"),
    Line("a = {k: 1}\nb = a\nb.k = 2\nprint(a, b)", "{k: 1} {k: 2}"),
    Line("t = zeros(2)\na = {k: t}\na.k[0] = 7\nprint(t, a.k)", "[0, 0] [7, 0]"),
    Line("t = zeros(2)\na = [t, t]\na[0][1] = 7\nprint(t, a[0], a[1])", "[0, 0] [0, 7] [0, 0]"),
    Line("x = zeros(2, 2)\ny = x[0]\ny[0] = 1\nprint(x, y)", "[[0, 0],\n [0, 0]] [1, 0]"),
    Line("x = zeros(2, 2)\ny = x[0]\nx[0, 0] = 1\nprint(y)", "[0, 0]"),
    Line("x = zeros(4)\ny = reshape(x, 2, 2)\ny[0, 0] = 1\nprint(x)", "[0, 0, 0, 0]"),
    Line("x = arange(4)\nx[1:] = x[:-1]\nx", "[0, 0, 1, 2]"),
    Line("x = arange(4)\nx[:] = x[::-1]\nx", "[3, 2, 1, 0]"),
    Line("x = arange(3)\nfor v in x { x[0] = x[0] + v }\nx", "[3, 1, 2]"),
    Line("fn f(x) { x[0] = 9; x }\na = zeros(2)\nb = f(a)\nprint(a, b)", "[0, 0] [9, 0]"),
    Line("fn f(m) { m.k = 9; m }\na = {k: 1}\nb = f(a)\nprint(a, b)", "{k: 1} {k: 9}"),
    Line("fn f(l) { l[0] = 9; l }\na = [1]\nb = f(a)\nprint(a, b)", "[1] [9]"),
    Line("a, b = [1, 2]\na, b = [b, a]\nprint(a, b)", "2 1"),
    Line("m = {k: {j: 1}}\nn = m\nn.k.j = 2\nprint(m, n)", "{k: {j: 1}} {k: {j: 2}}"),
    Line("a = zeros(2)\nb = relu(a)\nb[0] = 1\na", "[0, 0]"),
    Line("a = zeros(2)\nb = +a\nb[0] = 1\na", "[0, 0]"),
    Line("a = zeros(2)\nb = squeeze(a)\nb[0] = 1\na", "[0, 0]"),
    Line("a = zeros(2)\nb = flatten(a)\nb[0] = 1\na", "[0, 0]"),
    Line("a = zeros(2)\nb = tensor(a)\nb[0] = 1\na", "[0, 0]"),
    Line("a = ones(1, 2)\nb = a[0]\nc = b * 2\nprint(a, b)", "[[1, 1]] [1, 1]"),
    Line("a = zeros(2)\nf = fn() = a\na[0] = 1\nf()", "[1, 0]"),
  ]) func assignmentNeverAliases(line: Line) { line.check() }

  @Test(arguments: [
    Line(
      "a = Conv2D(1, 1, 1)\nb = a\nb.W = full([1, 1, 1, 1], 5)\nprint(a.W[0, 0, 0, 0] == 5, b.W[0, 0, 0, 0])",
      "false 5"),
    Line("a = Conv2D(1, 1, 1)\nb = a\nb.b[0] = 5\nprint(a.b, b.b)", "[0] [5]"),
    Line(
      "a = Conv2D(none, 1, 1)\nb = a\na(zeros(1, 3, 2, 2));\nprint(a.in_channels, b.in_channels)", "3 none"),
    Line("a = Conv2D(none, 2, 3)\nb = a\nx = ones(1, 3, 5, 5)\nallclose(a(x), b(x))", "true"),
    Line(
      "a = [Conv2D(none, 1, 1)]\nb = a\na[0](zeros(1, 3, 2, 2));\nprint(a[0].in_channels, b[0].in_channels)",
      "3 none"),
    Line(
      "a = {l: Conv2D(none, 1, 1)}\nb = a\na.l(zeros(1, 3, 2, 2));\nprint(a.l.in_channels, b.l.in_channels)",
      "3 none"),
    Line("c = Conv2D(1, 1, 1)\nm = Sequential(c, relu)\nc.b = [5]\nprint(m[0].b, c.b)", "[0] [5]"),
    Line("m = Sequential(Conv2D(1, 1, 1), relu)\nn = m\nn[0].b = [5]\nprint(m[0].b, n[0].b)", "[0] [5]"),
    Line("a = Conv2D(1, 1, 1)\nw = a.W\nw[0, 0, 0, 0] = 9\nprint(a.W[0, 0, 0, 0] == 9)", "false"),
    Line("w = ones(1, 1, 1, 1)\na = Conv2D(1, 1, 1)\na.W = w\nw[0, 0, 0, 0] = 9\na.W[0, 0, 0, 0]", "1"),
    Line("fn f(l) { l.b = [3]; l }\na = Conv2D(1, 1, 1)\nb = f(a)\nprint(a.b, b.b)", "[0] [3]"),
  ]) func layersAreValues(line: Line) { line.check() }

  @Test(arguments: [
    Line("zeros(2, 3).shape", "[2, 3]"), Line("broadcast([1, 2], 2, 2)", "[[1, 2],\n [1, 2]]"),
    Line("broadcast([1, 2], shape=[2, 2]).shape", "[2, 2]"), Line("broadcast(7, 2)", "[7, 7]"),
    Line("tile([1, 2], 2, 2).shape", "[2, 4]"), Line("tile([1, 2], [2, 2]).shape", "[2, 4]"),
    Line("tile([1, 2], reps=2)", "[1, 2, 1, 2]"), Line("broadcast(7, zeros(2, 1).shape)", "[[7],\n [7]]"),
  ]) func aShapeIsNumbersOrOneList(line: Line) { line.check() }

  @Test(arguments: ["tile([1])", "broadcast([1])", "summary(relu)"])
  func aShapeIsNotLeftOut(code: String) {
    #expect(TestSession().mistake(code)?.message.hasSuffix(" is missing") == true)
  }
}
