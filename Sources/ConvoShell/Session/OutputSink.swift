/// Where a session writes: results on one way, everything said about the work on the other.
public protocol OutputSink: AnyObject {
  /// Writes results.
  func write(_ text: String)
  /// Writes diagnostics, warnings, timing.
  func writeDiagnostic(_ text: String)
  /// Sees to it that everything written is on its way.
  func flush()
}

/// Keeps what a session writes, for tests.
public final class CapturedOutput: OutputSink {
  /// What went to stdout.
  public private(set) var output = ""
  /// What went to stderr.
  public private(set) var diagnostics = ""

  /// Nothing captured yet.
  public init() {}

  /// Keeps results.
  public func write(_ text: String) { output += text }

  /// Keeps diagnostics.
  public func writeDiagnostic(_ text: String) { diagnostics += text }

  /// There is nothing to wait for.
  public func flush() {}
}
