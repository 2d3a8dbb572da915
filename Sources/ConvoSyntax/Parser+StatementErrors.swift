extension Parser {
  /// Something stands after a statement on the same line.
  mutating func unexpectedAfterStatement() -> Failure {
    if current.kind.isClosing { return mismatch() }
    if let habit = habit() { return habit }
    if current.kind == .assign {
      return previous.kind.category == .keyword ? keywordAssigned(previous) : assignmentInExpression()
    }
    if current.kind == .colon && tokenizer.byte(tokenizer.position) == 0x3D {
      let sign = Span(current.span.start, tokenizer.position + 1)
      return fail("there is no operator `:=`", [.init(sign)], candidate: line(replacing: [(sign, "=")]))
    }
    if current.kind == .colon && previous.span.start == statementStart {
      return fail(
        "expected an operator or a new line, found `:`", [.init(current.span)],
        hint: "a name has no type; {a: 1} is a record")
    }
    return fail(
      "expected an operator or a new line, found \(described(current))", [place(current)],
      candidate: callForm, hint: juxtapositionHint)
  }

  /// `foo bar` as `foo(bar)`, where a name is followed by a value.
  private var callForm: String? {
    guard previous.kind == .name, previous.span.start == statementStart, current.kind != .colon else {
      return nil
    }
    guard !["is", "in"].contains(source.text(of: current.span)), startsOwnValue else { return nil }
    let argument = source.text(of: Span(current.span.start, endOfStatement(from: current)))
    if tokensOnLine(from: current).contains(where: { $0.kind == .assign }) { return nil }
    return argument.utf8.count <= 80 ? "\(source.text(of: previous.span))(\(argument))" : nil
  }

  /// Whether the current token can be the first of an argument.
  private var startsOwnValue: Bool {
    switch current.kind {
    case .name, .string, .stringHead, .true, .false, .none, .leftBrace: true
    case .number: source.bytes[current.span.start] != 0x2E
    default: false
    }
  }

  /// What may have been meant by two values side by side.
  var juxtapositionHint: String? {
    let text = source.text(of: current.span)
    if current.kind == .number && previous.kind == .name && text.hasPrefix(".") {
      let digits = text.dropFirst()
      return "an element is written \(source.text(of: previous.span))[\(digits)]"
    }
    let line = tokensOnLine(
      from: Token(kind: .name, span: Span(statementStart, statementStart), isAfterNewline: true))
    if line.contains(where: { $0.kind == .doubleSlash && $0.span.start < current.span.start }) {
      return "// divides; # begins a comment"
    }
    if previous.kind == .string && current.kind == .string {
      return "a string may span lines; one quote opens it and one closes it"
    }
    return nil
  }

  /// `x = 1 = 2`, `if x = 3 { }`
  mutating func assignmentInExpression() -> Failure {
    fail(
      "`=` assigns and cannot stand inside an expression", [.init(current.span)],
      candidate: line(replacing: [(current.span, "==")]), hint: "`==` compares")
  }

  /// `a = b = 3`
  mutating func repeatedAssignment() -> Failure {
    fail("a statement has only one `=`", [.init(current.span)], hint: "`==` compares")
  }

  /// `a = 1, 2`
  mutating func looseValues(_ value: Expression) -> Failure {
    let text = source.text(of: value.span)
    let end = endOfStatement(from: current)
    return fail(
      "expected an operator or a new line, found `,`", [.init(current.span)],
      candidate: line(replacing: [(value.span, "[\(text)"), (Span(end, end), "]")]),
      hint: "a list is written [a, b]")
  }

  /// `a, b` without `=`
  mutating func looseTuple(_ elements: [Expression]) -> Failure {
    let texts = elements.map { source.text(of: $0.span) }
    if case .binary(.equal, let last, let value, let sign)? = elements.last?.kind {
      let left = (texts.dropLast() + [source.text(of: last.span)]).joined(separator: ", ")
      return fail(
        "`==` compares; `=` assigns", [.init(sign)], candidate: "\(left) = \(source.text(of: value.span))")
    }
    let comma = elements.first?.span.end ?? statementStart
    return fail(
      "several values side by side need `=` after them or brackets around them",
      [.init(Span(comma, comma + 1))],
      candidate: "[\(texts.joined(separator: ", "))]")
  }

  /// `3 = x`, `f(x) = y`
  mutating func notAssignable(_ expression: Expression) -> Failure {
    switch expression.kind {
    case .boolean, .none:
      return keywordAssigned(Token(kind: .true, span: expression.span, isAfterNewline: false))
    case .call(let callee, _):
      if case .name = callee.kind, !isParenthesised(expression) {
        return fail(
          "a call cannot be assigned to", [.init(expression.span)],
          candidate: line(replacing: [(Span(expression.span.start, expression.span.start), "fn ")]))
      }
      return fail("a call cannot be assigned to", [.init(expression.span)])
    case .index, .attribute, .name:
      return fail(
        "only a name, or an index or attribute of one, can be assigned to", [.init(expression.span)])
    default:
      return fail(
        "only a name, or an index or attribute of one, can be assigned to", [.init(expression.span)],
        candidate: current.kind == .assign ? line(replacing: [(current.span, "==")]) : nil)
    }
  }

  /// `break` at the top.
  mutating func outsideOfLoop(_ keyword: Token) -> Failure {
    if current.kind == .assign { return keywordAssigned(keyword) }
    return fail("`\(source.text(of: keyword.span))` outside a loop", [.init(keyword.span)])
  }

  /// A sign that must come here is missing.
  mutating func expected(_ sign: String, after what: String) -> Failure {
    if current.kind == .assign && previous.kind.category == .keyword { return keywordAssigned(previous) }
    if sign == "`(`" && current.kind.category == .keyword {
      return fail("\(described(current)) is a keyword and cannot be a name", [.init(current.span)])
    }
    return fail("expected \(sign) after \(what), found \(foundHere)", [.init(current.span)])
  }

  /// A name must come here.
  mutating func expectedName(_ what: String) -> Failure {
    if current.kind == .end && !brackets.isEmpty && previous.kind != .dot { return neverClosed() }
    if current.kind == .assign && previous.kind.category == .keyword { return keywordAssigned(previous) }
    if current.kind.category == .keyword {
      return fail("\(described(current)) is a keyword and cannot be a name", [.init(current.span)])
    }
    if current.kind == .leftParenthesis && previous.kind == .for {
      return fail("expected \(what), found `(`", [.init(current.span)], hint: "for a, b in pairs { … }")
    }
    return fail("expected \(what), found \(foundHere)", [.init(current.span)])
  }

  private var foundHere: String {
    isAtLineEnd && current.kind != .end ? "the end of the line" : described(current)
  }

  /// `if c` without `{`
  mutating func expectedBlock(after what: String) -> Failure {
    switch current.kind {
    case .end:
      return fail("expected `{` after \(what)", [.init(previous.span)], isIncomplete: true)
    case .assign: return assignmentInExpression()
    case .colon:
      let rest = tokensOnLine(from: current).dropFirst()
      var replacements = [(current.span, " {")]
      if let last = rest.last?.span { replacements.append((Span(last.end, last.end), " }")) }
      return fail(
        "a block stands in braces: expected `{` after \(what), found `:`", [.init(current.span)],
        candidate: line(replacing: replacements), hint: "{ … }")
    default:
      if current.kind.isClosing { return mismatch() }
      return fail("expected `{` after \(what), found \(foundHere)", [.init(current.span)])
    }
  }

  /// `fn f(x)` without a body
  mutating func expectedFunctionBody() -> Failure {
    switch current.kind {
    case .end:
      return fail("expected `=` or `{` after the parameters", [.init(previous.span)], isIncomplete: true)
    case .equal, .colon:
      return fail(
        "expected `=` or `{` after the parameters, found \(described(current))", [.init(current.span)],
        candidate: line(replacing: [(current.span, current.kind == .colon ? " =" : "=")]),
        hint: "fn f(x) = x + 1")
    default:
      return fail(
        "expected `=` or `{` after the parameters, found \(foundHere)", [.init(current.span)],
        hint: "fn f(x) = x + 1")
    }
  }

  /// `g = fn f(x) = x`
  mutating func namedFunctionInExpression() -> Failure {
    fail(
      "a function inside an expression has no name", [.init(current.span)],
      candidate: line(replacing: [(current.span, "")]), hint: "fn(x) = x + 1")
  }

  /// `show x` in a script
  mutating func onlyAtPrompt(_ command: Command) -> Failure {
    let next = tokenizer.following
    let isAlone = next.isAfterNewline || next.kind == .end || next.kind == .semicolon
    let end = isAlone ? current.span.end : endOfStatement(from: current)
    var argument = source.text(of: source.trimmed(Span(current.span.end, end)))
    if command == .whos && !isAlone && !argument.hasPrefix("\"") { argument = "\"\(argument)\"" }
    return fail(
      "`\(command.rawValue)` without parentheses works only at the prompt",
      [.init(Span(current.span.start, end))], candidate: "\(command.rawValue)(\(argument))")
  }

  /// `a ? b : c`
  mutating func ternary() -> Failure {
    fail("there is no operator `?`", [.init(current.span)], hint: "where(condition, a, b) chooses a value")
  }

  /// `?name` or `name?` in a script
  mutating func onlyAtPrompt(_ command: Command, asking name: Span) -> Failure {
    fail(
      "`?` works only at the prompt", [.init(current.span)],
      candidate: "\(command.rawValue)(\(source.text(of: name)))")
  }

  /// `show x, columns=3`
  mutating func namedArgumentOfCommand(_ command: Command) -> Failure {
    let end = endOfStatement(from: current)
    let isQuestion = source.bytes[statementStart] == 0x3F
    let word = Span(statementStart, statementStart + (isQuestion ? 1 : command.rawValue.utf8.count))
    let arguments = source.text(of: source.trimmed(Span(word.end, end)))
    return fail(
      "an argument with a name needs parentheses", [.init(current.span)],
      candidate: "\(command.rawValue)(\(arguments))")
  }
}
