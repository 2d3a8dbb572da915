extension Parser {
  /// The tokenizer's error at the current token.
  mutating func lexicalFailure() -> Failure {
    guard let error = tokenizer.error else { return fail("the text cannot be read", [.init(current.span)]) }
    let message = error.message(about: source.text(of: current.span))
    switch error {
    case .unterminatedString(_, let brace?):
      return fail(message, [.init(brace, "opened here")], hint: error.hint, isIncomplete: true)
    case .unterminatedString(let opening, nil):
      return fail(message, [.init(opening, "opened here")], isIncomplete: true)
    case .foreignOperator(_, let instead?):
      return fail(
        message, [.init(current.span)], candidate: lineWithoutForeignSigns(),
        hint: "write `\(instead)`")
    case .unknownCharacter(let scalar):
      let candidate = LexicalError.lookalike(scalar).flatMap { _ in lineWithoutForeignSigns() }
      return fail(message, [.init(current.span)], candidate: candidate, hint: error.hint)
    default: return fail(message, [.init(current.span)], hint: error.hint)
    }
  }

  /// The line with its foreign signs replaced: `&&` by `and`, curly quotes by straight ones.
  private func lineWithoutForeignSigns() -> String? {
    let line = source.location(of: current.span.start).line
    let start = current.span.start - source.location(of: current.span.start).column
    let text = SourceText(name: "", source.line(line))
    var replacements: [(Span, String)] = []
    var rest = Tokenizer(text)
    while replacements.count < 20 {
      let token = rest.next()
      if token.kind == .end { break }
      guard token.kind == .error else { continue }
      let instead: String? =
        switch rest.error {
        case .foreignOperator("!", _): "not "
        case .foreignOperator(_, let sign): sign
        case .unknownCharacter(let scalar): LexicalError.lookalike(scalar)
        default: nil
        }
      guard let instead else { return nil }
      replacements.append((Span(token.span.start + start, token.span.end + start), instead))
    }
    return self.line(replacing: replacements)
  }

  /// A value is missing before the current token.
  mutating func expectedValue() -> Failure {
    if let habit = operatorHabit() { return habit }
    if current.kind == .end {
      if !brackets.isEmpty { return neverClosed() }
      return fail("expected a value after \(described(previous))", [.init(previous.span)], isIncomplete: true)
    }
    if current.kind.isClosing && current.kind != brackets.last?.token.kind.closing {
      if !brackets.isEmpty || previous.kind == .end { return mismatch() }
    }
    if current.kind.category == .keyword { return keywordAsValue() }
    if previous.kind.category == .keyword && current.kind == .assign { return keywordAssigned(previous) }
    if current.span.start == statementStart { return unexpectedStatement() }
    let isUnpacking = current.kind == .star || current.kind == .doubleStar
    return fail(
      "expected a value after \(described(previous)), found \(described(current))", [place(current)],
      hint: isUnpacking && brackets.last?.token.kind == .leftParenthesis
        ? "arguments are written one by one" : nil)
  }

  private mutating func unexpectedStatement() -> Failure {
    if current.kind.isClosing { return mismatch() }
    if current.kind == .doubleSlash || current.kind == .slash {
      return fail(
        "a statement cannot begin with \(described(current))", [.init(current.span)],
        hint: "# begins a comment")
    }
    return fail("a statement cannot begin with \(described(current))", [.init(current.span)])
  }

  /// `x = else`, `true = 3`, `a == not b`
  private mutating func keywordAsValue() -> Failure {
    if tokenizer.following.kind == .assign { return keywordAssigned(current) }
    let text = source.text(of: current.span)
    switch current.kind {
    case .else: return fail("`else` without an `if` before it", [.init(current.span)])
    case .not:
      return fail(
        "`not` binds more loosely than \(described(previous))", [.init(current.span)],
        hint: "put it in parentheses: (not x)")
    case .if:
      return fail(
        "`if` is a statement, not a value", [.init(current.span)],
        hint: "where(condition, a, b) chooses a value")
    case .and, .or, .in:
      return fail("`\(text)` has nothing on its left", [.init(current.span)])
    default:
      return fail("`\(text)` is a statement, not a value", [.init(current.span)])
    }
  }

  /// `for = 3`
  mutating func keywordAssigned(_ keyword: Token) -> Failure {
    fail("`\(source.text(of: keyword.span))` is a keyword and cannot be assigned", [.init(keyword.span)])
  }

  /// `a < b < c`
  mutating func chainedComparison(_ left: Expression, _ sign: Token, _ right: Expression) -> Failure {
    let second = current
    let rightText = source.text(of: right.span)
    let help = line(replacing: [(Span(right.span.end, right.span.end), " and \(rightText)")])
    return fail(
      "comparisons do not chain", [.init(second.span), .init(sign.span)],
      candidate: rightText.utf8.count <= 40 ? help : nil, hint: "a < b and b < c")
  }

  /// `f(a.b=1)`
  mutating func notArgumentName(_ left: Expression) -> Failure {
    fail(
      "the name of an argument is a single word", [.init(left.span)],
      candidate: line(replacing: [(current.span, "==")]), hint: "`==` compares")
  }

  /// `1e400`
  mutating func warnInfinite(_ span: Span) {
    warnings.append(
      Diagnostic("the number is too large and becomes infinite", source: source, labels: [.init(span)]))
  }

  /// `"{}"`
  mutating func emptyInterpolation() -> Failure {
    let brace = brackets.last?.token.span.end ?? current.span.start
    return fail(
      "the braces in the string are empty", [.init(Span(brace - 1, brace))],
      helps: [.init("{{}} writes braces in a string")])
  }

  /// `"a } b"`
  mutating func loneBrace(at index: Int) -> Failure {
    fail(
      "`}` in a string has no `{` before it", [.init(Span(index, index + 1))],
      helps: [.init("}} writes a brace in a string")])
  }

  /// A raw escape character in a string.
  mutating func controlCharacter(at index: Int) -> Failure {
    let byte = source.bytes[index]
    return fail(
      LexicalError.controlCharacter(byte).message(about: ""), [.init(Span(index, index + 1))],
      helps: [.init("\\u{\(String(byte, radix: 16, uppercase: true))} writes it in a string")])
  }

  /// `"\q"`
  mutating func unknownEscape(_ span: Span) -> Failure {
    fail(
      "`\(source.text(of: span))` is not an escape", [.init(span)],
      helps: [.init("\\n \\t \\\\ \\\" \\' \\u{1F600} are escapes; \\\\ writes a backslash, {{ a brace")])
  }

  /// `"\u{110000}"`
  mutating func badCodePoint(_ span: Span) -> Failure {
    fail(
      "`\(source.text(of: span))` is not a character", [.init(span)],
      helps: [.init("\\u{1F600} has 1 to 8 hexadecimal digits")])
  }
}
