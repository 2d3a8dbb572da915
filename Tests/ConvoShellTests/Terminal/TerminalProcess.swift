import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A program on a pseudo-terminal of its own, driven like a person would.
///
/// Everything waits for what must appear, up to a generous deadline; nothing sleeps for a fixed time.
final class TerminalProcess {
  /// Everything that appeared so far.
  private(set) var transcript = ""
  /// What a person sees now.
  private(set) var screen: TerminalScreen
  private var seen: [UInt8] = []
  /// Where the next `expect` begins to look.
  private var position = 0
  private let main: Int32
  private let child: pid_t
  private var status: Int32?
  private var isGone = false

  /// Starts `convo` of this build, or another program.
  init(
    _ arguments: [String] = [], environment: [String: String] = [:], columns: UInt16 = 80, rows: UInt16 = 24,
    program: String = TestProgram.convo
  ) throws {
    screen = TerminalScreen(columns: columns == 0 ? 80 : Int(columns), rows: rows == 0 ? 24 : Int(rows))
    main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(main >= 0)
    var lock: Int32 = 0
    var number: Int32 = 0
    try #require(ioctl(main, 0x4004_5431, &lock) == 0)
    try #require(ioctl(main, 0x8004_5430, &number) == 0)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(main, UInt(TIOCSWINSZ), &size)

    var settings = [
      "TERM": "xterm-256color", "HOME": "/nonexistent", "CONVO_HISTORY": "", "SWIFT_BACKTRACE": "enable=no",
      "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin", "LANG": "C.UTF-8",
    ]
    settings.merge(environment) { $1 }
    let terminal = "/dev/pts/\(number)"
    child = try TestProgram.start(
      program, arguments, settings, files: [terminal, terminal, terminal], leadsSession: true)
  }

  deinit {
    if status == nil {
      kill(child, SIGKILL)
      var ignored: Int32 = 0
      waitpid(child, &ignored, 0)
    }
    if !isGone { close(main) }
  }

  /// Types text; control keys are written as their bytes.
  func type(_ text: String) { type(bytes: Array(text.utf8)) }

