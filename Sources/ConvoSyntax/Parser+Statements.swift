extension Parser {
  /// Statements up to the end of a block or text, which is not taken.
  mutating func statements(until closing: Token.Kind) throws(Failure) -> [Statement] {
    var result: [Statement] = []
    let outerStart = statementStart
    defer { statementStart = outerStart }
    while true {
      while try take(.semicolon) {}
      if current.kind == closing || current.kind == .end { return result }
      var statement = try statement()
      if !current.isAfterNewline && current.kind == .semicolon {
        try advance()
        statement.isSilenced = current.isAfterNewline || current.kind == .end
      } else if !current.isAfterNewline && current.kind != closing && current.kind != .end {
        throw unexpectedAfterStatement()
      }
      result.append(statement)
    }
  }

  /// One statement.
  mutating func statement() throws(Failure) -> Statement {
    let start = current.span
    statementStart = start.start
    let kind = try statementKind()
    return Statement(kind, Span(start.start, previous.span.end))
  }

  private mutating func statementKind() throws(Failure) -> Statement.Kind {
    switch current.kind {
    case .if: return try conditional()
    case .for: return try loop()
    case .while: return try repetition()
    case .try: return try attempt()
    case .break, .continue: return try jump()
    case .return: return try returning()
    case .fn where tokenizer.isNameNext: return try definition()
    case .question: return try questionMark()
    case .name:
      if let command = try command() { return command }
      return try expressionOrAssignment()
    default: return try expressionOrAssignment()
    }
  }

  private mutating func jump() throws(Failure) -> Statement.Kind {
    let keyword = current
    try advance()
    if loops == 0 { throw outsideOfLoop(keyword) }
    return keyword.kind == .break ? .breakLoop : .continueLoop
  }

  private mutating func returning() throws(Failure) -> Statement.Kind {
    let keyword = current
    try advance()
    if functions == 0 && current.kind != .assign {
      throw fail("`return` outside a function", [.init(keyword.span)])
    }
    if isAtLineEnd || current.kind == .semicolon || current.kind == .rightBrace || current.kind == .end {
      return .returnValue(nil)
    }
    return .returnValue(try expression())
  }

  /// `if c { } else if d { } else { }`
  private mutating func conditional() throws(Failure) -> Statement.Kind {
    var branches: [ConditionalBranch] = []
    repeat {
      try advance()
      let condition = try expression()
      branches.append(ConditionalBranch(condition: condition, body: try block(after: "the condition")))
      // `else` may begin the line after the `}`.
      guard current.kind == .else else { return .conditional(branches, otherwise: nil) }
      try advance()
    } while current.kind == .if
    return .conditional(branches, otherwise: try block(after: "`else`"))
  }

  /// `for a, b in values { }`
  private mutating func loop() throws(Failure) -> Statement.Kind {
    try advance()
    var names: [BoundName] = []
    repeat {
      let name = try boundName("a name for the elements")
      if names.contains(where: { $0.name == name.name }) {
        throw fail("`\(name.name)` stands twice in one `for`", [.init(name.span)])
      }
      names.append(name)
    } while try take(.comma)
    guard current.kind == .in else { throw expected("`in`", after: "the name of a `for`") }
    try advance()
    let values = try expression()
    return .loop(names: names, values, try loopBody(after: "the values"))
  }

  /// `while c { }`
  private mutating func repetition() throws(Failure) -> Statement.Kind {
    try advance()
    let condition = try expression()
    return .repetition(condition, try loopBody(after: "the condition"))
  }

  /// `try { } catch e { }`; without `catch` an error is passed over.
  private mutating func attempt() throws(Failure) -> Statement.Kind {
    try advance()
    let body = try block(after: "`try`")
    // `catch` may begin the line after the `}`.
    guard current.kind == .catch else { return .attempt(body, name: nil, otherwise: []) }
    try advance()
    let name = current.kind == .name ? try boundName("a name for the error") : nil
    return .attempt(body, name: name, otherwise: try block(after: "`catch`"))
  }

  private mutating func loopBody(after what: String) throws(Failure) -> [Statement] {
    loops += 1
    let body = try block(after: what)
    loops -= 1
    return body
  }

  /// `{ … }`, in which newlines separate statements.
  mutating func block(after what: String) throws(Failure) -> [Statement] {
    guard current.kind == .leftBrace else { throw expectedBlock(after: what) }
    try open(newlinesCount: true)
    let body = try statements(until: .rightBrace)
    try close()
    return body
  }

  /// A name that is being defined.
  mutating func boundName(_ what: String) throws(Failure) -> BoundName {
    guard current.kind == .name else { throw expectedName(what) }
    let name = BoundName(source.text(of: current.span), current.span)
    try advance()
    return name
  }
}
