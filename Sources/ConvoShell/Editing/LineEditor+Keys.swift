import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// How far Up and Down have walked through the history.
struct Browsing {
  /// What the input was before; it comes back at the end of the walk.
  var original: String
  /// What the inputs that are shown begin with.
  var prefix: String
  /// The position in the history.
  var index: Int
  /// What was shown last; once it is edited, the walk is over.
  var shown: String
}

// What the keys do that libedit does not do by itself.
extension LineEditor {
  private typealias Action = (LineEditor) -> Int32

  /// Gives libedit a command and the keys that run it, in both of vi's modes.
  private func define(
    _ name: String, _ help: String, keys: [String], _ function: @escaping cedit_command_fn
  ) {
    cedit_define(editor, name, help, function)
    for key in keys {
      cedit_bind(editor, key, name)
      if cedit_is_vi(editor) { cedit_bind_alternate(editor, key, name) }
    }
  }

  /// Binds the keys, and those of `~/.editrc` over them.
  func bindKeys() {
    bindConveniences()
    el_source(editor, nil)
    bindEssentials()
  }

  /// What `~/.editrc` may bind to something else.
  private func bindConveniences() {
    for (key, command) in [
      ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"), ("\\e[1;3C", "em-next-word"),
      ("\\e[1;3D", "ed-prev-word"), ("\\e[H", "ed-move-to-beg"), ("\\e[F", "ed-move-to-end"),
      ("\\e[1~", "ed-move-to-beg"), ("\\e[4~", "ed-move-to-end"), ("^R", "em-inc-search-prev"),
      ("^S", "em-inc-search-next"), ("^W", "ed-delete-prev-word"), ("\\e\\e[C", "em-next-word"),
      ("\\e\\e[D", "ed-prev-word"), ("^L", "ed-clear-screen"),
    ] { cedit_bind(editor, key, command) }
    define("convo-undo", "Take the last change back", keys: ["^_"]) { editor, _ in
      LineEditor.run(editor) { this in
        guard let (text, cursor) = this.undo.back() else { return CC_ERROR }
        this.replace(text, cursor: cursor)
        return CC_REFRESH
      }
    }
    define("convo-complete", "Complete what stands before the cursor", keys: ["^I"]) { editor, _ in
      LineEditor.run(editor) { $0.complete() }
    }
    define("convo-up", "Go up a line, or back in the history", keys: ["^P", "\\e[A", "\\eOA"]) { editor, _ in
      LineEditor.run(editor) { $0.moveUp() }
    }
    define("convo-down", "Go down a line, or forward in the history", keys: ["^N", "\\e[B", "\\eOB"]) {
      editor, _ in
      LineEditor.run(editor) { $0.moveDown() }
    }
    define("convo-right", "Go right, or take the suggestion", keys: ["^F", "\\e[C", "\\eOC"]) { editor, _ in
      LineEditor.run(editor) { $0.moveRight() }
    }
    define("convo-left", "Go left by a whole character", keys: ["^B", "\\e[D", "\\eOD"]) { editor, _ in
      LineEditor.run(editor) { this in
        el_cursor(this.editor, -Int32(this.previousCharacterLength))
        return CC_CURSOR
      }
    }
    define("convo-delete", "Delete the character at the cursor", keys: ["\\e[3~"]) { editor, _ in
      LineEditor.run(editor) { this in
        let count = this.nextCharacterLength
        if count == 0 { return CC_ERROR }
        el_cursor(this.editor, Int32(count))
        el_deletestr(this.editor, Int32(count))
        return CC_REFRESH
      }
    }
    define("convo-backspace", "Delete the character before the cursor", keys: ["^?", "^H"]) { editor, _ in
      LineEditor.run(editor) { this in
        let count = this.previousCharacterLength
        if count == 0 { return CC_ERROR }
        el_deletestr(this.editor, Int32(count))
        return CC_REFRESH
      }
    }
  }

  /// What the shell cannot do without.
  private func bindEssentials() {
    // Enter itself cannot end an empty input, which would look like the end of all input: it pushes this key.
    cedit_bind(editor, "^^", "ed-newline")
    if cedit_is_vi(editor) {
      cedit_bind_alternate(editor, "^^", "ed-newline")
      cedit_bind(editor, "^]", "vi-command-mode")
      cedit_set_lone_escape(0x1D)
    }
    define("convo-enter", "Run the input, or add a line to it", keys: ["^M", "^J"]) { editor, _ in
      LineEditor.run(editor) { $0.enter() }
    }
    define("convo-newline", "Add a line to the input", keys: ["\\e^M", "\\e^J"]) { editor, _ in
      LineEditor.run(editor) { $0.insert("\n") }
    }
    define("convo-paste", "Take a pasted text as it is", keys: ["\\e[200~"]) { editor, _ in
      LineEditor.run(editor) { $0.paste() }
    }
  }

  private static func run(_ editor: OpaquePointer?, _ action: Action) -> UInt8 {
    guard let this = LineEditor.of(editor) else { return UInt8(CC_ERROR) }
    return UInt8(action(this))
  }

  func insert(_ text: String) -> Int32 {
    el_insertstr(editor, text) == 0 ? CC_REFRESH : CC_ERROR
  }

  private func enter() -> Int32 {
    let (text, cursor) = content
    let isAtEnd = cursor == text.utf8.count
    if !text.isEmpty && assistant.isUnfinished(text) {
      let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
      return insert("\n" + (isAtEnd ? assistant.indentation(after: before) : ""))
    }
    el_push(editor, "\u{1E}")
    return CC_NORM
  }

  /// A pasted text: nothing of it runs, and control characters other than newline and tab are dropped.
  private func paste() -> Int32 {
    var count = 0
    guard let bytes = cedit_read_paste(&count) else { return CC_EOF }
    defer { free(bytes) }
    let raw = UnsafeBufferPointer(start: bytes, count: count).map { UInt8(bitPattern: $0) }
    let text = String(decoding: raw, as: UTF8.self).replacingLineEnds
    return text.isEmpty ? CC_NORM : insert(text)
  }

  // MARK: Moving

  private var previousCharacterLength: Int {
    let (text, cursor) = content
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    return before.last?.unicodeScalars.count ?? 0
  }

  private var nextCharacterLength: Int {
    let (text, cursor) = content
    let after = String(decoding: Array(text.utf8.dropFirst(cursor)), as: UTF8.self)
    return after.first?.unicodeScalars.count ?? 0
  }

  private func moveRight() -> Int32 {
    let count = nextCharacterLength
    if count > 0 {
      el_cursor(editor, Int32(count))
      return CC_CURSOR
    }
    if suggestion.isEmpty { return CC_NORM }
    let taken = suggestion
    suggestion = ""
    return insert(taken)
  }

  /// The lines of the text, the line of the cursor, and the cursor's column in characters.
  private var position: (lines: [Substring], line: Int, column: Int) {
    let (text, cursor) = content
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    let parts = before.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines, max(0, parts.count - 1), parts.last?.count ?? 0)
  }

