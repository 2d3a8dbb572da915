import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Calls that once ended the process; what else of their kinds there is, the random caller of the shell's tests finds.
@Suite struct HostileCallTests {
  @Test(arguments: [
    Wrong("time(1)", "time: no arguments are taken, 1 is given"),
    Wrong("here(0)", "here: no arguments are taken"),
    Wrong("1 |> time", "time: no arguments are taken"),
    Wrong("map([1], time)", "time: no arguments are taken"),
    Wrong("time(x=1)", "time: there is no parameter x"), Wrong("split(zeros(0), 1e15)", "split: "),
    Wrong("randint(-2**63, 5)", "randint: low must be within"), Wrong("split(zeros(0, 3), 2**60)", "split: "),
    Wrong("conv2d(ones(1, 1, 3, 3), ones(1, 1, 1, 1), pad=2**40)", "conv2d: "),
    Wrong("conv2d(zeros(0, 1, 3, 3), ones(1, 1, 1, 1), pad=2**39)", "conv2d: "),
    Wrong("conv2d(ones(1, 1, 3, 3), ones(1, 1, 1, 1), pad=2**31)", "conv2d: "),
    Wrong("c = Conv2D(none, 2**62, 1, groups=2**62)\nc.W = zeros(1, 4, 1, 1)", "W has shape"),
    Wrong("c = ConvTranspose2D(none, 2**62, 1, groups=2**62)\nc.W = zeros(1, 4, 1, 1)", "W has shape"),
    Wrong("y = conv2d(ones(1, 5, 5), ones(1, 1, 3, 3))\nfor s in y { explain(s, [0, 0]) }", "explain: "),
    Wrong("y = maxpool(ones(1, 5, 5), 2)\nmap(y, fn(s) = explain(s[0, 0]))", "explain: "),
    Wrong("a, b = conv2d(ones(1, 5, 5), ones(2, 1, 3, 3))\nexplain(a[0, 0])", "explain: "),
  ]) func areErrors(wrong: Wrong) { wrong.check() }

  @Test(arguments: [
    Line("repeat(\"\", 1e18)", "\"\""), Line("len(repeat([], 1e18))", "0"),
    Line("hist([1e16, 1e16])", "a histogram of 2 values"), Line("hist(2 ** 53)", "a histogram of 1 value"),
    Line("sum(histogram([1e16, 1e16]).counts)", "2"), Line("sum(histogram([3e38, 3e38]).counts)", "2"),
    Line("sum(histogram([1e-45, 0]).counts)", "2"), Line("shape(split(zeros(0), 3)[2])", "[0]"),
  ]) func giveResults(line: Line) { line.check() }
}
