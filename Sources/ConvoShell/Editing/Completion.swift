internal import ConvoFormats

/// What the Tab key may do at a place of the input.
public struct Completion: Sendable {
  /// The part before the cursor that the candidates replace, in UTF-8 bytes.
  public var prefixLength: Int
  /// The whole words that may stand there, in the order in which they are listed.
  public var candidates: [String]
  /// What is shown below the input: the signature of the call around the cursor.
  public var note: StyledText?

  /// Nothing to complete, unless told otherwise.
  public init(prefixLength: Int = 0, candidates: [String] = [], note: StyledText? = nil) {
    self.prefixLength = prefixLength
    self.candidates = candidates
    self.note = note
  }

  /// What all candidates begin with.
  public var commonPrefix: String {
    guard var common = candidates.first else { return "" }
    for candidate in candidates.dropFirst() {
      let shared = zip(common, candidate).prefix { $0 == $1 }.count
      common = String(common.prefix(shared))
    }
    return common
  }

  /// The candidates in columns, at most `rows` lines.
  func listing(columns: Int, rows: Int) -> [String] {
    // Of a path, only the last part tells the candidates apart.
    let words = candidates.map { word -> String in
      guard let slash = word.dropLast().lastIndex(of: "/") else { return word.visible }
      return String(word[word.index(after: slash)...]).visible
    }
    let width = (words.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    let perLine = max(1, (columns - 1) / max(1, width))
    let lineCount = (words.count + perLine - 1) / perLine
    var lines: [String] = []
    for line in 0..<min(lineCount, max(1, rows)) {
      var text = ""
      for column in 0..<perLine {
        let index = column * lineCount + line
        guard index < words.count else { break }
        text += StyledText(words[index]).padded(to: width).string
      }
      lines.append(text)
    }
    if lineCount > lines.count {
      let hidden = words.count - lines.count * perLine
      lines.append("… and \(max(1, hidden)) more")
    }
    return lines
  }
}

/// What the editor asks the session while an input is typed.
public protocol EditingAssistant: AnyObject {
  /// Whether Enter adds a line instead of running the input.
  func isUnfinished(_ text: String) -> Bool
  /// What Tab offers, given the input up to the cursor.
  func completion(_ before: String) -> Completion
  /// A part of the input with colours; `cursor` is a position in UTF-8 bytes, for the bracket that matches the one there.
  func highlighted(_ text: String, cursor: Int, in range: Range<Int>) -> StyledText
  /// The blanks with which the next line of an unfinished input begins.
  func indentation(after text: String) -> String
}
