import Testing

/// "Expressions, loosest first".
@Suite struct ExpressionContractTests {
  @Test(arguments: [
    Line("1 + 2 * 3", "7"), Line("(1 + 2) * 3", "9"), Line("2 ** 3 ** 2", "512"), Line("-2 ** 2", "-4"),
    Line("2 ** -1", "0.5"), Line("7 // 2", "3"), Line("-7 // 2", "-4"), Line("-7 % 3", "2"),
    Line("7 % -3", "-2"),
    Line("7.5 // 2", "3"), Line("10 - 3 - 2", "5"), Line("8 / 4 / 2", "1"), Line("2 * 3 % 4", "2"),
    Line("+3", "3"),
    Line("--3", "3"), Line("not true", "false"), Line("not 1 == 2", "true"),
    Line("true and false or true", "true"),
    Line("false or true and false", "false"), Line("1 + 1 == 2", "true"), Line("1 < 2", "true"),
    Line("2 <= 1", "false"),
    Line("1 != 2", "true"), Line("1 >= 1", "true"), Line("\"a\" == \"a\"", "true"),
    Line("\"a\" + \"b\"", "\"ab\""),
    Line("\"a\" < \"b\"", "true"), Line("none == none", "true"), Line("1 == \"1\"", "false"),
    Line("[1, 2] == [1, 2]", "true"),
    Line("1 // 0", "inf"), Line("-1 // 0", "-inf"), Line("0 // 0", "nan"), Line("1 % 0", "nan"),
    Line("0 / 0 == 0 / 0", "false"),
    Line("true + true", "2"), Line("0 and print(1)", "0"), Line("1 or print(1)", "1"), Line("none or 5", "5"),
    Line("5.5 % 2", "1.5"), Line("-5.5 // 2", "-3"), Line("2 ** 0.5", "1.41421"), Line("0 ** 0", "1"),
    Line("1 // 0.1", "9"), Line("tensor([1]) // 0.1", "[9]"), Line("6 % -4.5", "-3"),
    Line("tensor([6, -6]) % -4.5", "[-3, -1.5]"),
  ]) func precedenceAndNumbers(line: Line) { line.check() }

  @Test(
    arguments: [
      Line("3 |> abs", "3"), Line("[1, 2] |> sum", "3"), Line("[[1, 2], [3, 4]] |> sum(axis=0)", "[4, 6]"),
      Line("[[1, 2], [3, 4]] |> sum(0)", "[4, 6]"), Line("fn f(a, b) = a - b\n5 |> f(3)", "2"),
      Line("5 |> fn(x) = x * 2", "10"), Line("fn adder(k) = fn(x) = x + k\n1 |> adder(2)(3)", ""),
      Line("m = {f: fn(x) = x * 3}\n4 |> m.f", "12"),
      Line(
        "c = Conv2D(none, 2, 3)\nx = zeros(1, 3, 8, 8)\n(x |> c |> relu |> maxpool(2)).shape", "[1, 2, 3, 3]"),
      Line("1 + 2 |> abs", "3"), Line("[abs, sqrt][1](16)", "4"), Line("16 |> [abs, sqrt][1]", "4"),
      Line("m = Sequential(abs, sqrt)\n-16 |> m", ""),
    ].filter { $0.output != "" }) func pipes(line: Line)
  { line.check() }

  @Test(arguments: [
    Line("[1, 2] * [[1], [10]]", "[[ 1,  2],\n [10, 20]]"), Line("zeros(2, 1, 3).shape", "[2, 1, 3]"),
    Line("(zeros(2, 1, 3) + zeros(4, 1)).shape", "[2, 4, 3]"), Line("tensor([1, 2, 3]) > 1", "[0, 1, 1]"),
    Line("tensor([1, 2]) == [1, 3]", "[1, 0]"), Line("1 - tensor([1, 2])", "[0, -1]"),
    Line("2 ** tensor([1, 2])", "[2, 4]"),
    Line("tensor([1, 2]) @ [3, 4]", "11"), Line("[[1, 2], [3, 4]] @ [1, 1]", "[3, 7]"),
    Line("-tensor([1, -2])", "[-1, 2]"),
    Line("(zeros(0, 3) + zeros(1, 3)).shape", "[0, 3]"), Line("tensor([1, 0, -1]) / 0", "[inf, nan, -inf]"),
    Line("tensor([-7, 7]) // 2", "[-4, 3]"), Line("tensor([-7, 7]) % 3", "[2, 1]"),
    Line("tensor([3]) and 1", "1"),
    Line("if tensor([1]) { 1 } else { 2 }", "1"), Line("any(tensor([0, 1]))", "true"),
    Line("all(tensor([0, 1]))", "false"),
    Line("any([[0, 1], [0, 0]], axis=0)", "[0, 1]"),
  ]) func arithmeticBroadcasts(line: Line) { line.check() }

