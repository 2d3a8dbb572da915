internal import ConvoTensor

/// One way to compute a convolution: its name, the problems it accepts, and how it runs.
///
/// A new algorithm is one file that defines such a value, and its place in ``all``.
public struct ConvolutionAlgorithm: Sendable, Equatable {
  /// What `CONVO_ALGORITHM` and `convo-bench --algorithm` call it.
  public let name: String
  /// Whether it computes this problem, and better than those behind it in the list.
  let accepts: @Sendable (ConvolutionGeometry, EngineSettings) -> Bool
  /// Whether it computes this problem at all, for when it is forced.
  let canRun: @Sendable (ConvolutionGeometry, EngineSettings) -> Bool
  /// Rows of output that are computed together, and whose bits hang on it.
  var rowsTogether = 1
  let run: @Sendable (ConvolutionProblem) throws(OperationError) -> Void

  /// Every algorithm in order of preference; the reference accepts everything.
  public static let all: [ConvolutionAlgorithm] =
    beforeWinograd + winograd + afterWinograd

  private static let beforeWinograd: [ConvolutionAlgorithm] = [.matrix, .depthwise, .channelwise]
  private static let afterWinograd: [ConvolutionAlgorithm] = [.blocked, .flat, .reference]

  /// The algorithm of that name.
  public static func named(_ name: String) -> ConvolutionAlgorithm? { all.first { $0.name == name } }

  /// The forced algorithm if it can, otherwise the first that accepts.
  static func choice(for geometry: ConvolutionGeometry, _ settings: EngineSettings) -> ConvolutionAlgorithm {
    if let forced = settings.algorithm, forced.canRun(geometry, settings) { return forced }
    for algorithm in beforeWinograd where algorithm.accepts(geometry, settings) { return algorithm }
    // Forms are weighed against one another once, not each for itself: a small convolution takes less than a microsecond.
    if let scheme = WinogradPlan.best(geometry, settings) { return winograd[scheme.index] }
    for algorithm in afterWinograd where algorithm.accepts(geometry, settings) { return algorithm }
    return .reference
  }

  /// Names are unique.
  public static func == (left: ConvolutionAlgorithm, right: ConvolutionAlgorithm) -> Bool {
    left.name == right.name
  }
}
