import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Numbers have 64 bits wherever functions take and give one; tensors have 32.
@Suite struct NumberContractTests {
  @Test(arguments: [
    Line("abs(0.1) == 0.1", "true"), Line("abs(-16777217)", "16777217"),
    Line("floor(123456789.7)", "123456789"),
    Line("ceil(123456788.2)", "123456789"), Line("round(123456789.5)", "123456790"),
    Line("sqrt(2) ** 2 - 2 < 1e-15", "true"), Line("exp(1) - 2.718281828459045", "0"),
    Line("log(exp(20)) == 20", "true"), Line("sin(1e-9) == 1e-9", "true"), Line("sign(-0.1)", "-1"),
    Line("maximum(16777217, 0)", "16777217"), Line("minimum(16777217, 1e9)", "16777217"),
    Line("clip(16777217, 0, 1e9)", "16777217"), Line("clip(5, 0, 0.1) == 0.1", "true"),
    Line("where(1, 16777217, 0)", "16777217"), Line("where(0, 1, 16777217)", "16777217"),
    Line("where(1e-300, 1, 2)", "1"), Line("sum(0.1) == 0.1", "true"), Line("mean(16777217)", "16777217"),
    Line("max(16777217)", "16777217"), Line("min(0.1) == 0.1", "true"), Line("prod(0.1) == 0.1", "true"),
    Line("norm(-0.1) == 0.1", "true"), Line("any(1e-300)", "true"), Line("all(1e-300)", "true"),
    Line("relu(16777217)", "16777217"), Line("leaky_relu(-0.1, 1) == -0.1", "true"),
    Line("std(5)", "0"), Line("var(1/0)", "nan"), Line("abs(true)", "1"), Line("exp(1000)", "inf"),
    Line("sigmoid(0)", "0.5"), Line("tanh(1000)", "1"), Line("softplus(1000)", "1000"),
    Line("allclose(16777217, 16777216, 0, 0)", "false"), Line("maximum(0/0, 1)", "nan"),
    Line("x = 0.1 |> abs |> abs\nx == 0.1", "true"), Line("map([0.1], abs)[0] == 0.1", "true"),
    Line("shape(maximum([1, 2], 3))", "[2]"), Line("shape(where(1, [1, 2], 3))", "[2]"),
  ]) func functionsOfNumbersHaveSixtyFourBits(line: Line) { line.check() }

  /// A number and a tensor of that number give the same, as far as float32 can tell.
  @Test(arguments: [
    "exp", "log", "sqrt", "abs", "sign", "floor", "ceil", "round", "sin", "cos", "relu", "leaky_relu", "elu",
    "gelu", "silu", "sigmoid", "tanh", "softplus", "sum", "mean", "min", "max", "prod", "norm", "std", "var",
  ]) func numbersAndTensorsAgree(name: String) throws {
    let session = TestSession()
    for number in [
      "0", "1", "-1", "0.5", "-0.5", "2.5", "-3.75", "20", "-20", "90", "-90", "1/0", "-1/0", "0/0",
    ] {
      try session.run("a = \(name)(\(number))\nb = \(name)(tensor([\(number)]))")
      let number64 = session.number("a"), number32 = session.number("sum(b)")
      let same =
        number64 == number32 || (number64.isNaN && number32.isNaN)
        || abs(number64 - number32) <= 1e-6 * abs(number32) + 1e-37
      #expect(same, "\(name)(\(number)) is \(number64) of a number, \(number32) of a tensor")
    }
  }

