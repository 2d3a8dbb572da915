import CEdit
internal import ConvoFormats

#if canImport(Glibc)
  import Glibc
#endif

/// Writes to stdout and stderr. A reader that went away ends the process quietly; a full disk is an error.
public final class StandardOutput: OutputSink {
  private var buffer: [UInt8] = []
  /// Whether something was to be said on stderr that could not be written there.
  public private(set) var hasLostDiagnostics = false

  /// The process's own streams.
  public init() {}

  /// Writes results; they go out in larger pieces, in order with the diagnostics.
  public func write(_ text: String) {
    if text.utf8.contains(0xF4) {
      buffer += PathText.bytes(text)
    } else {
      buffer.append(contentsOf: text.utf8)
    }
    if buffer.count > 1 << 15 { flush() }
  }

  /// Writes diagnostics at once.
  public func writeDiagnostic(_ text: String) {
    flush()
    cedit_erase_progress()
    let failure = send(PathText.bytes(text), to: 2)
    if failure != 0, failure != EPIPE { hasLostDiagnostics = true }
  }

  /// Says what is wrong with the command line.
  public func complain(_ message: String) {
    // With the last, nine lines at most, as for every error.
    let lines = message.split(separator: "\n").prefix(8).joined(separator: "\n")
    writeDiagnostic("error: \(lines.visibleLines)\n       convo --help lists the options\n")
  }

  /// Writes what waits.
  public func flush() {
    if buffer.isEmpty { return }
    cedit_erase_progress()
    let failure = send(buffer, to: 1)
    buffer.removeAll(keepingCapacity: true)
    if failure == 0 { return }
    // 141 is what a shell reports for a process that SIGPIPE has ended.
    if failure == EPIPE { _exit(141) }
    _ = send(
      Array("error: the output cannot be written: \(String(cString: strerror(failure)))\n".utf8), to: 2)
    exit(1)
  }

  /// Returns 0 or what went wrong.
  private func send(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start)
      }
      if count >= 0 {
        start += count
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
