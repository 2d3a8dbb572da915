// These functions recurse with the nesting of the text. They stay small, and errors are made elsewhere: measured,
// 256 levels take at most 0.6 MiB of stack in a release build, 4 MiB in a debug build, 6 MiB with a sanitizer.
extension Parser {
  /// An expression whose operators bind at least as tightly as `minimum`.
  ///
  /// - Source: precedence climbing, M. Richards and C. Whitby-Strevens, "BCPL: the language and its compiler", 1979.
  mutating func expression(_ minimum: Precedence = .pipe) throws(Failure) -> Expression {
    var left = try operand(minimum)
    while let level = continuation, level >= minimum {
      switch level.associativity {
      case .left: left = try chain(left, level)
      case .right: left = try power(left)
      case .none: left = try comparison(left)
      }
    }
    return left
  }

  /// The level of the binary operator with which the expression goes on.
  private var continuation: Precedence? {
    guard let operation = current.kind.binaryOperator else {
      return current.kind == .not && !isAtLineEnd && tokenizer.isInNext ? .comparison : nil
    }
    if isAtLineEnd && operation != .pipe { return nil }
    return operation.precedence
  }

  /// `left + b - c`: all operators of one level, flat.
  private mutating func chain(_ left: Expression, _ level: Precedence) throws(Failure) -> Expression {
    var links: [ChainLink] = []
    while continuation == level, let operation = current.kind.binaryOperator {
      let span = current.span
      try advance()
      links.append(ChainLink(operation, at: span, try expression(level.tighter)))
    }
    return Expression(.chain(left, links), Span(left.span.start, previous.span.end))
  }

  /// `left ** right`, where the right side may begin with a sign.
  private mutating func power(_ left: Expression) throws(Failure) -> Expression {
    let span = current.span
    try descend()
    try advance()
    let right = try expression(.unary)
    depth -= 1
    return Expression(
      .binary(.power, left, right, operatorSpan: span), Span(left.span.start, previous.span.end))
  }

  /// `left < right`, after which no further comparison may stand.
  private mutating func comparison(_ left: Expression) throws(Failure) -> Expression {
    let sign = current
    try advance()
    // `not in` is one operator.
    let isNegated = sign.kind == .not
    if isNegated { try advance() }
    let right = try expression(.sum)
    if continuation == .comparison { throw chainedComparison(left, sign, right) }
    guard let operation = isNegated ? .notContained : sign.kind.binaryOperator else { return left }
    return Expression(
      .binary(operation, left, right, operatorSpan: sign.span), Span(left.span.start, previous.span.end))
  }

  /// An operand with its signs and what follows it.
  private mutating func operand(_ minimum: Precedence) throws(Failure) -> Expression {
    switch current.kind {
    case .minus: return try unary(.negate, .unary)
    case .plus: return try unary(.plus, .unary)
    case .not where minimum <= .not: return try unary(.not, .not)
    default:
      let outer = deepest
      deepest = depth
      var value = try primary()
      if startsPostfix { value = try postfix(value) }
      deepest = max(deepest, outer)
      return value
    }
  }

  private mutating func unary(_ operation: UnaryOperator, _ level: Precedence) throws(Failure) -> Expression {
    let start = current.span
    if isIncrement { throw increment() }
    try descend()
    try advance()
    let value = try expression(level)
    depth -= 1
    return Expression(.unary(operation, value), Span(start.start, previous.span.end))
  }

  /// A value without operators.
  private mutating func primary() throws(Failure) -> Expression {
    switch current.kind {
    case .name: return try leaf(.name(source.text(of: current.span)))
    case .number: return try number()
    case .string: return try string()
    case .stringHead: return try interpolatedString()
    case .true: return try leaf(.boolean(true))
    case .false: return try leaf(.boolean(false))
    case .none, .newaxis: return try leaf(.none)
    case .leftParenthesis: return try parenthesised()
    case .leftBracket: return try list()
    case .leftBrace: return try record()
    case .fn: return try anonymousFunction()
    default: throw expectedValue()
    }
  }

  private mutating func leaf(_ kind: Expression.Kind) throws(Failure) -> Expression {
    let span = current.span
    try advance()
    return Expression(kind, span)
  }

  /// `(a + b)`; the span includes the parentheses.
  private mutating func parenthesised() throws(Failure) -> Expression {
    let start = current.span
    try open()
    if current.kind == .rightParenthesis { throw emptyParentheses(start) }
    var value = try expression()
    if current.kind == .comma { throw tuple(start) }
    if !isAtClosing { throw unclosed(expecting: "") }
    try close()
    value.span = Span(start.start, previous.span.end)
    return value
  }
}
