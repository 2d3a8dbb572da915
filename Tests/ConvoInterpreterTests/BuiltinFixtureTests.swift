import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Builtins against the values that NumPy and PyTorch give; `Fixtures/make_fixtures.py` and `make_further.py` say how
/// they were made.
@Suite struct BuiltinFixtureTests {
  static let fixtures: [Fixture] = ["Fixtures/builtins.txt", "Fixtures/further.txt"].flatMap {
    TestFile.read(beside: #filePath, $0).split(separator: "\n").compactMap { Fixture(String($0)) }
  }

  /// The rule that makes the inputs, in the language.
  static let prelude = "fn ramp(s) = reshape((arange(prod(s)) * 7 % 11 - 5) / 4, s)"

  @Test func fixturesAreThere() { #expect(Self.fixtures.count > 380) }

  @Test(arguments: fixtures) func valuesAreThoseOfTheOtherFrameworks(fixture: Fixture) throws {
    let session = TestSession()
    try session.run(Self.prelude + "\nresult = " + fixture.code)
    let value = try #require(session.evaluator.globals["result"])
    let tensor = try Tensor(argument: value)
    #expect(tensor.shape.extents == fixture.shape)
    let found = tensor.toArray()
    try #require(found.count == fixture.values.count)
    for (index, expected) in fixture.values.enumerated() {
      let element = Double(found[index])
      if expected.isFinite {
        #expect(abs(element - expected) <= fixture.bound, "element \(index): \(element), not \(expected)")
      } else {
        #expect(
          element == expected || (element.isNaN && expected.isNaN),
          "element \(index): \(element), not \(expected)")
      }
    }
  }
}

/// One line of the file: an expression, the shape and the elements it must have, and how far off they may be.
struct Fixture: Sendable, CustomTestStringConvertible {
  let code: String
  let shape: [Int]
  let values: [Double]
  let bound: Double

  init?(_ line: String) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 4, let bound = Double(fields[3]) else { return nil }
    code = String(fields[0])
    shape = fields[1].split(separator: ",").compactMap { Int($0) }
    values = fields[2].split(separator: " ").compactMap { Double($0) }
    self.bound = bound
  }

  var testDescription: String { code }
}
