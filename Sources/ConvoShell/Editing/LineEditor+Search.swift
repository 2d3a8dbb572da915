import CEdit

// Ctrl-R and Ctrl-S. libedit's own search compiles a pattern for every entry; this one looks at 10 000 in a millisecond.
extension LineEditor {
  /// Takes all keys until one ends the search: Enter runs what was found, Ctrl-G and Ctrl-C put the input back, and any
  /// other key is done to what was found.
  ///
  /// - Parameter key: the key that began the search, and that goes on in the same direction.
  func search(_ direction: IncrementalSearch.Direction, key: Int32) -> Int32 {
    let (text, cursor) = content
    search = IncrementalSearch(history, from: text, cursor: cursor, direction)
    defer { search = nil }
    while true {
      switch cedit_read(editor) {
      case 0: return CC_EOF
      case ..<0, 0x07:
        if cedit_line_was_interrupted() { cedit_forget_interrupt() }
        return CC_NORM
      case 0x12: search?.goOn(.older, before: lastPattern)
      case 0x13: search?.goOn(.newer, before: lastPattern)
      case let again where again == key && key < 0x20: search?.goOn(direction, before: lastPattern)
      case 0x08, 0x7F: if search?.shorten() == false { return CC_NORM }
      case 0x1B where cedit_take("[200~"):
        if let text = pastedText() { search?.extend(text) }
      case 0x1B where !cedit_input_comes(50): return takeFound()
      case let letter where letter >= 0x20:
        if let scalar = Unicode.Scalar(UInt32(letter)) { search?.extend(String(scalar)) }
      case let other:
        let result = takeFound()
        el_push(editor, String(Unicode.Scalar(UInt8(truncatingIfNeeded: other))))
        return result
      }
      if let pattern = search?.pattern, !pattern.isEmpty { lastPattern = pattern }
    }
  }

  /// What was found becomes the input; Up and Down go on from where it stands in the history.
  private func takeFound() -> Int32 {
    guard let search, search.hasFound else { return CC_NORM }
    let (text, cursor) = search.shown
    browsing = Browsing(original: search.original, prefix: "", index: search.index, shown: text)
    replace(text, cursor: cursor)
    return CC_NORM
  }

  /// The search's prompt, as text and with its looks.
  func searchPrompt(_ search: IncrementalSearch, columns: Int) -> (text: String, styled: String) {
    let text = search.prompt(columns: columns)
    return (text, renderer.render(StyledText(text, search.hasFailed ? .alarm : .frame)))
  }
}
