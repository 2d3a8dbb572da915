internal import ConvoTensor

/// Winograd's convolution: tiles of outputs are computed from transformed inputs with a part of the multiplications.
///
/// Tiles are transformed channel block by channel block, multiplied position by position through the kernel of blocked
/// convolution, and transformed back on their way to memory. Where taps are apart (dilation), the pixels of each phase are a
/// picture of their own. Where outputs are apart (stride), or the window is wide, it is cut into parts whose products are
/// summed before the way back, as those of channels are. The points of the forms keep the error at 1.2–3.8e-6 of the largest
/// output; the exact setting does without them.
extension ConvolutionAlgorithm {
  /// All forms.
  static let winograd: [ConvolutionAlgorithm] = WinogradScheme.all.map(winograd)

  private static func winograd(_ scheme: WinogradScheme) -> ConvolutionAlgorithm {
    ConvolutionAlgorithm(
      name: scheme.name,
      accepts: { g, settings in WinogradPlan.best(g, settings) === scheme },
      canRun: { g, _ in WinogradPlan.canRun(g, scheme) },
      rowsTogether: scheme.down.tile
    ) { problem throws(OperationError) in
      try WinogradPlan(problem.geometry, problem.settings, scheme).run(problem)
    }
  }
}
