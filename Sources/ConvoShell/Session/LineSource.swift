import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// The lines of stdin, read as they come.
final class LineSource {
  nonisolated(unsafe) static let standardInput = LineSource()
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// The next line without its end; nil at the end of the input, or when Ctrl-C interrupted the wait.
  func next() -> String? {
    guard let bytes = nextBytes() else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The next line's bytes with damaged UTF-8 left as it is.
  func nextBytes() -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        let line = buffer[start..<end]
        return line.last == 0x0D ? line.dropLast() : line
      }
      searched = buffer.count
      if isAtEnd {
        if start == buffer.count { return nil }
        defer { start = buffer.count }
        return buffer[start...]
      }
      if start > 1 << 16 {
        buffer.removeFirst(start)
        searched -= start
        start = 0
      }
      if !fill() { return nil }
    }
  }

  /// Reads once; false when Ctrl-C interrupted the wait, or came just before it.
  private func fill() -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // The handler of Ctrl-C writes to this pipe: no press is lost between the look at the count and the wait.
      var both = [
        pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
        pollfd(fd: cedit_event_fd(), events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&both, 2, -1)
      cedit_take_events()
      if cedit_is_interrupted() { return false }
      if ready <= 0 || both[0].revents == 0 { continue }
      let count = Glibc.read(0, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { isAtEnd = true } else { buffer += piece[..<count] }
      return true
    }
  }

  /// Whether a line that follows goes on with a statement that is whole already: behind blank lines and comments one begins
  /// with `|>`, `else` or `catch`.
  ///
  /// A writer that is slow to send the next line waits for an answer; it is not waited for long.
  var isContinuedOnNextLine: Bool {
    while true {
      let rest = LineSource.withoutComments(buffer[start...])
      if rest.count >= 6 || rest.contains(0x0A) || isAtEnd { return LineSource.continues(rest) }
      var wait = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      if poll(&wait, 1, 20) <= 0 || !fill() { return false }
    }
  }

  private static func continues(_ line: ArraySlice<UInt8>) -> Bool {
    if line.starts(with: "|>".utf8) { return true }
    return ["else", "catch"].contains { word in
      guard line.starts(with: word.utf8) else { return false }
      // A longer name begins with the word.
      guard let next = line.dropFirst(word.utf8.count).first else { return true }
      return next < 0x80 && next != UInt8(ascii: "_") && !(0x30...0x39).contains(next)
        && (next | 0x20) &- 0x61 >= 26
    }
  }

  /// The bytes from the first that is neither blank nor in a comment.
  private static func withoutComments(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while true {
      rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
      guard rest.first == UInt8(ascii: "#") else { return rest }
      guard let end = rest.firstIndex(of: 0x0A) else { return rest[rest.endIndex...] }
      rest = rest[end...]
    }
  }
}
