/// An error on its way out of the parser, with what might be typed instead.
struct Mistake {
  var diagnostic: Diagnostic
  /// Code that is offered only if it parses.
  var candidate: String?
  /// Words that are offered where no code is.
  var hint: String?
}

extension Parser {
  /// Notes an error for the entry point to throw.
  mutating func fail(
    _ message: String, _ labels: [Diagnostic.Label], helps: [Diagnostic.Help] = [], candidate: String? = nil,
    hint: String? = nil, isIncomplete: Bool = false
  ) -> Failure {
    let diagnostic = Diagnostic(
      message, source: source, labels: labels, helps: helps, isIncomplete: isIncomplete)
    mistake = Mistake(diagnostic: diagnostic, candidate: candidate, hint: hint)
    return Failure()
  }

  /// The noted error, its suggestion tried now that the deep frames are gone.
  func finalDiagnostic() -> Diagnostic {
    guard let mistake else { return Diagnostic("the text cannot be read", source: source, labels: []) }
    var diagnostic = mistake.diagnostic
    if let candidate = mistake.candidate, canParse(candidate) {
      diagnostic.helps.append(.init(candidate))
    } else if let hint = mistake.hint {
      diagnostic.helps.append(.init(hint))
    }
    return diagnostic
  }

  private func canParse(_ candidate: String) -> Bool {
    var parser = Parser(SourceText(name: source.name, candidate), options: options)
    do {
      _ = try parser.program()
      return true
    } catch {
      return parser.mistake?.diagnostic.isIncomplete ?? false
    }
  }

  /// The line of a span with some places replaced; nil where it would be too long to read.
  func line(replacing replacements: [(Span, String)]) -> String? {
    guard let first = replacements.first?.0, let last = replacements.last?.0 else { return nil }
    var start = first.start
    while start > 0, source.bytes[start - 1] != 0x0A, first.start - start < 200 { start -= 1 }
    var end = last.end
    while end < source.bytes.count, source.bytes[end] != 0x0A, end - last.end < 200 { end += 1 }
    guard end - start <= 120 else { return nil }
    var text = ""
    var position = start
    for (span, replacement) in replacements {
      text += source.text(of: Span(position, span.start)) + replacement
      position = span.end
    }
    text += source.text(of: Span(position, end))
    let trimmed = SourceText(name: "", text)
    return trimmed.text(of: trimmed.trimmed(Span(0, trimmed.bytes.count)))
  }

  /// The tokens from a token on to the end of its line.
  func tokensOnLine(from first: Token) -> [Token] {
    var rest = tokenizer
    rest.position = first.span.start
    rest.openStrings = []
    var tokens: [Token] = []
    while tokens.count < 100 {
      let token = rest.next()
      if token.kind == .end || (token.isAfterNewline && !tokens.isEmpty) { break }
      tokens.append(token)
    }
    return tokens
  }

  /// Where the statement ends whose line goes on at a token: before `;`, a comment or the bracket around it.
  func endOfStatement(from first: Token) -> Int {
    var end = first.span.end
    var depth = 0
    for token in tokensOnLine(from: first) {
      if token.kind == .semicolon && depth == 0 { break }
      if token.kind.closing != nil { depth += 1 }
      if token.kind.isClosing { depth -= 1 }
      if depth < 0 { break }
      end = token.span.end
    }
    return end
  }

  /// Where a token that is to blame is shown: of a string's rest only the `}`.
  func place(_ token: Token) -> Diagnostic.Label {
    switch token.kind {
    case .stringTail, .stringMiddle: .init(Span(token.span.start, token.span.start + 1))
    default: .init(token.span)
    }
  }

  /// A token as a message names it.
  func described(_ token: Token) -> String {
    if token.kind == .end { return "the end" }
    if token.kind == .stringTail || token.kind == .stringMiddle { return "`}`" }
    let text = source.text(of: token.span)
    if text.utf8.count > 24 || text.utf8.contains(0x0A) { return "a \(token.kind.category)" }
    return "`\(text)`"
  }
}
