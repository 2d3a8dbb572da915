import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// Reads inputs of one or more lines from a terminal, on top of libedit.
///
/// libedit keeps the text, the cursor and the keys; colours, suggestions, history and completion are drawn and done
/// here. There is one editor in a process, because signals and the terminal are the process's own.
public final class LineEditor {
  /// What a person did at the prompt.
  public enum Input: Sendable {
    /// An input, without its last newline.
    case text(String)
    /// Ctrl-C: the input is dropped.
    case interrupted
    /// Ctrl-D on an empty input, or the terminal is gone.
    case end
  }

  let assistant: any EditingAssistant
  let history: History
  let renderer: TerminalRenderer
  var editor: OpaquePointer?
  let prompt: String
  /// The prompt with its escapes.
  let styledPrompt: String
  /// Whether everything is made ready for the first key.
  var isReady = false

  // What the keys of the present input have done so far.
  var browsing: Browsing?
  var suggestion = ""
  var undo = UndoStack()
  /// What a key took away last, in this or an earlier input.
  var killed = ""
  /// What stands on the screen.
  var drawing = Drawing.nothing
  /// What Tab found for an input taller than the screen.
  var notes: [String] = []
  /// The search of the history that takes the keys now, and what was looked for last.
  var search: IncrementalSearch?
  var lastPattern = ""
  /// Whether letters are inserted here, not by libedit.
  var bindsLetters = false

  /// An editor for the terminal on stdin and stdout; nil when there is none that could move its cursor.
  public init?(prompt: String, assistant: any EditingAssistant, history: History, renderer: TerminalRenderer)
  {
    self.assistant = assistant
    self.history = history
    self.renderer = renderer
    self.prompt = prompt
    let sign = prompt.hasSuffix(" ") ? String(prompt.dropLast()) : prompt
    styledPrompt = renderer.render(
      StyledText(sign, Style(.theme(4), bold: true)) + StyledText(String(prompt.dropFirst(sign.count))))
    cedit_guard_terminal(0)
    let client = Unmanaged.passUnretained(self).toOpaque()
    editor = cedit_open(client) { LineEditor.of($0)?.notice($1) }
    guard editor != nil else { return nil }
    cedit_set_history(
      editor, client,
      { client, operation in
        client.flatMap { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue().historyEntry(operation) }
      })
    bindKeys()
    cedit_quiet_terminal()
  }

  /// The object behind a callback of libedit.
  static func of(_ editor: OpaquePointer?) -> LineEditor? {
    cedit_client(editor).map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Shows the prompt and waits for an input.
  public func read() -> Input {
    browsing = nil
    suggestion = ""
    undo = UndoStack()
    drawing = .nothing
    searchIndex = 0
    // From here on a Ctrl-C belongs to this line, or to what the line will run.
    cedit_forget_interrupt()
    // What is typed before the terminal has its modes would be echoed twice.
    cedit_prepare(editor)
    LineEditor.write("\u{1B}[?2004h")
    cedit_set_editing(true)
    var count: Int32 = 0
    let line = el_gets(editor, &count)
    defer {
      cedit_set_editing(false)
      LineEditor.write("\u{1B}[?2004l")
      cedit_quiet_terminal()
    }
    guard let line, count > 0 else { return cedit_line_was_interrupted() ? .interrupted : .end }
    var text = String(cString: line)
    while text.utf8.last == 0x0A { text.unicodeScalars.removeLast() }
    finish(text)
    LineEditor.write("\r\n")
    return .text(text)
  }

  /// Writes to the terminal at once.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cedit_write($0.baseAddress, $0.count) }
    }
  }

  // MARK: The text

  /// The text that is edited and the cursor's position in its UTF-8 bytes.
  var content: (text: String, cursor: Int) {
    guard let info = el_wline(editor)?.pointee, let start = info.buffer, let end = info.lastchar,
      let at = info.cursor
    else { return ("", 0) }
    // `el_line` would convert it too, 30 times slower.
    let scalars = UnsafeBufferPointer(start: start, count: end - start)
    let text = String(utf32: scalars)
    if text.utf8.count == scalars.count { return (text, at - start) }
    let before = UnsafeBufferPointer(start: start, count: at - start)
    return (text, before.reduce(0) { $0 + ($1 < 0x80 ? 1 : $1 < 0x800 ? 2 : $1 < 0x10000 ? 3 : 4) })
  }

  // No command asks libedit to refresh its screen: it is mute, and would measure the whole text for it.

  /// Replaces the whole text; the cursor goes to `cursor`, a position in UTF-8 bytes, or to the end.
  func replace(_ text: String, cursor: Int? = nil) {
    el_replacestr(editor, text)
    let all = text.unicodeScalars.count
    let before = cursor.map {
      String(decoding: Array(text.utf8.prefix($0)), as: UTF8.self).unicodeScalars.count
    }
    // libedit moves relative to where the cursor is and stops at both ends.
    el_cursor(editor, -(1 << 28))
    el_cursor(editor, Int32(before ?? all))
  }

  // MARK: History for what ~/.editrc binds

  private var searchIndex = 0
  private var searchEntry: UnsafeMutablePointer<CChar>?

  /// The entry for one of libedit's requests; it lives until the next one.
  private func historyEntry(_ operation: Int32) -> UnsafePointer<CChar>? {
    let entries = history.entries
    switch operation {
    case H_FIRST: searchIndex = entries.count - 1
    case H_NEXT: searchIndex -= 1
    case H_PREV: searchIndex += 1
    case H_LAST: searchIndex = 0
    case H_CURR: break
    default: return nil
    }
    guard entries.indices.contains(searchIndex) else {
      searchIndex = min(max(searchIndex, 0), entries.count - 1)
      return nil
    }
    free(searchEntry)
    searchEntry = strdup(entries[searchIndex])
    return UnsafePointer(searchEntry)
  }
}

extension String {
  /// A text of scalars, of which none is a surrogate.
  fileprivate init(utf32 scalars: UnsafeBufferPointer<wchar_t>) {
    if scalars.reduce(0, |) < 0x80 {
      self.init(unsafeUninitializedCapacity: scalars.count) { bytes in
        for index in scalars.indices { bytes[index] = UInt8(truncatingIfNeeded: scalars[index]) }
        return scalars.count
      }
      return
    }
    var text = String.UnicodeScalarView()
    for scalar in scalars { text.append(Unicode.Scalar(UInt32(bitPattern: scalar)) ?? "\u{FFFD}") }
    self.init(text)
  }
}
