/// A search through the history that follows each letter of its pattern.
struct IncrementalSearch {
  /// Where the search goes.
  enum Direction {
    case older, newer
  }

  private struct Step {
    var pattern: String
    var index: Int
    var hasFailed: Bool
  }

  /// The input as it was when the search began; it stands behind the latest entry.
  let original: String
  let originalCursor: Int
  private(set) var direction: Direction
  /// What is looked for: any part of an entry, its newlines included.
  private(set) var pattern = ""
  /// The position of the entry that is shown; behind the last one for the original.
  private(set) var index: Int
  /// Whether nothing further has the pattern; what was found last stays then.
  private(set) var hasFailed = false
  /// The states before each letter, for Backspace.
  private var steps: [Step] = []
  private let history: History

  init(_ history: History, from text: String, cursor: Int, _ direction: Direction) {
    self.history = history
    self.direction = direction
    original = text
    originalCursor = cursor
    index = history.entries.count
  }

  /// Whether an entry is shown, not the original.
  var hasFound: Bool { index < history.entries.count }

  /// What is shown, and where in it the pattern stands, in UTF-8 bytes.
  var shown: (text: String, cursor: Int) {
    guard hasFound else { return (original, originalCursor) }
    let text = history.entries[index]
    return (text, text.byteOffset(of: pattern) ?? 0)
  }

  /// Adds letters to the pattern; the entry that is shown stays as long as it fits.
  mutating func extend(_ letters: String) {
    steps.append(Step(pattern: pattern, index: index, hasFailed: hasFailed))
    pattern += letters
    if hasFailed || (hasFound && history.entries[index].byteOffset(of: pattern) != nil) { return }
    find()
  }

  /// Takes the letters back that came last, and with them what they led to.
  mutating func shorten() -> Bool {
    guard let step = steps.popLast() else { return false }
    (pattern, index, hasFailed) = (step.pattern, step.index, step.hasFailed)
    return true
  }

  /// Goes on to the next entry; without a pattern, to that of the search before.
  mutating func goOn(_ direction: Direction, before: String) {
    self.direction = direction
    if pattern.isEmpty {
      if !before.isEmpty { extend(before) }
    } else {
      find()
    }
  }

  private mutating func find() {
    let found =
      direction == .older
      ? history.older(than: index, containing: pattern) : history.newer(than: index, containing: pattern)
    hasFailed = found == nil
    index = found ?? index
  }

  /// What stands in place of the prompt: the beginning of a long pattern, and of the words, gives way.
  func prompt(columns: Int) -> String {
    let words = (hasFailed ? "failed " : "") + (direction == .older ? "reverse-i-search" : "i-search")
    let pattern = DisplayWidth.visible(self.pattern).text
    let full = "(\(words))`\(pattern)': "
    if DisplayWidth.of(full) <= columns / 2 { return full }
    let room = max(1, columns / 2 - 5)
    let width = DisplayWidth.of(pattern)
    return "`" + DisplayWidth.slice(pattern, from: max(0, width - room), width: room) + "': "
  }
}
