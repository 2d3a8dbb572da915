internal import CKernels

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The leaf loops of one CPU variant, chosen once per process.
///
/// `CONVO_KERNELS=avx2` (or `generic`) lowers the choice, for tests and for bug reports.
public struct KernelSet: Sendable {
  /// Its place in the list of `kernel_sets.inc`.
  let index: Int
  nonisolated(unsafe) let table: UnsafePointer<kernel_set>

  /// `avx512`, `avx2` or `generic`.
  public var name: String { String(cString: table.pointee.name) }

  /// Floats in one vector.
  public var lanes: Int { Int(table.pointee.lanes) }

  /// Whether flat convolutions read each weight from as many copies as a vector has lanes.
  var copiesWeights: Bool { table.pointee.convolution.flat_splats != 0 }

  /// Whether this CPU can run it.
  public var isSupported: Bool { kernel_set_is_supported(Int32(index)) != 0 }

  /// Every variant of this build, best first.
  public static let all: [KernelSet] = (0..<Int(kernel_set_count())).map {
    KernelSet(index: $0, table: kernel_set_at(Int32($0)))
  }

  /// The variants that this CPU runs, best first; never empty.
  public static let supported: [KernelSet] = all.filter(\.isSupported)

  /// The best variant, or the one that `CONVO_KERNELS` names if the CPU runs it.
  public static let initial: KernelSet = {
    if let wanted = getenv("CONVO_KERNELS"), let set = named(String(cString: wanted)) { return set }
    return supported[0]
  }()

  /// The supported variant of that name.
  public static func named(_ name: String) -> KernelSet? { supported.first { $0.name == name } }

  /// The variant in use.
  public static var current: KernelSet { EngineSettings.current.kernels }
}
