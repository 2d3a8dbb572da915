import CEdit

// Keys that take away more than a character; what they took comes back with Ctrl-Y.
extension LineEditor {
  /// What a key takes away, seen from the cursor.
  enum Killing {
    /// To the end of the line; at its end, the newline.
    case restOfLine
    /// From the beginning of the line.
    case startOfLine
    /// Back to the blank before.
    case blankWord
    /// Back to the beginning of a word.
    case wordBefore
    /// To the end of a word.
    case wordAfter
  }

  func undoChange() -> Int32 {
    guard let (text, cursor) = undo.back() else { return CC_ERROR }
    replace(text, cursor: cursor)
    return CC_NORM
  }

  func delete() -> Int32 {
    let count = nextCharacterLength
    if count == 0 { return CC_ERROR }
    el_cursor(editor, Int32(count))
    el_deletestr(editor, Int32(count))
    return CC_NORM
  }

  /// Ctrl-D: on an empty input it is the end of all input.
  func endOrDelete() -> Int32 { content.text.isEmpty ? CC_EOF : delete() }

  func backspace() -> Int32 {
    let count = previousCharacterLength
    if count == 0 { return CC_ERROR }
    el_deletestr(editor, Int32(count))
    return CC_NORM
  }

  /// Takes away and remembers.
  func kill(_ what: Killing) -> Int32 {
    let (text, cursor) = place
    let before = text.unicodeScalars[..<cursor]
    let after = text.unicodeScalars[cursor...]
    func isWord(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic || scalar.isNumeric }
    func length(_ scalars: some Sequence<Unicode.Scalar>, _ skips: (Unicode.Scalar) -> Bool) -> Int {
      let gap = scalars.prefix(while: skips).count
      return gap + scalars.dropFirst(gap).prefix { !skips($0) }.count
    }
    let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" }
    switch what {
    case .restOfLine:
      let count = after.prefix { $0 != "\n" }.count
      return take(after: count == 0 && !after.isEmpty ? 1 : count, after)
    case .startOfLine: return take(before: before.reversed().prefix { $0 != "\n" }.count, before)
    case .blankWord: return take(before: length(before.reversed(), isBlank), before)
    case .wordBefore: return take(before: length(before.reversed()) { !isWord($0) }, before)
    case .wordAfter: return take(after: length(after) { !isWord($0) }, after)
    }
  }

  private func take(before count: Int, _ scalars: Substring.UnicodeScalarView) -> Int32 {
    if count == 0 { return CC_ERROR }
    killed = String(scalars.suffix(count))
    el_deletestr(editor, Int32(count))
    return CC_NORM
  }

  private func take(after count: Int, _ scalars: Substring.UnicodeScalarView) -> Int32 {
    if count == 0 { return CC_ERROR }
    el_cursor(editor, Int32(count))
    return take(before: count, scalars.prefix(count))
  }
}

extension Unicode.Scalar {
  /// Whether this is a digit or the underscore, which names may hold.
  fileprivate var isNumeric: Bool { properties.numericType != nil || self == "_" }
}