  @Test(arguments: [
    Line("x = reshape(arange(24), 2, 3, 4)\nx[1, 2, 3]", "23"),
    Line("x = reshape(arange(24), 2, 3, 4)\nx[-1, -1, -1]", "23"),
    Line("x = reshape(arange(24), 2, 3, 4)\nx[1, 0]", "[12, 13, 14, 15]"),
    Line("x = reshape(arange(24), 2, 3, 4)\nx[0, :, 1]", "[1, 5, 9]"),
    Line("x = reshape(arange(24), 2, 3, 4)\nx[..., 0]", "[[ 0,  4,  8],\n [12, 16, 20]]"),
    Line("x = arange(10)\nx[2:8:3]", "[2, 5]"), Line("x = arange(5)\nx[::-1]", "[4, 3, 2, 1, 0]"),
    Line("x = arange(5)\nx[-2:]", "[3, 4]"),
    Line("x = arange(5)\nx[10:]", "[]"), Line("x = arange(5)\nx[3:1]", "[]"),
    Line("x = arange(5)\nx[3:0:-2]", "[3, 1]"),
    Line("x = arange(5)\nx[-100:100]", "[0, 1, 2, 3, 4]"), Line("x = arange(3)\nx[newaxis].shape", "[1, 3]"),
    Line("x = arange(3)\nx[:, newaxis].shape", "[3, 1]"),
    Line("x = arange(3)\nx[none, ..., none].shape", "[1, 3, 1]"), Line("x = arange(3)\nx[...]", "[0, 1, 2]"),
    Line("x = arange(4)\nx[none:2]", "[0, 1]"),
    Line("[1, 2, 3][-1]", "3"), Line("[1, 2, 3][1:]", "[2, 3]"),
    Line("[\"a\", \"b\"][::-1]", "[\"b\", \"a\"]"), Line("[[1, 2], [3, 4]][1, 0]", "3"),
    Line("[[1, 2], [3, 4]][:, 0]", "[1, 3]"), Line("\"hello\"[1:3]", "\"el\""),
    Line("\"hello\"[-1]", "\"o\""), Line("range(10)[3]", "3"), Line("range(10)[-1]", "9"),
    Line("range(10)[2:4]", "[2, 3]"), Line("range(1000000000000)[5:7]", "[5, 6]"),
    Line("x = arange(3)\nx[5:9223372036854775807:9223372036854775807]", "[]"),
    Line("x = zeros(2, 3)\nx[0, :] = [1, 2, 3]\nx[1] = 7\nx", "[[1, 2, 3],\n [7, 7, 7]]"),
    Line("x = zeros(4)\nx[::2] = 1\nx", "[1, 0, 1, 0]"),
    Line("x = zeros(3)\nx[::-1] = arange(3)\nx", "[2, 1, 0]"),
    Line("x = zeros(2, 2)\nx[...] = [[1, 2], [3, 4]]\nx", "[[1, 2],\n [3, 4]]"),
    Line("x = zeros(2, 2)\nx[:, 0] = [[5]]\nx", "[[5, 0],\n [5, 0]]"),
    Line("x = zeros(3)\nx[0] = true\nx", "[1, 0, 0]"),
    Line("x = [1, 2, 3]\nx[0:2] = [9, 8]\nx", "[9, 8, 3]"),
    Line("l = [1, \"a\"]\nl[1] = [2, 3]\nl", "[1, [2, 3]]"),
    Line("m = {}\nm[\"new\"] = 1\nm.other = 2\nm", "{new: 1, other: 2}"),
  ]) func indexing(line: Line) { line.check() }

