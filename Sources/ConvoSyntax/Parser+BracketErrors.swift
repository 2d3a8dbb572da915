extension Parser {
  /// `((((…`
  mutating func tooDeep(at span: Span) -> Failure {
    fail("nesting deeper than \(Self.nestingLimit) levels", [.init(span)])
  }

  /// A bracket whose closing one is missing: `f(x`, `f(x]`, `f(x y)`.
  mutating func unclosed(expecting comma: String) -> Failure {
    guard let bracket = brackets.last?.token else { return unexpectedAfterStatement() }
    let opening = openingLabel(bracket)
    if current.kind == .end { return neverClosed() }
    if current.kind.isClosing { return mismatch() }
    if let habit = habit() { return habit }
    if current.kind == .assign { return assignmentInExpression() }
    if current.kind == .colon && (bracket.kind == .stringHead || bracket.kind == .stringMiddle) {
      return fail(
        "expected `}`, found `:`", [.init(current.span), opening],
        hint: "numbers have no format here; round(100 * x) / 100 keeps two digits")
    }
    let closing = closingSign(bracket)
    if current.isAfterNewline {
      // A new line begins with something that cannot go on: the bracket was forgotten on a line before.
      return fail(
        "\(named(bracket)) is not closed", [opening, .init(current.span, "expected \(closing) before this")])
    }
    return fail(
      "expected an operator\(comma.isEmpty ? " or " : ", " + comma)\(closing), found \(described(current))",
      [.init(current.span), opening],
      candidate: current.kind == .equal ? line(replacing: [(current.span, "=")]) : nil,
      hint: juxtapositionHint)
  }

  /// The text ends inside of a bracket.
  mutating func neverClosed() -> Failure {
    guard let bracket = brackets.last?.token else {
      return fail("the text ends too early", [.init(current.span)])
    }
    return fail("\(named(bracket)) is never closed", [openingLabel(bracket)], isIncomplete: true)
  }

  /// `f(x]`, or `)` where nothing is open.
  mutating func mismatch() -> Failure {
    guard let bracket = brackets.last?.token else {
      return fail("\(described(current)) closes nothing", [.init(current.span)])
    }
    return fail(
      "\(described(current)) does not close \(named(bracket))", [place(current), openingLabel(bracket)],
      helps: [.init("close it with \(closingSign(bracket))")])
  }

  private func named(_ bracket: Token) -> String {
    switch bracket.kind {
    case .stringHead, .stringMiddle: "the `{` in the string"
    default: "`\(source.text(of: bracket.span))`"
    }
  }

  private func openingLabel(_ bracket: Token) -> Diagnostic.Label {
    // The token of an interpolation ends with its `{`.
    .init(Span(bracket.span.end - 1, bracket.span.end), "opened here")
  }

  private func closingSign(_ bracket: Token) -> String {
    switch bracket.kind {
    case .leftParenthesis: "`)`"
    case .leftBracket: "`]`"
    default: "`}`"
    }
  }

  /// `f(a, k=1, b)`
  mutating func positionalAfterNamed(_ argument: Argument, before named: Argument?) -> Failure {
    var labels = [Diagnostic.Label(argument.value.span)]
    if let named { labels.append(.init(named.nameSpan, "the first argument with a name")) }
    return fail("an argument without a name follows one with a name", labels)
  }

  /// `()`
  mutating func emptyParentheses(_ start: Span) -> Failure {
    fail("the parentheses are empty", [.init(start)], helps: [.init("[]", gives: "the empty list")])
  }

  /// `(1, 2)`
  mutating func tuple(_ start: Span) -> Failure {
    var replacement: String?
    let tokens = tokensOnLine(from: Token(kind: .leftParenthesis, span: start, isAfterNewline: false))
    var depth = 0
    for token in tokens {
      if token.kind == .leftParenthesis { depth += 1 }
      if token.kind == .rightParenthesis { depth -= 1 }
      if depth == 0 {
        replacement = line(replacing: [(start, "["), (token.span, "]")])
        break
      }
    }
    return fail(
      "there are no tuples: expected `)`, found `,`", [.init(current.span), .init(start, "opened here")],
      candidate: replacement, hint: "a list is written [a, b]")
  }

  /// `{1, 2}`
  mutating func expectedKey() -> Failure {
    if current.kind == .end { return neverClosed() }
    if current.kind.isClosing { return mismatch() }
    let opening = brackets.last.map { [openingLabel($0.token)] } ?? []
    let text = source.text(of: current.span)
    return fail(
      "expected a key, found \(described(current))", [.init(current.span)] + opening,
      hint: current.kind == .number
        ? "a key is a name or a string: \"\(text)\": …" : "a record is written {name: value}")
  }

  /// `{a = 1}`
  mutating func expectedColon(afterKey key: Span) -> Failure {
    if current.kind == .end { return neverClosed() }
    return fail(
      "expected `:` after the key `\(source.text(of: key))`, found \(described(current))",
      [.init(current.span)],
      hint: "a record is written {name: value}; a block stands only after if, for, while, else and fn(…)")
  }
}
