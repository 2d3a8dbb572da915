extension Parser {
  /// Whether a call, an index or an attribute follows on the same line.
  var startsPostfix: Bool {
    switch current.kind {
    case .leftParenthesis, .leftBracket, .dot: !isAtLineEnd
    default: false
    }
  }

  /// Calls, indices and attributes of a value.
  mutating func postfix(_ base: Expression) throws(Failure) -> Expression {
    var value = base
    while startsPostfix {
      // Each puts what is before it one level deeper.
      deepest += 1
      if deepest > Self.nestingLimit { throw tooDeep(at: current.span) }
      switch current.kind {
      case .leftParenthesis: value = try call(value)
      case .leftBracket: value = try index(value)
      default: value = try attribute(value)
      }
    }
    return value
  }

  private mutating func call(_ callee: Expression) throws(Failure) -> Expression {
    let arguments = try arguments()
    return Expression(.call(callee, arguments), Span(callee.span.start, previous.span.end))
  }

  private mutating func index(_ base: Expression) throws(Failure) -> Expression {
    let items = try items()
    return Expression(.index(base, items), Span(base.span.start, previous.span.end))
  }

  private mutating func attribute(_ base: Expression) throws(Failure) -> Expression {
    try advance()
    guard current.kind == .name || current.kind.category == .keyword else {
      throw expectedName("a name after `.`")
    }
    let span = current.span
    try advance()
    return Expression(
      .attribute(base, name: source.text(of: span), nameSpan: span), Span(base.span.start, span.end))
  }

  /// `(x, k=1)`
  private mutating func arguments() throws(Failure) -> [Argument] {
    try open()
    var arguments: [Argument] = []
    var names: Set<String> = []
    while !isAtClosing {
      var argument = Argument(name: nil, nameSpan: current.span, value: try expression())
      argument.nameSpan = argument.value.span
      if current.kind == .assign {
        argument = try named(argument.value)
        if let name = argument.name, !names.insert(name).inserted {
          throw fail("the argument `\(name)` is given twice", [.init(argument.nameSpan)])
        }
      } else if !names.isEmpty {
        throw positionalAfterNamed(argument, before: arguments.last)
      }
      arguments.append(argument)
      guard try continuesAfterElement() else { break }
    }
    try close()
    return arguments
  }

  /// `k=1`, where `k` has been read as an expression.
  private mutating func named(_ left: Expression) throws(Failure) -> Argument {
    guard case .name(let name) = left.kind, !isParenthesised(left) else { throw notArgumentName(left) }
    try advance()
    let value = try expression()
    if current.kind == .assign { throw repeatedAssignment() }
    return Argument(name: name, nameSpan: left.span, value: value)
  }

  /// `[0, 1:2, ...]`
  private mutating func items() throws(Failure) -> [IndexItem] {
    let start = current.span
    try open()
    if isAtClosing {
      throw fail("the index is empty", [.init(start)], helps: [.init("x[:] takes everything")])
    }
    var items: [IndexItem] = []
    var ellipsis: Span?
    while !isAtClosing {
      let item = try item()
      if case .ellipsis = item.kind {
        if let first = ellipsis {
          throw fail("`...` may stand only once in an index", [.init(item.span), .init(first)])
        }
        ellipsis = item.span
      }
      items.append(item)
      guard try continuesAfterElement() else { break }
    }
    try close()
    return items
  }

  private mutating func item() throws(Failure) -> IndexItem {
    let start = current.span
    if try take(.ellipsis) { return IndexItem(.ellipsis, start) }
    var parts: [Expression?] = [current.kind == .colon ? nil : try expression()]
    if current.kind != .colon, let single = parts[0] { return IndexItem(.single(single), single.span) }
    while parts.count < 3, try take(.colon) {
      let isEmpty = current.kind == .colon || current.kind == .comma || isAtClosing
      parts.append(isEmpty ? nil : try expression())
    }
    let step = parts.count == 3 ? parts[2] : nil
    return IndexItem(
      .slice(start: parts[0], stop: parts[1], step: step), Span(start.start, previous.span.end))
  }
}
