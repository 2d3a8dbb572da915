/// The user's wish to stop reading or writing a large file.
///
/// The formats know nothing of Ctrl-C: whoever does says how to ask.
public enum FileInterruption {
  private nonisolated(unsafe) static var isRequested: @Sendable () -> Bool = { false }

  /// Sets what is asked between two parts of a file: once, before the first file.
  public static func ask(_ question: @escaping @Sendable () -> Bool) { isRequested = question }

  /// Bytes between two questions; a slow disk takes 40 ms for them.
  static let partBytes = 8 << 20

  static func check() throws(FormatProblem) {
    if isRequested() { throw .interrupted }
  }
}
