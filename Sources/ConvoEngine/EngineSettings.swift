internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What an operation may choose by itself unless it is told: threads, kernels, algorithm.
///
/// Operations take the process-wide ``current`` settings, or their own, as tests do that run beside one another.
public struct EngineSettings: Sendable {
  /// How many threads work together, 1 or more.
  public var threads: Int
  /// Whether convolutions do without Winograd's transforms, which round a little more.
  public var exact: Bool
  /// The convolution algorithm to use wherever it accepts the problem; `nil` leaves the choice to the shape.
  public var algorithm: ConvolutionAlgorithm?
  /// The CPU variant.
  public var kernels: KernelSet

  /// Settings that differ from the defaults where told.
  public init(
    threads: Int = EngineSettings.processorCount, exact: Bool = false, algorithm: ConvolutionAlgorithm? = nil,
    kernels: KernelSet = .initial
  ) {
    self.threads = max(1, min(threads, Workers.maximumThreads))
    self.exact = exact
    self.algorithm = algorithm
    self.kernels = kernels
  }

  /// The CPUs that this process may use.
  public static let processorCount = Int(parking_cpu_count())

  /// What operations use that were not told otherwise. `CONVO_ALGORITHM` forces an algorithm from the start.
  public static var current: EngineSettings {
    get {
      let algorithm = storedAlgorithm.load(ordering: .relaxed)
      return EngineSettings(
        threads: storedThreads.load(ordering: .relaxed),
        exact: storedExact.load(ordering: .relaxed),
        algorithm: algorithm < 0 ? nil : ConvolutionAlgorithm.all[algorithm],
        kernels: KernelSet.all[storedKernels.load(ordering: .relaxed)])
    }
    set {
      storedThreads.store(max(1, min(newValue.threads, Workers.maximumThreads)), ordering: .relaxed)
      storedExact.store(newValue.exact, ordering: .relaxed)
      storedAlgorithm.store(
        newValue.algorithm.flatMap { ConvolutionAlgorithm.all.firstIndex(of: $0) } ?? -1,
        ordering: .relaxed)
      storedKernels.store(newValue.kernels.index, ordering: .relaxed)
    }
  }

  private static let storedThreads = Atomic<Int>(processorCount)
  private static let storedExact = Atomic<Bool>(false)
  private static let storedKernels = Atomic<Int>(KernelSet.initial.index)
  private static let storedAlgorithm = Atomic<Int>(
    getenv("CONVO_ALGORITHM").flatMap { ConvolutionAlgorithm.named(String(cString: $0)) }
      .flatMap { ConvolutionAlgorithm.all.firstIndex(of: $0) } ?? -1)
}
