extension Parser {
  /// `expr`, `target = expr`, `a, b = pair` or `name?`
  mutating func expressionOrAssignment() throws(Failure) -> Statement.Kind {
    let first = try expression()
    if isAtLineEnd { return .expression(first) }
    switch current.kind {
    case .assign: return try assignment([try target(first)])
    case .comma: return try tupleAssignment(first)
    case .question: return try help(for: first)
    default: return .expression(first)
    }
  }

  private mutating func tupleAssignment(_ first: Expression) throws(Failure) -> Statement.Kind {
    var elements = [first]
    while current.kind == .comma && !isAtLineEnd {
      try advance()
      if isAtLineEnd || current.kind == .end || current.kind == .assign { break }
      elements.append(try expression())
    }
    guard current.kind == .assign && !isAtLineEnd else { throw looseTuple(elements) }
    var targets: [AssignmentTarget] = []
    for element in elements { targets.append(try target(element)) }
    return try assignment(targets)
  }

  private mutating func assignment(_ targets: [AssignmentTarget]) throws(Failure) -> Statement.Kind {
    try advance()
    let value = try expression()
    if current.kind == .assign && !isAtLineEnd { throw repeatedAssignment() }
    if current.kind == .comma && !isAtLineEnd { throw looseValues(value) }
    return .assignment(targets, value)
  }

  /// What an expression left of `=` names.
  private mutating func target(_ expression: Expression) throws(Failure) -> AssignmentTarget {
    if isParenthesised(expression) { throw notAssignable(expression) }
    switch expression.kind {
    case .name(let name): return .name(BoundName(name, expression.span))
    case .index(let base, let items) where isPlace(base):
      return .index(base: base, items: items, span: expression.span)
    case .attribute(let base, let name, let nameSpan) where isPlace(base):
      return .attribute(base: base, name: BoundName(name, nameSpan))
    default: throw notAssignable(expression)
    }
  }

  /// Whether an expression is a name, or an index or attribute of one.
  private func isPlace(_ expression: Expression) -> Bool {
    var place = expression
    while true {
      switch place.kind {
      case .name: return true
      case .index(let base, _), .attribute(let base, _, _): place = base
      default: return false
      }
    }
  }

  /// Whether an expression stands in parentheses of its own.
  func isParenthesised(_ expression: Expression) -> Bool {
    guard source.bytes[expression.span.start] == 0x28 else { return false }
    // `(a)(b)` begins with a bracket that is not its own, but then it is neither a name nor an operator.
    switch expression.kind {
    case .call(let base, _), .index(let base, _), .attribute(let base, _, _):
      return base.span.start != expression.span.start
    default: return true
    }
  }
}
