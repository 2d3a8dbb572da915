internal import ConvoInterpreter
internal import ConvoSyntax

/// Helps the line editor with what the session knows: names, attributes, parameters, open brackets.
public final class SessionAssistant: EditingAssistant {
  private let session: Session
  private let highlighter: Highlighter

  /// Helps with a session's names.
  public init(_ session: Session) {
    self.session = session
    let builtins = session.evaluator.builtins
    highlighter = Highlighter { builtins[$0] != nil }
  }

  /// Whether Enter adds a line instead of running the input.
  public func isUnfinished(_ text: String) -> Bool {
    let first = text.utf8.first { $0 != 0x20 }
    if first == 0x3A || first == 0x21 { return false }
    return Parser.isUnfinished(SourceText(name: "repl", text), options: .init(allowsCommands: true))
  }

  /// A part of the input with colours.
  public func highlighted(_ text: String, cursor: Int, in range: Range<Int>) -> StyledText {
    highlighter.highlight(text, cursor: cursor, in: range)
  }

  /// Two blanks for each bracket that is open; nothing inside a string, to which they would belong.
  public func indentation(after text: String) -> String {
    var depth = 0
    for token in Tokenizer.tokens(of: SourceText(name: "", text)) {
      switch token.kind {
      case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
      case .rightParenthesis, .rightBracket, .rightBrace: depth = max(0, depth - 1)
      case .unterminatedString: return ""
      default: break
      }
    }
    return String(repeating: "  ", count: depth)
  }

  /// What Tab offers.
  public func completion(_ before: String) -> Completion {
    Completer(session: session).completion(before)
  }
}
