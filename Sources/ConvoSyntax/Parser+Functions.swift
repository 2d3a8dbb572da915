extension Parser {
  /// `fn name(a, k=1) = expr` or `fn name(a) { … }`
  mutating func definition() throws(Failure) -> Statement.Kind {
    let start = current.span
    try advance()
    let name = try boundName("a name after `fn`")
    let function = try function(named: name.name, from: start)
    return .definition(name: name.name, nameSpan: name.span, function)
  }

  /// `fn(a) = expr` or `fn(a) { … }`
  mutating func anonymousFunction() throws(Failure) -> Expression {
    let start = current.span
    try advance()
    if current.kind == .name { throw namedFunctionInExpression() }
    try descend()
    let function = try function(named: nil, from: start)
    depth -= 1
    return Expression(.function(function), function.span)
  }

  /// The parameters and the body.
  private mutating func function(named name: String?, from start: Span) throws(Failure) -> FunctionLiteral {
    let parameters = try parameters()
    let outerLoops = loops
    loops = 0
    functions += 1
    let body = try functionBody()
    functions -= 1
    loops = outerLoops
    return FunctionLiteral(
      name: name, parameters: parameters, body: body, span: Span(start.start, previous.span.end),
      source: source)
  }

  private mutating func functionBody() throws(Failure) -> FunctionLiteral.Body {
    if current.kind == .assign && !isAtLineEnd {
      try advance()
      return .expression(try expression())
    }
    guard current.kind == .leftBrace else { throw expectedFunctionBody() }
    return .block(try block(after: "the parameters"))
  }

  private mutating func parameters() throws(Failure) -> [FunctionLiteral.Parameter] {
    guard current.kind == .leftParenthesis else { throw expected("`(`", after: "`fn`") }
    try open()
    var parameters: [FunctionLiteral.Parameter] = []
    var names: Set<String> = []
    while !isAtClosing {
      if current.kind == .star || current.kind == .doubleStar {
        throw fail(
          "a function takes a fixed number of parameters; `*` cannot gather them", [.init(current.span)])
      }
      let name = try boundName("the name of a parameter")
      if !names.insert(name.name).inserted {
        throw fail("the parameter `\(name.name)` stands twice", [.init(name.span)])
      }
      var defaultValue: Expression?
      if try take(.assign) {
        defaultValue = try expression()
      } else if let last = parameters.last, last.defaultValue != nil {
        throw fail(
          "the parameter `\(name.name)` has no default, but `\(last.name)` before it has one",
          [.init(name.span), .init(last.span)])
      }
      parameters.append(.init(name: name.name, span: name.span, defaultValue: defaultValue))
      guard try continuesAfterElement() else { break }
    }
    try close()
    return parameters
  }
}
