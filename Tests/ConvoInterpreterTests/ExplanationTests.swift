import Testing

@testable import ConvoInterpreter

/// `explain` and `trace`, beyond single windows.
@Suite(.serialized) struct ExplanationTests {
  private func lines(_ code: String) throws -> [String] {
    let session = TestSession()
    try session.run(code)
    guard case .lines(let lines)? = session.presenter.reports.last else { return [] }
    return lines
  }

  /// The value of `⌈(5 + 0 + 0 − 1·(2 − 1) − 1) / 2⌉ + 1 − 1`.
  private func value(of formula: Substring) throws -> Int {
    let numbers = formula.split { !$0.isNumber }.compactMap { Int($0) }
    try #require(numbers.count >= 8)
    let places = numbers[0] + numbers[1] + numbers[2] - numbers[3] * (numbers[4] - numbers[5]) - numbers[6]
    let quotient = Double(places) / Double(numbers[7])
    let rounded = Int(formula.contains("⌈") ? quotient.rounded(.up) : quotient.rounded(.down))
    return rounded + 1 - (numbers.count > 9 ? 1 : 0)
  }

  @Test func `The formula of a pooling gives the shape, whatever the window`() throws {
    var count = 0
    for input in 1...9 {
      for size in 1...4 {
        for stride in 1...4 {
          for pad in ["0", "1", "\"same\""] where pad != "1" || size > 1 {
            for dilation in 1...2 {
              let call =
                "maxpool(ones(1, 1, \(input), 9), [\(size), 1], [\(stride), 1], [[0, 0], [0, 0]], [\(dilation), 1]"
              let padded =
                pad == "0" ? call : call.replacing("[[0, 0], [0, 0]]", with: pad == "1" ? "[1, 0]" : pad)
              for covers in ["true", "false"] {
                let session = TestSession()
                let code = "y = \(padded), cover_all=\(covers))"
                guard (try? session.run(code)) != nil else { continue }
                let height = try #require(Int(try session.run("print(y.shape[2])")))
                guard height > 0 else { continue }
                try session.run("explain(y, [0, 0, 0, 0])")
                guard case .lines(let lines)? = session.presenter.reports.last else { continue }
                let formula = try #require(lines.first { $0.hasPrefix("H: ") })
                #expect(formula.hasPrefix("H: \(height) = "), "\(code) \(formula)")
                let right = formula.drop { $0 != "=" }.split(separator: ",")[0]
                #expect(try value(of: right) == height, "\(code) \(formula)")
                count += 1
              }
            }
          }
        }
      }
    }
    #expect(count > 500)
  }

  @Test func `trace draws a branch for each operand`() throws {
    #expect(
      try lines("x = ones(2)\na = x + x * 2\ntrace(a)") == [
        "a  2  = x + x * 2  line 2", "├ x  2  = ones(2)  line 1", "└ 2  = x * 2  line 2",
        "  └ x  2  = ones(2)  line 1",
      ])
    let deep = try lines("x = ones(2)\na = x * 2 + x\ntrace(a)")
    #expect(deep[1].hasPrefix("├ ") && deep[2].hasPrefix("│ └ ") && deep[3].hasPrefix("└ "))
  }

  @Test(arguments: ["x |> net", "net(x)"])
  func `trace knows what the members of a Sequential gave`(call: String) throws {
    let lines = try lines(
      "net = Sequential(Conv2D(1, 2, 3), tanh, Sequential(MaxPool2D(2), tanh))\nx = ones(1, 1, 8, 8)\nz = \(call)\ntrace(z)"
    )
    #expect(lines.first?.contains("= \(call)  line 3") == true, "\(lines)")
    for part in ["= x |> net[0]  line 3", "= x |> net[0] |> net[1]  line 3"] {
      #expect(lines.contains { $0.hasSuffix(part) }, "\(lines)")
    }
    #expect(lines.contains { $0.hasSuffix("x |> net[0] |> net[1] |> net[2][0]  line 3") }, "\(lines)")
    #expect(lines.last?.contains("x  1×1×8×8  = ones(1, 1, 8, 8)") == true)
  }

  @Test(arguments: [
    "Sequential(Conv2D(1, 2, 3), relu, Conv2D(2, 2, 3), relu)",
    "Sequential(Conv2D(1, 2, 3), relu, MaxPool2D(2))",
    "Sequential(tanh, Conv2D(1, 2, 3))",
    "Sequential(Conv2D(1, 4, 3), BatchNorm2D(4), relu, MaxPool2D(2), tanh, MaxPool2D(2, 1))",
  ])
  func `What explain says to type shows the values that were gone`(model: String) throws {
    let session = TestSession()
    try session.run("seed(3)\nnet = \(model)\nx = rand(1, 1, 40, 40)\nz = x |> net")
    try session.run("before = z\nexplain(z, [0, 0, 1, 1])")
    guard case .lines(let lines)? = session.presenter.reports.last else { return }
    let first = try #require(lines.firstIndex { $0.hasSuffix("To see its values:") }, "\(lines)")
    for line in lines[(first + 1)...] { try session.run(line) }
    #expect(try session.run("print(allclose(z, before))") == "true")
    try session.run("explain(z, [0, 0, 1, 1])")
    guard case .lines(let again)? = session.presenter.reports.last else { return }
    #expect(!again.contains { $0.contains("gone") || $0.contains("never kept") }, "\(again)")
  }

  @Test func `A model without a name is called by its members`() throws {
    let lines = try lines(
      "x = ones(1, 1, 8, 8)\nz = x |> (Sequential(Conv2D(1, 2, 3), tanh, MaxPool2D(2)))\ntrace(z)")
    #expect(lines.allSatisfy { !$0.hasSuffix("=   line 2") }, "\(lines)")
    #expect(lines.contains { $0.contains("= x |> Conv2D(1, 2, 3) |> tanh") }, "\(lines)")
  }
}