  @Test(arguments: [
    Line("conv2d(ones(1, 1, 4, 4), ones(1, 1, 3, 3), stride=[1, 2]).shape", "[1, 1, 2, 1]"),
    Line("conv2d(ones(1, 1, 5, 5), ones(1, 1, 3, 3), pad=[[1, 0], [2, 3]]).shape", "[1, 1, 4, 8]"),
    Line("conv2d(ones(1, 1, 5, 7), ones(1, 1, 3, 3), stride=2, pad=\"same\").shape", "[1, 1, 3, 4]"),
    Line("conv2d(ones(1, 1, 5, 5), ones(1, 1, 3, 3), none, 1, 1).shape", "[1, 1, 5, 5]"),
    Line("maxpool(ones(1, 1, 5, 5), [2, 3]).shape", "[1, 1, 3, 2]"),
    Line("conv2d(ones(3, 5, 5), ones(2, 3, 3, 3)).shape", "[2, 3, 3]"),
    Line("fn f(a, k=1) = a + k\nprint(f(1), f(1, 5), f(1, k=7), f(k=2, a=3))", "2 6 8 5"),
    Line("fn f(a, b=a * 2) = b\nf(4)", "8"), Line("zeros(shape=[2, 3]).shape", "[2, 3]"),
    Line("k = 5\nfn f(a, b=k) = b\nk = 6\nf(1)", "6"),
  ]) func arguments(line: Line) { line.check() }

