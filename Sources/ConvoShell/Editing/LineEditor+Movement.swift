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
  /// The text and the cursor's place in it.
  var place: (text: String, cursor: String.Index) {
    let (text, cursor) = content
    return (text, text.utf8.index(text.startIndex, offsetBy: cursor))
  }

  var previousCharacterLength: Int {
    let (text, cursor) = place
    return text[..<cursor].last?.unicodeScalars.count ?? 0
  }

  var nextCharacterLength: Int {
    let (text, cursor) = place
    return text[cursor...].first?.unicodeScalars.count ?? 0
  }

  func moveLeft() -> Int32 {
    el_cursor(editor, -Int32(previousCharacterLength))
    return CC_NORM
  }

  func moveToLineStart() -> Int32 {
    let (text, cursor) = place
    el_cursor(editor, -Int32(text.unicodeScalars[..<cursor].reversed().prefix { $0 != "\n" }.count))
    return CC_NORM
  }

  func moveToLineEnd() -> Int32 {
    let (text, cursor) = place
    if cursor == text.endIndex { return takeSuggestion() }
    el_cursor(editor, Int32(text.unicodeScalars[cursor...].prefix { $0 != "\n" }.count))
    return CC_NORM
  }

  func moveRight() -> Int32 {
    let count = nextCharacterLength
    if count == 0 { return takeSuggestion() }
    el_cursor(editor, Int32(count))
    return CC_NORM
  }

  private func takeSuggestion() -> Int32 {
    if suggestion.isEmpty { return CC_NORM }
    let taken = suggestion
    suggestion = ""
    return insert(taken)
  }

  /// Moves to a line beside that of the cursor, into the same column of characters; whether there is such a line.
  private func moveToLine(below: Bool) -> Bool {
    let (text, cursor) = place
    let scalars = text.unicodeScalars
    func start(of index: String.Index) -> String.Index {
      scalars[..<index].lastIndex(of: "\n").map { scalars.index(after: $0) } ?? text.startIndex
    }
    func end(of index: String.Index) -> String.Index {
      scalars[index...].firstIndex(of: "\n") ?? text.endIndex
    }
    let first = start(of: cursor)
    let column = text[first..<cursor].count
    let line: String.Index
    if below {
      let last = end(of: cursor)
      if last == text.endIndex { return false }
      line = scalars.index(after: last)
    } else {
      if first == text.startIndex { return false }
      line = start(of: scalars.index(before: first))
    }
    let target = text[line..<end(of: line)].prefix(column).endIndex
    let distance =
      below ? scalars[cursor..<target].count : -scalars[target..<cursor].count
    el_cursor(editor, Int32(distance))
    return true
  }

  func moveUp() -> Int32 {
    if moveToLine(below: false) { return CC_NORM }
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
    if moveToLine(below: true) { return CC_NORM }
    let (text, _) = content
    guard var walk = browsing, walk.shown == text else { return CC_ERROR }
    if let found = history.newer(than: walk.index, prefix: walk.prefix, unlike: text) {
      walk.index = found
      return show(history.entries[found], walk)
    }
    browsing = nil
    replace(walk.original)
    return CC_NORM
  }

  private func show(_ entry: String, _ walk: Browsing) -> Int32 {
    var walk = walk
    walk.shown = entry
    browsing = walk
    replace(entry)
    return CC_NORM
  }
}
