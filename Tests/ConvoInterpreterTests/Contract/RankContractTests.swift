import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// A tensor has at most 32 axes, however it is made.
@Suite struct RankContractTests {
  @Test(arguments: [
    "reshape([1], ones(33))", "zeros(ones(33))", "ones(ones(33))", "full(ones(33), 1)", "rand(ones(33))",
    "randn(ones(33))", "unsqueeze(reshape([1], ones(32)), 0)", "unsqueeze([1], range(40))",
    "stack([reshape([1], ones(32))])", "broadcast([1], ones(33))", "tile([1], ones(33))",
    "x = [1]\nfor i in range(40) { x = [x] }\ntensor(x)", "plan(zeros(ones(33)))",
    "reshape([1], map(range(30000), fn(i) = 1))", "reshape([1], map(range(40), fn(i) = -1))",
    "summary(relu, ones(33))",
  ]) func moreAxesAreAnError(code: String) throws {
    let message = try #require(TestSession().mistake(code)?.message)
    #expect(message.contains("a tensor has at most 32 axes, not "), "\(message)")
  }

  @Test func anIndexMakesNoMoreAxes() {
    Wrong("reshape([1], ones(32))[newaxis]", "a tensor has at most 32 axes, not 33").check()
  }

  @Test func thirtyTwoAxesWork() {
    Line("ndim(reshape([1], ones(32)))", "32").check()
    Line("ndim(reshape(arange(2), concat([[2], ones(31)])))", "32").check()
  }
}
