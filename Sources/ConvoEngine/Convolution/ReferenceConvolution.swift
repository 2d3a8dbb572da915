internal import ConvoTensor

/// The plain definition, summed in float64: what every other algorithm is compared with, and the last resort.
extension ConvolutionAlgorithm {
  static let reference = ConvolutionAlgorithm(
    name: "reference", accepts: { _, _ in true }, canRun: { _, _ in true }
  ) { problem throws(OperationError) in
    let g = problem.geometry
    let planes = g.batch * g.groups * g.outputs
    try Workers.parallel(chunks: planes, work: problem.nanoseconds, threads: problem.settings.threads) {
      plane, _ in
      let n = plane / (g.groups * g.outputs)
      let channel = plane % (g.groups * g.outputs)
      let group = channel / g.outputs
      let input = problem.input + (n * g.groups + group) * g.channels * g.inputPlane
      let weight = problem.weight + channel * g.channels * g.taps
      for y in 0..<g.output.height {
        for x in 0..<g.output.width {
          var sum = Double(problem.bias.map { $0[channel] } ?? 0)
          for c in 0..<g.channels {
            for r in 0..<g.window.height {
              let row = y * g.stride.height + r * g.dilation.height - g.padding.top
              if row < 0 || row >= g.input.height { continue }
              for s in 0..<g.window.width {
                let column = x * g.stride.width + s * g.dilation.width - g.padding.left
                if column < 0 || column >= g.input.width { continue }
                sum +=
                  Double(input[(c * g.input.height + row) * g.input.width + column])
                  * Double(weight[(c * g.window.height + r) * g.window.width + s])
              }
            }
          }
          let place = plane * g.outputPlane + y * g.output.width + x
          if let residual = problem.residual { sum += Double(residual[place]) }
          problem.output[place] = problem.activation(Float(sum))
        }
      }
    }
  }
}