  private func go(toLine line: Int, column: Int, _ lines: [Substring]) -> Int32 {
    let before = lines.prefix(line).reduce(0) { $0 + $1.utf8.count + 1 }
    let (text, _) = content
    replace(text, cursor: before + lines[line].prefix(column).utf8.count)
    return CC_REFRESH
  }

  private func moveUp() -> Int32 {
    let (lines, line, column) = position
    if line > 0 { return go(toLine: line - 1, column: column, lines) }
    let (text, cursor) = content
    if browsing?.shown != text {
      let prefix = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
      browsing = Browsing(original: text, prefix: prefix, index: history.entries.count, shown: text)
    }
    guard var walk = browsing, let found = history.older(than: walk.index, prefix: walk.prefix, unlike: text)
    else { return CC_ERROR }
    walk.index = found
    return show(history.entries[found], walk)
  }

  private func moveDown() -> Int32 {
    let (lines, line, column) = position
    if line + 1 < lines.count { return go(toLine: line + 1, column: column, lines) }
    let (text, _) = content
    guard var walk = browsing, walk.shown == text else { return CC_ERROR }
    if let found = history.newer(than: walk.index, prefix: walk.prefix, unlike: text) {
      walk.index = found
      return show(history.entries[found], walk)
    }
    browsing = nil
    replace(walk.original)
    return CC_REFRESH
  }

  private func show(_ entry: String, _ walk: Browsing) -> Int32 {
    var walk = walk
    walk.shown = entry
    browsing = walk
    replace(entry)
    return CC_REFRESH
  }

  // MARK: Completion

  private func complete() -> Int32 {
    let (text, cursor) = content
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    if line.allSatisfy({ $0 == " " }) { return insert("  ") }
    let found = assistant.completion(before)
    let typed = Array(before.utf8.suffix(found.prefixLength))
    let common = Array(found.commonPrefix.utf8)
    if !found.candidates.isEmpty,
      common.count > typed.count || (found.candidates.count == 1 && common != typed)
    {
      el_deletestr(editor, Int32(String(decoding: typed, as: UTF8.self).unicodeScalars.count))
      return insert(String(decoding: common, as: UTF8.self))
    }
    var below: [String] = []
    if let note = found.note { below.append(renderer.render(note)) }
    if found.candidates.count > 1 {
      below += found.listing(columns: size.columns, rows: max(3, size.rows - 4))
    }
    if below.isEmpty { return CC_NORM }
    // libedit then clears the rows of the input, which it believes to be where the cursor is now, and draws it anew.
    let (above, under) = painter.rowsBelow(text, cursor: cursor)
    LineEditor.write(
      String(repeating: "\n", count: under) + "\r\n" + below.joined(separator: "\r\n") + "\r\n"
        + String(repeating: "\n", count: above))
    return CC_REDISPLAY
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
