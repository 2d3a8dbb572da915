internal import ConvoInterpreter
internal import ConvoSyntax

/// Colours an input while it is typed: builtins, strings, numbers, comments; a bracket without a partner is red.
final class Highlighter {
  /// Whether a name is a builtin.
  private let isBuiltin: (String) -> Bool
  /// The text that was seen last, which most keys that move leave as it is.
  private var last: (text: String, source: SourceText, tokens: [Token])?

  init(isBuiltin: @escaping (String) -> Bool) { self.isBuiltin = isBuiltin }

  private func tokens(of text: String) -> (source: SourceText, tokens: [Token]) {
    if let last, last.text == text { return (last.source, last.tokens) }
    let source = SourceText(name: "", text)
    let tokens = Tokenizer.tokens(of: source)
    last = (text, source, tokens)
    return (source, tokens)
  }

  /// The bytes `range` of a text with colours.
  func highlight(_ text: String, cursor: Int, in range: Range<Int>) -> StyledText {
    let (source, tokens) = tokens(of: text)
    let bytes = source.bytes
    let partners = Highlighter.partners(tokens, cursor: cursor)
    var result = StyledText()
    var position = range.lowerBound
    func copy(to end: Int, _ style: Style) {
      let end = min(end, range.upperBound)
      guard end > position else { return }
      result.append(typed: String(decoding: bytes[position..<end], as: UTF8.self), style)
      position = end
    }
    for (index, token) in tokens.enumerated() where token.span.end > range.lowerBound {
      if token.span.start >= range.upperBound { break }
      copy(to: token.span.start, .plain)
      let isCalled = tokens.indices.contains(index + 1) && tokens[index + 1].kind == .leftParenthesis
      copy(
        to: token.span.end,
        style(token, source, isCalled: isCalled, isPartner: partners.contains(token.span.start)))
    }
    copy(to: range.upperBound, .plain)
    return result
  }

  private func style(_ token: Token, _ source: SourceText, isCalled: Bool, isPartner: Bool) -> Style {
    switch token.kind.category {
    case .keyword: return Style(.theme(5))
    case .number: return Style(.theme(3))
    case .string: return Style(.theme(2))
    case .comment: return Style(dim: true)
    case .error: return Style(.theme(1), bold: true)
    case .bracket: return isPartner ? Style(.theme(6), bold: true) : .plain
    case .name: return isBuiltin(source.text(of: token.span)) ? Style(.theme(6)) : .plain
    case .operator, .end: return .plain
    }
  }

  /// The starts of the bracket at or before the cursor and of its partner.
  private static func partners(_ tokens: [Token], cursor: Int) -> [Int] {
    var open: [Token] = []
    var found: [Int] = []
    for token in tokens {
      switch token.kind {
      case .leftParenthesis, .leftBracket, .leftBrace: open.append(token)
      case .rightParenthesis, .rightBracket, .rightBrace:
        guard let start = open.popLast() else { continue }
        if token.span.end == cursor || start.span.start == cursor {
          found = [start.span.start, token.span.start]
        }
      default: break
      }
    }
    return found
  }
}
