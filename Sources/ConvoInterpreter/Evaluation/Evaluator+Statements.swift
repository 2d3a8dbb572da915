internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// How a statement ended.
enum Flow {
  /// It ran to its end; a bare expression has a value.
  case normal(Value)
  /// `break`
  case breakLoop
  /// `continue`
  case continueLoop
  /// `return v`
  case returned(Value)
}

extension Evaluator {
  /// Runs a statement. `prints` says whether a bare expression shows its value: outside of functions.
  func execute(_ statement: Statement, _ scope: Scope, prints: Bool) throws -> Flow {
    switch statement.kind {
    case .expression(let expression):
      let value = try evaluate(expression, scope)
      if prints { show(value, silenced: statement.isSilenced) }
      return .normal(value)
    case .assignment(let targets, let expression):
      try assign(targets, expression, scope, announces: prints && !statement.isSilenced && blockDepth == 0)
      return .normal(.none)
    case .definition(let name, let nameSpan, let literal):
      bind(name, .function(.user(literal, scope)), scope, at: nameSpan)
      return .normal(.none)
    case .conditional(let branches, let otherwise):
      for branch in branches where try condition(branch.condition, scope) {
        return try execute(branch.body, scope, prints: prints)
      }
      return try execute(otherwise ?? [], scope, prints: prints)
    case .loop(let names, let expression, let body):
      return try loop(names, expression, body, scope, prints: prints)
    case .repetition(let test, let body):
      while try condition(test, scope) {
        try checkInterruption()
        switch try execute(body, scope, prints: prints) {
        case .normal, .continueLoop: continue
        case .breakLoop: return .normal(.none)
        case .returned(let value): return .returned(value)
        }
      }
      return .normal(.none)
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    case .returnValue(let expression):
      return .returned(try expression.map { try evaluate($0, scope) } ?? .none)
    case .command(let name, let nameSpan, let arguments):
      let value = try command(name, nameSpan, arguments, statement.span, scope)
      if prints { show(value, silenced: statement.isSilenced) }
      return .normal(value)
    }
  }

  /// Runs statements in order; the value is the last one's.
  func execute(_ statements: [Statement], _ scope: Scope, prints: Bool) throws -> Flow {
    blockDepth += 1
    defer { blockDepth -= 1 }
    var last = Value.none
    for statement in statements {
      switch try execute(statement, scope, prints: prints) {
      case .normal(let value): last = value
      case let flow: return flow
      }
    }
    return .normal(last)
  }

  /// Keeps a value as the last one and prints it.
  private func show(_ value: Value, silenced: Bool) {
    if value.isNone { return }
    lastValue = value
    if !silenced { presenter.echo(value) }
  }

  private func condition(_ expression: Expression, _ scope: Scope) throws -> Bool {
    let value = try evaluate(expression, scope)
    do { return try value.isTrue() } catch {
      throw diagnostic(for: error, at: expression.span, operation: nil)
    }
  }

  private func loop(
    _ names: [BoundName], _ expression: Expression, _ body: [Statement], _ scope: Scope, prints: Bool
  ) throws -> Flow {
    let values = try evaluate(expression, scope)
    let sequence: ValueSequence
    do { sequence = try ValueSequence(values) } catch {
      throw diagnostic(for: error, at: expression.span, operation: "for")
    }
    for index in 0..<sequence.count {
      try checkInterruption()
      let element = sequence[index]
      if names.count == 1 {
        bind(names[0].name, element, scope, at: names[0].span)
      } else {
        try unpack(element, into: names.map { .name($0) }, scope, at: expression.span)
      }
      switch try execute(body, scope, prints: prints) {
      case .normal, .continueLoop: continue
      case .breakLoop: return .normal(.none)
      case .returned(let value): return .returned(value)
      }
    }
    return .normal(.none)
  }

  /// Throws when the user has pressed Ctrl-C, or when what the values of the session hold has grown over the limit.
  func checkInterruption() throws {
    if Cancellation.isRequested { throw Interruption() }
    try MemoryBudget.checkpoint()
  }

  /// `show x` at the prompt is `show(x)`.
  private func command(
    _ name: String, _ nameSpan: Span, _ arguments: [Expression], _ span: Span, _ scope: Scope
  ) throws -> Value {
    let callee = Expression(.name(name), nameSpan)
    var arguments = arguments
    // Of a name that nobody knows, help knows the neighbours.
    if name == "help", arguments.count == 1, case .name(let topic) = arguments[0].kind,
      scope.lookup(topic) == nil, builtins[topic] == nil, topic != "_", topic != "ans"
    {
      arguments[0] = Expression(.string([.literal(topic)]), arguments[0].span)
    }
    let call = Expression(
      .call(callee, arguments.map { Argument(name: nil, nameSpan: $0.span, value: $0) }), span)
    return try evaluate(call, scope)
  }
}
