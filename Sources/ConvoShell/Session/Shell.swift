internal import ConvoEngine
import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// The prompt: reads inputs from a terminal, runs them, and reads on after errors and Ctrl-C.
public final class Shell {
  /// What stands before an input.
  static let prompt = "> "

  let session: Session
  private let assistant: SessionAssistant
  private let history: History
  private let wish: ColorDepth.Wish
  /// Whether the terminal cannot move its cursor.
  private var isDumb = false

  /// A prompt for a session.
  public init(_ session: Session, history: History, colors wish: ColorDepth.Wish = .auto) {
    self.session = session
    self.history = history
    self.wish = wish
    assistant = SessionAssistant(session)
  }

  /// The line above the first prompt.
  public static func banner(version: String) -> String {
    let threads = EngineSettings.current.threads
    return "convo \(version)  \(threads) thread\(threads == 1 ? "" : "s")  ? for help, Ctrl-D leaves"
  }

  /// Reads until the user leaves, and returns the exit code.
  public func run() -> Int32 {
    let depth = session.appearance.output
    let term = getenv("TERM").map { String(cString: $0) } ?? ""
    isDumb = term.isEmpty || term == "dumb"
    let canEdit = isatty(0) == 1 && isatty(1) == 1 && !isDumb
    let editor =
      canEdit
      ? LineEditor(
        prompt: Shell.prompt, assistant: assistant, history: history, renderer: TerminalRenderer(depth: depth)
      ) : nil
    let plain =
      editor == nil ? PlainReader(prompt: Shell.prompt, sink: session.sink, assistant: assistant) : nil
    session.presenter.graphics?.canAsk = editor != nil
    session.echoesKeys = editor == nil && isatty(0) == 1
    session.onEdited = { [history] in history.add($0) }
    var shape = cedit_terminal_shape()
    session.presenter.sizeIfChanged = {
      let now = cedit_terminal_shape()
      if now == shape { return nil }
      shape = now
      return Shell.terminalSize()
    }
    while true {
      session.sink.flush()
      updateSize()
      let input = editor?.read() ?? plain?.read() ?? .end
      updateSize()
      switch input {
      case .end:
        if editor != nil { session.sink.write("\n") }
        session.sink.flush()
        return 0
      case .interrupted: continue
      case .text(let text):
        guard text.utf8.contains(where: { $0 > 0x20 }) else { continue }
        history.add(text)
        if let complaint = history.takeComplaint() { session.presenter.warn(complaint) }
        if case .exit(let code) = runInput(text) {
          session.sink.flush()
          return code
        }
      }
    }
  }

  private func runInput(_ text: String) -> Session.Outcome {
    let isProgram = text.trimmed.hasPrefix("!") || text.trimmed.hasPrefix(":edit")
    if isatty(2) == 1 && !isDumb && !isProgram {
      cedit_begin_progress(2, session.appearance.diagnostics != .none)
    }
    defer { cedit_end_progress() }
    defer { if !text.trimmed.hasPrefix(":edit") { session.lastInput = text } }
    return session.enter(text)
  }

  /// The columns and rows of the terminal on stdout, if there is one.
  public static func terminalSize() -> (columns: Int, rows: Int)? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard cedit_terminal_size(1, &columns, &rows) else { return nil }
    return (max(10, Int(columns)), max(5, Int(rows)))
  }

  private func updateSize() {
    if let size = Shell.terminalSize() { (session.appearance.columns, session.appearance.rows) = size }
  }
}
