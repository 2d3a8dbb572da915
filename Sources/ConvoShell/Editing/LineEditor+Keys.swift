import CEdit

#if canImport(Glibc)
  import Glibc
#endif

// What the keys do that libedit does not do by itself.
extension LineEditor {
  private typealias Action = (LineEditor) -> Int32

  /// Keys and the commands that they run, unless `~/.editrc` says otherwise. With vi's keys those that only move are
  /// bound in command mode too.
  private static let bindings: [(keys: [String], command: String, moves: Bool)] = [
    (["\\e[1;5C", "\\e[1;3C", "\\e\\e[C"], "em-next-word", true),
    (["\\e[1;5D", "\\e[1;3D", "\\e\\e[D"], "ed-prev-word", true),
    (["^A", "\\e[H", "\\e[1~", "\\e[7~", "\\eOH"], "convo-line-start", true),
    (["^E", "\\e[F", "\\e[4~", "\\e[8~", "\\eOF"], "convo-line-end", true),
    (["\\e<", "\\e[1;5H"], "ed-move-to-beg", true), (["\\e>", "\\e[1;5F"], "ed-move-to-end", true),
    (["^P", "\\e[A", "\\eOA"], "convo-up", true), (["^N", "\\e[B", "\\eOB"], "convo-down", true),
    (["^F", "\\e[C", "\\eOC"], "convo-right", true), (["^B", "\\e[D", "\\eOD"], "convo-left", true),
    (["^R"], "convo-search-older", true), (["^S"], "convo-search-newer", true),
    (["^L"], "convo-clear", true), (["^_"], "convo-undo", true), (["^I"], "convo-complete", false),
    (["}"], "convo-close", false),
    (["\\e[3~"], "convo-delete", true), (["^?", "^H"], "convo-backspace", false),
    (["^K"], "convo-kill-line", false), (["^U"], "convo-kill-start", false),
    (["^W"], "convo-kill-blank-word", false), (["\\ed", "\\e[3;5~"], "convo-kill-word", false),
    (["\\e^?", "\\e^H"], "convo-kill-word-before", false), (["^Y"], "convo-yank", false),
  ]

  /// Binds the keys, and those of `~/.editrc` over them.
  func bindKeys() {
    addCommands()
    addMore()
    bindConveniences()
    // A line that changes between vi's and emacs' keys clears all keys; what follows it may change them again.
    cedit_source(editor) { LineEditor.of($0)?.bindConveniences() }
    bindEssentials()
  }

  private func define(_ name: String, _ help: String, _ function: @escaping cedit_command_fn) {
    cedit_define(editor, name, help, function)
  }

  private func addCommands() {
    define("convo-undo", "Take the last change back") { editor, _ in
      LineEditor.run(editor) { $0.undoChange() }
    }
    define("convo-clear", "Clear the screen") { editor, _ in LineEditor.run(editor) { $0.clearScreen() } }
    define("convo-complete", "Complete what stands before the cursor") { editor, _ in
      LineEditor.run(editor) { $0.complete() }
    }
    define("convo-up", "Go up a line, or back in the history") { editor, _ in
      LineEditor.run(editor) { $0.moveUp() }
    }
    define("convo-down", "Go down a line, or forward in the history") { editor, _ in
      LineEditor.run(editor) { $0.moveDown() }
    }
    define("convo-right", "Go right, or take the suggestion") { editor, _ in
      LineEditor.run(editor) { $0.moveRight() }
    }
    define("convo-left", "Go left by a whole character") { editor, _ in
      LineEditor.run(editor) { $0.moveLeft() }
    }
    define("convo-line-start", "Go to the beginning of the line") { editor, _ in
      LineEditor.run(editor) { $0.moveToLineStart() }
    }
    define("convo-line-end", "Go to the end of the line, or take the suggestion") { editor, _ in
      LineEditor.run(editor) { $0.moveToLineEnd() }
    }
    define("convo-delete", "Delete the character at the cursor") { editor, _ in
      LineEditor.run(editor) { $0.delete() }
    }
    define("convo-end-or-delete", "Delete the character at the cursor; leave on an empty input") {
      editor, _ in LineEditor.run(editor) { $0.endOrDelete() }
    }
    define("convo-backspace", "Delete the character before the cursor") { editor, _ in
      LineEditor.run(editor) { $0.backspace() }
    }
    define("convo-kill-line", "Take away the rest of the line") { editor, _ in
      LineEditor.run(editor) { $0.kill(.restOfLine) }
    }
    define("convo-kill-start", "Take away the line up to the cursor") { editor, _ in
      LineEditor.run(editor) { $0.kill(.startOfLine) }
    }
    define("convo-kill-blank-word", "Take away what stands before the cursor, up to a blank") { editor, _ in
      LineEditor.run(editor) { $0.kill(.blankWord) }
    }
    define("convo-kill-word", "Take away the word after the cursor") { editor, _ in
      LineEditor.run(editor) { $0.kill(.wordAfter) }
    }
    define("convo-kill-word-before", "Take away the word before the cursor") { editor, _ in
      LineEditor.run(editor) { $0.kill(.wordBefore) }
    }
    define("convo-yank", "Put back what was taken away") { editor, _ in
      LineEditor.run(editor) { $0.insert($0.killed) }
    }
    define("convo-enter", "Run the input, or add a line to it") { editor, _ in
      LineEditor.run(editor) { $0.enter() }
    }
    define("convo-newline", "Add a line to the input") { editor, _ in
      LineEditor.run(editor) { $0.insert("\n") }
    }
    define("convo-close", "Close a block") { editor, _ in LineEditor.run(editor) { $0.closeBlock() } }
    define("convo-paste", "Take a pasted text as it is") { editor, _ in LineEditor.run(editor) { $0.paste() }
    }
  }

