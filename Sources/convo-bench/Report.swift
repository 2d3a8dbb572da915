import ConvoEngine
import ConvoTensor
import Glibc

/// The table that `convo-bench` prints: a row for each layer.
struct Report {
  let settings: EngineSettings
  let seconds: Double

  /// Measures and prints.
  func run(_ layers: [Layer]) throws {
    let peak = measuredPeak(runs: 20)
    print(
      "kernels \(settings.kernels.name), \(settings.threads) thread\(settings.threads == 1 ? "" : "s"), "
        + "measured peak \(fixed(peak, 1)) GFLOP/s a core")
    print(
      column("layer", 28) + column("algorithm", 16) + number("ms", 10) + number("median", 10)
        + number("GFLOP/s", 10)
        + number("of peak", 9) + number("scratch KB", 12))
    for layer in layers {
      let (input, weight) = try layer.operands()
      let operation = layer.operation(input, weight, settings)
      var output = try Tensor(uninitialized: operation.outputShape())
      // The first run packs the weights, which stay; what the others need beside them is scratch.
      try operation.evaluate(into: &output)
      let inUse = MemoryBudget.inUse
      MemoryBudget.resetHighWater()
      try operation.evaluate(into: &output)
      let scratch = MemoryBudget.highWater - inUse
      // The clock goes up and down: a layer is compared with the better of what the units reached before and after it.
      let before = measuredPeak(runs: 5)
      let m = try Measurement.run(seconds: seconds, minimum: 5) { try operation.evaluate(into: &output) }
      let peak = max(before, measuredPeak(runs: 5))
      let rate = 2 * Double(operation.multiplyAdds) / m.minimum * 1e-9
      let share = rate / (peak * Double(settings.threads))
      let algorithm = (operation as? Convolution)?.algorithmName ?? layer.kind
      print(
        column(layer.name, 28) + column(algorithm, 16) + number(fixed(m.minimum * 1e3, 4), 10)
          + number(fixed(m.median * 1e3, 4), 10) + number(weight == nil ? "-" : fixed(rate, 1), 10)
          + number(weight == nil ? "-" : fixed(share * 100, 0) + " %", 9)
          + number("\((scratch + 1023) / 1024)", 12))
      flushOutput()
    }
  }

  /// What the multiply-add units reach, the best of a few runs.
  func measuredPeak(runs: Int) -> Double {
    var best = 0.0
    for _ in 0..<runs {
      let start = Measurement.now()
      let operations = settings.kernels.runPeak(rounds: 100_000)
      best = max(best, operations / (Measurement.now() - start) * 1e-9)
    }
    return best
  }
}

/// `value` with `digits` behind the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let rounded = Int((value * scale).rounded())
  if digits == 0 { return "\(rounded)" }
  let fraction = String(rounded % Int(scale))
  return "\(rounded / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// `value` as in `1.9e-06`, with one digit behind the point.
func scientific(_ value: Double) -> String {
  if value == 0 || !value.isFinite { return "\(value)" }
  var exponent = Int(log10(value).rounded(.down))
  var digits = Int((value / pow(10, Double(exponent)) * 10).rounded())
  if digits >= 100 { (digits, exponent) = (10, exponent + 1) }
  let size = abs(exponent)
  return "\(digits / 10).\(digits % 10)e\(exponent < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)"
}

/// `text` from the left in a column.
func column(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}

/// `text` from the right in a column.
func number(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(1, width - text.count)) + text
}