  @Test(arguments: ["//", "%", "/", "**", "+", "-", "*"])
  func operatorsAgreeOnSpecialNumbers(operation: String) throws {
    let session = TestSession()
    let numbers = ["0", "-0.0", "1", "-1", "2", "-3", "0.5", "7", "-7.5", "1/0", "-1/0", "0/0"]
    for a in numbers {
      for b in numbers {
        let number64 = session.number("(\(a)) \(operation) (\(b))")
        let number32 = session.number("sum(tensor([\(a)]) \(operation) (\(b)))")
        #expect(
          number64 == number32 || (number64.isNaN && number32.isNaN)
            || abs(number64 - number32) <= 1e-6 * abs(number32),
          "(\(a)) \(operation) (\(b)) is \(number64) with numbers, \(number32) with a tensor")
      }
    }
  }

  @Test(arguments: [
    Line("(1/0) // 2", "nan"), Line("tensor([1/0]) // 2", "[nan]"), Line("1 // 0", "inf"),
    Line("-1 // 0", "-inf"),
    Line("tensor([1, -1, 0]) // 0", "[inf, -inf, nan]"), Line("(1/0) // 0", "inf"), Line("0 // 0", "nan"),
    Line("-1 // (1/0)", "-1"),
  ]) func wholeQuotientsAreThoseOfNumPy(line: Line) { line.check() }

  @Test(arguments: [
    Line("99999.95", "99999.9"), Line("999999.5", "1e+06"), Line("0.00001234565", "1.23456e-05"),
    Line("1.0000005", "1"), Line("1.0000015", "1"), Line("2.0000025", "2"), Line("123456.5", "123456"),
    Line("123457.5", "123458"), Line("5e-324", "4.94066e-324"), Line("1e308 * 1.7", "1.7e+308"),
    Line("-99999.95", "-99999.9"), Line("0.1 + 0.2", "0.3"), Line("format(-0.4, \"d\")", "\"0\""),
    Line("format(-0.6, \"d\")", "\"-1\""), Line("format(0.5, \".15g\")", "\"0.5\""),
  ]) func numbersReadAsCWritesThem(line: Line) { line.check() }

  @Test(arguments: [
    Line("allclose([1], [1/0])", "false"), Line("allclose([1/0], [1])", "false"),
    Line("allclose([1/0], [1/0])", "true"),
    Line("allclose([1/0], [-1/0])", "false"), Line("allclose([0/0], [0/0])", "false"),
    Line("allclose([0/0], [1])", "false"),
    Line("allclose([1, 2], 1, atol=1)", "true"), Line("allclose(1, 1/0)", "false"),
    Line("allclose([[1], [1]], [1, 1])", "true"),
    Line("allclose([-3e38], [3e38], rtol=1)", "false"), Line("allclose(zeros(0), zeros(0))", "true"),
  ]) func closenessKnowsInfinityAndNaN(line: Line) { line.check() }

  @Test(arguments: [
    ("diff([1, 1], [1, 1/0])", ["largest |a − b| = inf at [1]"]),
    ("diff([1/0, 1], [1/0, 1.5])", ["largest |a − b| = 0.5 at [1], mean 0.25"]),
    ("diff([1, 0/0, 3], [1, 2, 3])", ["1 element NaN in only one of them, first at [1]"]),
    ("diff([0/0, 0/0], [0/0, 0/0])", ["no difference", "2 elements NaN in both"]),
    (
      "diff([[1, 0/0], [0/0, 5]], [[1, 0/0], [4, 7]])",
      [
        "largest |a − b| = 2 at [1, 1], mean 1", "1 element NaN in only one of them, first at [1, 0]",
        "1 element NaN in both",
      ]
    ), ("diff(zeros(0), zeros(0))", ["both are empty"]),
    ("diff([-3e38], [3e38])", ["largest |a − b| = 6e+38 at [0], mean 6e+38"]),
    ("diff([2, 3], 3)", ["largest |a − b| = 1 at [0], mean 0.5"]),
  ]) func differencesKnowInfinityAndNaN(code: String, lines: [String]) throws {
    let session = TestSession()
    try session.run(code)
    guard case .lines(let found)? = session.presenter.reports.last else {
      Issue.record("\(code) showed nothing")
      return
    }
    #expect(found == lines)
  }

  @Test func positionsBeyondFloat32AreExact() {
    Line("x = zeros(2 ** 24 + 3)\nx[2 ** 24 + 1] = 1\nx[2 ** 24 + 2] = 1\nargmax(x)", "16777217").check()
    Line("x = zeros(2 ** 24 + 3)\nx[2 ** 24 + 1] = 0/0\nargmin(x, 0)", "16777217").check()
    Line("argmax(full([2 ** 24 + 2], -1/0))", "0").check()
  }

  @Test(arguments: [
    Line("kernel(\"gaussian\", 3, 1e-200)", "[[0, 0, 0],\n [0, 1, 0],\n [0, 0, 0]]"),
    Line("sum(kernel(\"gaussian\", 5, 1e300))", "1"), Line("shape(kernel(\"sobel_x\", 69))", "[69, 69]"),
  ]) func kernelsHoldNumbers(line: Line) { line.check() }

  @Test func kernelsBeyondFloat32AreAnError() {
    Wrong("kernel(\"sobel_x\", 101)", "kernel: size must be at most 69 for sobel_x, not 101").check()
    Wrong("kernel(\"sobel_y\", 71)", "kernel: size must be at most 69 for sobel_y, not 71").check()
  }
}

extension TestSession {
  /// The number that an expression gives.
  fileprivate func number(_ code: String) -> Double {
    do {
      try run("result = \(code)")
      if case .number(let number)? = evaluator.globals["result"] { return number }
      Issue.record("\(code) is no number")
    } catch { Issue.record("\(code): \(error)") }
    return .nan
  }
}
