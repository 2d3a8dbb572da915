import ConvoEngine
import ConvoTensor

/// The table of `convo-bench --errors`: how far each layer is from the definition, summed in float64.
struct Accuracy {
  let settings: EngineSettings

  /// Runs each layer by the algorithm of its shape, with and without Winograd's transforms, and by the definition.
  func run(_ layers: [Layer]) throws {
    print(column("layer", 28) + column("algorithm", 16) + number("error", 10) + number("exact", 10))
    for layer in layers where layer.kind == "conv" {
      let (input, weight) = try layer.operands()
      var plain = settings
      plain.algorithm = .named("reference")
      var definition = layer.operation(input, weight, plain)
      let wanted = try definition.result()
      var errors: [Double] = []
      for exact in [false, true] {
        var chosen = settings
        chosen.exact = exact
        var operation = layer.operation(input, weight, chosen)
        errors.append(Accuracy.error(of: try operation.result(), from: wanted))
      }
      let algorithm = (layer.operation(input, weight, settings) as? Convolution)?.algorithmName ?? layer.kind
      print(
        column(layer.name, 28) + column(algorithm, 16) + number(scientific(errors[0]), 10)
          + number(scientific(errors[1]), 10))
      flushOutput()
    }
  }

  /// The largest difference, as a part of the largest wanted number.
  private static func error(of found: Tensor, from wanted: Tensor) -> Double {
    var (largest, worst) = (0.0, 0.0)
    found.withUnsafeFloats { found in
      wanted.withUnsafeFloats { wanted in
        for index in wanted.indices {
          largest = max(largest, abs(Double(wanted[index])))
          worst = max(worst, abs(Double(found[index]) - Double(wanted[index])))
        }
      }
    }
    return worst / largest
  }
}
