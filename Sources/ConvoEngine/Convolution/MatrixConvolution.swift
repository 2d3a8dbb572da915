internal import CKernels
internal import ConvoTensor

/// A window as large as the picture: one number for each output channel, so that the pictures of a batch are the rows of a
/// matrix, and the windows those of another.
///
/// Nothing is packed: a weight is read once for the whole batch, and its way from memory is what such a layer costs.
extension ConvolutionAlgorithm {
  static let matrix = ConvolutionAlgorithm(
    name: "matrix", accepts: { g, _ in isWholePicture(g) }, canRun: { g, _ in isWholePicture(g) }
  ) { problem throws(OperationError) in
    let g = problem.geometry
    let product = MatrixMultiplication(
      rows: g.batch, columns: g.outputs, depth: g.channels * g.taps, rightIsTransposed: true,
      settings: problem.settings)
    try product.run(problem.input, problem.weight, problem.output)
    for picture in 0..<g.batch {
      for channel in 0..<g.outputs {
        let place = picture * g.outputs + channel
        var value = problem.output[place]
        if let bias = problem.bias { value += bias[channel] }
        if let residual = problem.residual { value += residual[place] }
        problem.output[place] = problem.activation(value)
      }
    }
  }

  private static func isWholePicture(_ g: ConvolutionGeometry) -> Bool {
    g.groups == 1 && g.window == g.input && g.output == Extent2(1) && !g.hasPadding
      && g.dilation == Extent2(1)
  }
}