  /// Types bytes that need not be UTF-8. What appears meanwhile is read, or both sides would wait for one another.
  func type(bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start..<min(bytes.count, start + 1024)].withUnsafeBytes {
        write(main, $0.baseAddress, $0.count)
      }
      if count < 0 && errno != EINTR { return }
      start += max(0, count)
      while bytes.count > 1024, readMore(wait: .milliseconds(1)) {}
    }
  }

  /// Waits until Ctrl-Z has stopped the program.
  func waitUntilStopped() -> Bool {
    for _ in 0..<1000 {
      var value: Int32 = 0
      if waitpid(child, &value, WNOHANG | WUNTRACED) == child { return value & 0xFF == 0x7F }
      _ = readMore(wait: .milliseconds(10))
    }
    return false
  }

  /// What each of the program's threads does, as in `/proc/…/stat`: `S` sleeps, `R` runs.
  var threadStates: [Character] {
    let folder = "/proc/\(child)/task"
    var states: [Character] = []
    for name in Scratch.names(in: folder) {
      guard let file = fopen("\(folder)/\(name)/stat", "r") else { continue }
      defer { fclose(file) }
      var text = [CChar](repeating: 0, count: 512)
      guard fgets(&text, 512, file) != nil else { continue }
      let line = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if let state = line.split(separator: ") ").last?.first { states.append(state) }
    }
    return states
  }

  /// Ends the terminal, as closing its window does.
  func hangUp() {
    close(main)
    isGone = true
  }

  /// Changes the size of the terminal.
  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(main, UInt(TIOCSWINSZ), &size)
    screen.resize(columns: Int(columns), rows: Int(rows))
  }

  /// Waits until the screen shows just this; blanks at the ends of rows and empty rows at the end do not count.
  func expectScreen(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    expectScreen("\n\(text)\n", sourceLocation: sourceLocation) { $0.text == text }
  }

  /// Waits until the screen fulfils a condition.
  func expectScreen(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ condition: (TerminalScreen) -> Bool
  ) {
    let deadline = ContinuousClock.now + .seconds(20)
    while !condition(screen) {
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero || !readMore(wait: left) {
        Issue.record("the screen should show \(what), not\n\(screen.text)\n", sourceLocation: sourceLocation)
        return
      }
    }
  }

  /// Waits until `text` appears behind what was expected before; escape sequences are looked past.
  @discardableResult
  func expect(
    _ text: String, within seconds: Double = 20, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Bool {
    let wanted = Array(text.utf8)
    let deadline = ContinuousClock.now + .seconds(seconds)
    var searched = position
    while true {
      if let end = find(wanted, from: searched) {
        position = end
        return true
      }
      searched = max(position, seen.count - wanted.count)
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero || !readMore(wait: left) {
        Issue.record(
          "\(text.debugDescription) did not appear after \(String(decoding: seen[..<position].suffix(200), as: UTF8.self).debugDescription); then came \(String(decoding: seen[position...].suffix(400), as: UTF8.self).debugDescription)",
          sourceLocation: sourceLocation)
        return false
      }
    }
  }

  /// Waits until `text`, which may be an escape sequence, has appeared so many times.
  func waits(forRaw text: String, times: Int = 1, within seconds: Double = 20) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while transcript.ranges(of: text).count < times {
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero || !readMore(wait: left) { return false }
    }
    return true
  }

  /// What came since the last `expect`, after waiting until nothing came for `quiet` milliseconds.
  func settle(quiet: Int32 = 150) -> String {
    while true {
      var one = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
      if poll(&one, 1, quiet) <= 0 || !readMore(wait: .seconds(1)) { break }
    }
    return String(decoding: seen[position...], as: UTF8.self)
  }

  /// Waits for the end and returns the exit code, or minus the signal.
  func exitCode(within seconds: Double = 20) -> Int32? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      var value: Int32 = 0
      if waitpid(child, &value, WNOHANG) == child {
        let code = value & 0x7F == 0 ? (value >> 8) & 0xFF : -(value & 0x7F)
        status = code
        while !isGone, readMore(wait: .milliseconds(20)) {}
        return code
      }
      if isGone { usleep(1000) } else { _ = readMore(wait: .milliseconds(20)) }
    }
    return nil
  }

  /// Sends a signal to the program.
  func signal(_ number: Int32) { kill(child, number) }

  /// The terminal's local modes now.
  var localModes: tcflag_t {
    var modes = termios()
    tcgetattr(main, &modes)
    return modes.c_lflag
  }

  private func readMore(wait: Duration) -> Bool {
    var one = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
    let (seconds, attoseconds) = wait.components
    let milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    if poll(&one, 1, max(1, milliseconds)) <= 0 { return false }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(main, &bytes, bytes.count)
    if count <= 0 { return false }
    transcript += String(decoding: bytes[..<count], as: UTF8.self)
    screen.write(bytes[..<count])
    append(bytes[..<count])
    return true
  }

  private var escape: [UInt8] = []

  /// Keeps what is not an escape sequence.
  private func append(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if escape.isEmpty {
        if byte == 0x1B { escape = [byte] } else { seen.append(byte) }
      } else {
        escape.append(byte)
        let isControl = escape.count >= 2 && escape[1] == 0x5B
        if (isControl && escape.count > 2 && (0x40...0x7E).contains(byte))
          || (!isControl && !(0x20...0x2F).contains(byte))
        {
          escape = []
        }
      }
    }
  }

  private func find(_ wanted: [UInt8], from first: Int) -> Int? {
    guard seen.count - first >= wanted.count else { return nil }
    return (first...(seen.count - wanted.count)).first { start in
      seen[start..<(start + wanted.count)].elementsEqual(wanted)
    }.map { $0 + wanted.count }
  }
}
