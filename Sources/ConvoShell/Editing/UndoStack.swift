/// The states of an input that Ctrl-_ goes back to.
struct UndoStack {
  private struct State {
    var text: String
    var cursor: Int
  }
  private var states: [State] = []

  /// Remembers a state. Letters typed one after the other make one step with the word they belong to.
  mutating func note(_ text: String, _ cursor: Int) {
    guard let last = states.last else {
      states = [State(text: text, cursor: cursor)]
      return
    }
    if last.text == text {
      states[states.count - 1].cursor = cursor
      return
    }
    let grew = text.utf8.count == last.text.utf8.count + 1 && text.hasBytePrefix(last.text)
    let isWord = grew && text.utf8.last.map { $0 != 0x20 && $0 != 0x0A } == true
    if isWord && states.count > 1 && last.text.utf8.last != 0x20 {
      states[states.count - 1] = State(text: text, cursor: cursor)
    } else {
      states.append(State(text: text, cursor: cursor))
    }
    // Of a text of megabytes, only a few states.
    let limit = max(4, min(500, (1 << 24) / max(1, text.utf8.count)))
    if states.count > limit { states.removeFirst(states.count - limit) }
  }

  /// The state before the last change.
  mutating func back() -> (text: String, cursor: Int)? {
    guard states.count > 1 else { return nil }
    states.removeLast()
    return states.last.map { ($0.text, $0.cursor) }
  }
}
