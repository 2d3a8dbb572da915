import ConvoEngine
import ConvoTensor
import Glibc

/// Measures everything but convolution: how long an operation takes, and how many bytes of operands and results it moves
/// in a second.
struct OperationBench {
  let seconds: Double
  let only: String?
  /// Only operations whose first operand has this shape, as the table shows it.
  let shape: String?

  func run() throws {
    print("operation               shape                        median ms     best ms      GB/s   GFLOP/s")
    for operation in OperationCase.all {
      if let only, !operation.name.contains(only) { continue }
      if let shape, operation.shapes[0].description != shape { continue }
      try measure(operation)
    }
  }

  private func measure(_ measured: OperationCase) throws {
    var random = RandomSource(seed: 1)
    let operands = try measured.shapes.map { try random.normal(Shape($0)) }
    let operation = try measured.make(operands)
    let shape = try operation.outputShape()
    var output = try Tensor(uninitialized: shape)
    let result = try evaluate(operation, into: &output)
    let bytes = Double(4 * (shape.count + operands.reduce(0) { $0 + $1.count }))
    let rate = bytes / result.minimum * 1e-9
    let flops = 2 * Double(operation.multiplyAdds) / result.minimum * 1e-9
    print(
      pad(measured.name, 24) + pad(measured.shapes[0].description, 26) + number(result.median * 1e3, 12)
        + number(result.minimum * 1e3, 12) + number(rate, 10) + (flops > 0 ? number(flops, 10) : ""))
    flushOutput()
  }

  private func evaluate(_ operation: some TensorOperation, into output: inout Tensor) throws -> Measurement {
    try Measurement.run(seconds: seconds, minimum: 5) { try operation.evaluate(into: &output) }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private func number(_ value: Double, _ width: Int) -> String {
    let scale = value < 1 ? 1_000_000.0 : 100.0
    let rounded = (value * scale).rounded() / scale
    let text = "\(rounded)"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
