import CEdit

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

// How the cursor moves in an input of several lines, and from there into the history.
extension LineEditor {
  var previousCharacterLength: Int {
    let (text, cursor) = content
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    return before.last?.unicodeScalars.count ?? 0
  }

  var nextCharacterLength: Int {
    let (text, cursor) = content
    let after = String(decoding: Array(text.utf8.dropFirst(cursor)), as: UTF8.self)
    return after.first?.unicodeScalars.count ?? 0
  }

  func moveLeft() -> Int32 {
    el_cursor(editor, -Int32(previousCharacterLength))
    return CC_CURSOR
  }

  func moveToLineStart() -> Int32 {
    let (text, cursor) = content
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self).unicodeScalars
    el_cursor(editor, -Int32(before.reversed().prefix { $0 != "\n" }.count))
    return CC_CURSOR
  }

  func moveToLineEnd() -> Int32 {
    let (text, cursor) = content
    let after = String(decoding: Array(text.utf8.dropFirst(cursor)), as: UTF8.self).unicodeScalars
    let count = after.prefix { $0 != "\n" }.count
    if count == 0 && after.isEmpty { return takeSuggestion() }
    el_cursor(editor, Int32(count))
    return CC_CURSOR
  }

  func moveRight() -> Int32 {
    let count = nextCharacterLength
    if count > 0 {
      el_cursor(editor, Int32(count))
      return CC_CURSOR
    }
    return takeSuggestion()
  }

  private func takeSuggestion() -> Int32 {
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

  func moveUp() -> Int32 {
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

  func moveDown() -> Int32 {
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
}