  private func addMore() {
    define("convo-insert", "Insert the letter") { editor, key in
      LineEditor.run(editor) { $0.insert(String(Unicode.Scalar(UInt8(truncatingIfNeeded: key)))) }
    }
    define("convo-search-older", "Search back in the history while the pattern is typed") { editor, key in
      LineEditor.run(editor) { $0.search(.older, key: key) }
    }
    define("convo-search-newer", "Search forward in the history while the pattern is typed") { editor, key in
      LineEditor.run(editor) { $0.search(.newer, key: key) }
    }
  }

  private func bind(_ key: String, _ command: String, inCommandMode: Bool) {
    cedit_bind(editor, key, command)
    if inCommandMode && cedit_is_vi(editor) { cedit_bind_alternate(editor, key, command) }
  }

  /// What `~/.editrc` may bind to something else.
  private func bindConveniences() {
    for (keys, command, moves) in LineEditor.bindings {
      for key in keys { bind(key, command, inCommandMode: moves) }
    }
    if cedit_is_vi(editor) {
      cedit_bind_alternate(editor, "k", "convo-up")
      cedit_bind_alternate(editor, "j", "convo-down")
      cedit_bind_alternate(editor, "/", "convo-search-older")
      cedit_bind_alternate(editor, "?", "convo-search-newer")
    }
  }

  /// In a long text emacs' letters are inserted here: libedit would measure all of it for each. What only libedit does,
  /// a count before a letter and overwriting, has to wait until the text is short again.
  func bindLetters(isLong: Bool) {
    if isLong == bindsLetters || cedit_is_vi(editor) { return }
    bindsLetters = isLong
    for letter in UInt8(0x20)..<0x7F where letter != 0x7D {
      let key = (letter == 0x5C || letter == 0x5E ? "\\" : "") + String(Unicode.Scalar(letter))
      cedit_bind(editor, key, isLong ? "convo-insert" : "ed-insert")
    }
  }

  /// What the shell cannot do without.
  private func bindEssentials() {
    // Enter itself cannot end an empty input, which would look like the end of all input: it pushes this key.
    bind("^^", "ed-newline", inCommandMode: true)
    if cedit_is_vi(editor) {
      cedit_bind(editor, "^]", "vi-command-mode")
      cedit_set_lone_escape(0x1D)
    }
    for key in ["^M", "^J"] {
      bind(key, "convo-enter", inCommandMode: true)
      bind("\\e" + key, "convo-newline", inCommandMode: true)
    }
    bind("\\e[200~", "convo-paste", inCommandMode: true)
    bind("^D", "convo-end-or-delete", inCommandMode: true)
  }

  private static func run(_ editor: OpaquePointer?, _ action: Action) -> UInt8 {
    guard let this = LineEditor.of(editor) else { return UInt8(CC_ERROR) }
    return UInt8(action(this))
  }

  func insert(_ text: String) -> Int32 {
    el_insertstr(editor, text) == 0 ? CC_NORM : CC_ERROR
  }

  func enter() -> Int32 {
    let (text, cursor) = content
    if !text.isEmpty && assistant.isUnfinished(text) {
      let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
      // What stands behind the cursor goes down with it, and blanks before it would be too many.
      let blanks = text.utf8.dropFirst(cursor).prefix { $0 == 0x20 }.count
      var indentation = assistant.indentation(after: before)
      let closes = text.utf8.dropFirst(cursor + blanks).first.map { "}])".utf8.contains($0) } ?? false
      if closes { indentation.removeLast(min(2, indentation.utf8.count)) }
      indentation.removeLast(min(blanks, indentation.utf8.count))
      return insert("\n" + indentation)
    }
    el_push(editor, "\u{1E}")
    return CC_NORM
  }

  /// A brace that closes a block stands one step further to the left than what it closes.
  private func closeBlock() -> Int32 {
    let (text, cursor) = content
    let line = text.utf8.prefix(cursor).reversed().prefix { $0 != 0x0A }
    if line.count < cursor, line.count >= 2, line.allSatisfy({ $0 == 0x20 }) { el_deletestr(editor, 2) }
    return insert("}")
  }

  /// A pasted text: nothing of it runs, and control characters other than newline and tab are dropped.
  func paste() -> Int32 {
    guard let text = pastedText() else { return CC_EOF }
    return text.isEmpty ? CC_NORM : insert(text)
  }

  /// The text of a paste that has begun; nil when Ctrl-C came or the terminal is gone.
  func pastedText() -> String? {
    var count = 0
    guard let bytes = cedit_read_paste(&count) else { return nil }
    defer { free(bytes) }
    let raw = UnsafeRawBufferPointer(start: bytes, count: count)
    return String(decoding: raw, as: UTF8.self).replacingLineEnds
  }
}

extension String {
  /// Lines end with `\n`, at the end of the text they do not, and nothing else that controls a terminal is left.
  fileprivate var replacingLineEnds: String {
    var result = ""
    var isAfterReturn = false
    for scalar in unicodeScalars {
      if scalar == "\r" {
        result += "\n"
      } else if scalar == "\n" {
        if !isAfterReturn { result += "\n" }
      } else if scalar == "\t"
        || (scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80..<0xA0).contains(scalar.value))
      {
        result.unicodeScalars.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    while result.unicodeScalars.last == "\n" { result.unicodeScalars.removeLast() }
    return result
  }
}