  @Test(arguments: [
    Wrong("if zeros(2) { }", "a tensor of 2 elements is neither true nor false", help: "any(x)"),
    Wrong("while [1, 2] > 0 { }", "a tensor of 2 elements", help: "all(x)"),
    Wrong("tensor([1, 2]) and true", "and: ", help: "a * b"),
    Wrong("tensor([1, 2]) or true", "or: ", help: "maximum(a, b)"),
    Wrong("not tensor([1, 2])", "not: a tensor of 2 elements is neither true nor false", help: "x == 0"),
    Wrong("zeros(2, 3) + zeros(3, 2)", "+: the shapes [2, 3] and [3, 2] do not fit together"),
    Wrong("zeros(2, 3) @ zeros(2, 3)", "@: the inner extents differ"),
    Wrong("1 + \"a\"", "\"a\" is no operand of +"), Wrong("none * 2", "none is no operand of *"),
    Wrong("relu + 1", "the function relu is no operand of +"),
    Wrong("{a: 1} + 1", "a record of 1 is no operand of +"),
    Wrong("x = arange(3)\nx[3]", "index 3 is out of range: axis 0 has 3 elements"),
    Wrong("x = arange(3)\nx[-4]", "index -4 is out of range"),
    Wrong("x = arange(3)\nx[0, 0]", "2 indices are given, the tensor has 1 axis"),
    Wrong("x = arange(3)\nx[0.5]", "an index is a whole number, not 0.5"),
    Wrong("x = arange(3)\nx[::0]", "the step of a slice cannot be 0"),
    Wrong("x = arange(3)\nx[\"a\"]", "a tensor has no key \"a\""),
    Wrong("x = arange(3)\nx[0/0]", "an index is a whole number, not nan"),
    Wrong("x = arange(3)\nx[1e300]", "an index is a whole number"),
    Wrong("[1, 2][2]", "index 2 is out of range: the list has 2 elements"),
    Wrong("\"abc\"[3]", "index 3 is out of range: the string has 3 elements"),
    Wrong("range(3)[3]", "index 3 is out of range"), Wrong("(5)[0]", "5 has no elements"),
    Wrong("x = zeros(2, 3)\nx[0] = [1, 2]", "a value of shape [2] does not fit the place of shape [3]"),
    Wrong("x = zeros(2)\nx[0] = \"a\"", "\"a\" cannot be assigned to elements of a tensor"),
    Wrong("y[0] = 1", "y is not a variable or a builtin"), Wrong("3(4)", "3 cannot be called"),
    Wrong("\"a\"()", "\"a\" cannot be called"), Wrong("1 |> 2", "2 cannot be called"),
    Wrong("image = zeros(2)\nimag", "imag is not a variable or a builtin", help: "image"),
    Wrong("rleu(3)", "rleu is not a variable or a builtin", help: "relu(x)"),
    Wrong(
      "maxpool(zeros(1, 1, 4, 4), 2, strid=2)", "maxpool: there is no parameter strid; did you mean stride?",
      help: "maxpool(x, ksize, stride=none, pad=0, dilation=1, cover_all=true)"),
    Wrong("relu(1, 2)", "relu: at most 1 argument is taken, 2 are given", help: "relu(x)"),
    Wrong("relu()", "relu: x is missing"), Wrong("relu(1, x=2)", "relu: x is given twice"),
    Wrong("fn f(a) = a\nf()", "f: a is missing", help: "f(a)"),
    Wrong("fn f(a) = a\nf(1, 2)", "f: at most 1 argument is taken, 2 are given"),
    Wrong("fn f(a) = a\nf(b=1)", "f: there is no parameter b"),
    Wrong("fn f(a) = a\nf(1, a=1)", "f: a is given twice"), Wrong("f(a=1, 2)", ""),
    Wrong("fn f() = 1\nf(1)", "f: no arguments are taken, 1 is given"),
    Wrong(
      "conv2d(zeros(1, 1, 8, 8), zeros(5, 3, 3, 3))", "conv2d: the input has 1 channel, the kernel wants 3"),
    Wrong(
      "x = zeros(1, 2, 2, 2)\nconv2d(x, zeros(1, 2, 3, 3))",
      "conv2d: the window of 3×3 is larger than the input of 2×2"),
    Wrong("maxpool(zeros(1, 1, 4, 4), -1)", "maxpool: ksize must be at least 1, not -1"),
    Wrong("maxpool(zeros(1, 1, 4, 4), 2, stride=0)", "maxpool: stride must be at least 1, not 0"),
    Wrong(
      "maxpool(zeros(1, 1, 4, 4), \"a\")",
      "maxpool: ksize must be a whole number or [rows, columns], not \"a\""),
    Wrong("conv2d(zeros(1, 1, 8, 8), zeros(1, 1, 3, 3), pad=\"valid\")", "conv2d: pad must be "),
    Wrong("conv2d(zeros(1, 1, 8, 8), zeros(1, 1, 3, 3), pad=-1)", "conv2d: pad must be at least 0, not -1"),
    Wrong(
      "c = Conv2D(3, 4, 3)\nc(zeros(1, 2, 8, 8))", "Conv2D: the input has 2 channels, the kernel wants 3"),
    Wrong(
      "c = Conv2D(3, 4, 3)\nc.W = zeros(4, 3, 5, 5)", "W has shape [4, 3, 3, 3], the value has [4, 3, 5, 5]"),
    Wrong("c = Conv2D(3, 4, 3)\nc.b = zeros(3)", "b has shape [4], the value has [3]"),
    Wrong("c = Conv2D(3, 4, 3)\nc.stride = 2", "stride of a layer cannot be changed"),
    Wrong("c = Conv2D(none, 4, 3)\nc.W", "in_channels is none"),
    Wrong("c = Conv2D(3, 4, 3)\nc(1, 2)", "Conv2D: a layer is called with one tensor"),
  ]) func mistakes(wrong: Wrong) { wrong.check() }

  @Test func anImageInTheWrongOrderIsHelped() {
    Wrong(
      "c = Conv2D(3, 4, 3)\nimage = hwc(zeros(1, 3, 8, 8))\nc(image)", "Conv2D: ", help: "nchw(image) |> c"
    ).check()
    Wrong(
      "w = zeros(4, 3, 3, 3)\nimage = hwc(zeros(1, 3, 8, 8))\nconv2d(image, w)", "conv2d: ",
      help: "conv2d(nchw(image), w)"
    ).check()
  }
}
