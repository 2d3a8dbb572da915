import Testing

@testable import ConvoInterpreter

/// `summary` knows how far an element of a result sees, which is tried here by changing pixels of the input.
@Suite(.serialized) struct ReceptiveFieldTests {
  /// Models whose rows are told, with what they are called.
  static let models = [
    "fn(x) = conv2d(x, ones(1, 1, 3, 3), pad=1)", "fn(x) = maxpool(x, 2)", "fn(x) = upsample(x, 2)",
    "fn(x) = upsample(x, 3)", "fn(x) = upsample(x, 2, \"bilinear\")", "fn(x) = upsample(x, 3, \"bilinear\")",
    "fn(x) = upsample(maxpool(x, 2), 2)", "fn(x) = conv2d(upsample(x, 2), ones(1, 1, 3, 3))",
    "fn(x) = conv2d(upsample(x, 4), ones(1, 1, 3, 3))",
    "fn(x) = conv_transpose2d(x, ones(1, 1, 2, 2), stride=2)",
    "fn(x) = conv_transpose2d(x, ones(1, 1, 4, 4), stride=2, pad=1)",
    "fn(x) = conv2d(conv_transpose2d(x, ones(1, 1, 4, 4), stride=2, pad=1), ones(1, 1, 3, 3))",
    "fn(x) = conv_transpose2d(conv2d(x, ones(1, 1, 3, 3), stride=2), ones(1, 1, 3, 3), stride=2)",
    "fn(x) = concat([conv2d(x, ones(1, 1, 5, 5), pad=2), maxpool(x, 3, 1, 1)], axis=1)",
    "fn(x) = conv2d(concat([x, conv2d(x, ones(1, 1, 3, 3), pad=1)], axis=1), ones(1, 2, 3, 3))",
    "fn(x) = conv2d(upsample(maxpool(x, 2), 2), ones(1, 1, 3, 3))",
    "fn(x) = upsample(conv2d(upsample(maxpool(x, 2), 2), ones(1, 1, 3, 3), pad=1), 2, \"bilinear\")",
    "fn(x) = filter2d(x, ones(5, 5))", "fn(x) = conv2d(x, ones(1, 1, 3, 3), dilation=3)",
  ]

  /// The rows of the input that an element of the output changes with, of those that see most.
  private func seen(_ model: String) throws -> Int {
    let session = TestSession()
    try session.run(
      """
      fn seen(model) {
        most = 0
        h = shape(model(zeros(1, 1, 24, 24)))[2]
        for row in range(h) {
          first = 24
          last = 0
          for i in range(24) {
            x = zeros(1, 1, 24, 24)
            x[0, 0, i, :] = 1
            y = model(x)
            if max(abs(y[0, :, row, floor(shape(y)[3] / 2)])) > 0 {
              first = minimum(first, i)
              last = i
            }
          }
          most = maximum(most, last - first + 1)
        }
        most
      }
      """)
    return try #require(Int(try session.run("print(seen(\(model)))")))
  }

  private func table(_ model: String) throws -> [[Substring]] {
    let session = TestSession()
    try session.run("summary(\(model), [1, 1, 24, 24])")
    guard case .lines(let lines)? = session.presenter.reports.last else { return [] }
    return lines.map { $0.split(separator: " ") }
  }

  @Test(arguments: models)
  func `The receptive field is the number of pixels that change an element`(model: String) throws {
    let rows = try table(model).filter { $0.first.map { Int($0) != nil } ?? false }
    // The last columns: field, step, bytes and their unit.
    let last = try #require(rows.last)
    #expect(last[last.count - 4] == "\(try seen(model))", "\(last)")
  }

  @Test func `The step of enlarged pictures is a part of a pixel`() throws {
    let rows = try table(
      "Sequential(MaxPool2D(4), ConvTranspose2D(1, 1, 2, stride=2), fn(x) = upsample(x, 4))")
    #expect(
      rows.filter { $0.first.map { Int($0) != nil } ?? false }.map { $0[$0.count - 3] } == ["4", "2", "1/2"])
  }

  @Test func `Of a batch norm two numbers for each channel are trained, and the others are told`() throws {
    let session = TestSession()
    try session.run("summary(Sequential(Conv2D(3, 8, 3), BatchNorm2D(8)), [1, 3, 9, 9])")
    guard case .lines(let lines)? = session.presenter.reports.last else { return }
    let row = try #require(lines.first { $0.contains("BatchNorm2D") }).split(separator: " ")
    #expect(row.contains("16"))
    #expect(lines.contains { $0.contains("total") && $0.contains(" 240 ") })
    #expect(lines.last == "and 16 buffers: mean and var, not trained")
  }
}
