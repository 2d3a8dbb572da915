internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

extension Evaluator {
  /// The value of an expression.
  func evaluate(_ expression: Expression, _ scope: Scope) throws -> Value {
    switch expression.kind {
    case .number(let number): return .number(number)
    case .boolean(let flag): return .boolean(flag)
    case .none: return .none
    case .string(let parts): return .string(try interpolate(parts, scope))
    case .name(let name): return try variable(name, at: expression.span, scope)
    case .list(let items):
      try checkStack(at: expression.span)
      let values = try items.map { try evaluate($0, scope).copiedForBinding() }
      do { return try Value.list(holding: values) } catch {
        throw diagnostic(for: error, at: expression.span, operation: nil)
      }
    case .record(let entries):
      try checkStack(at: expression.span)
      var record = Record()
      for entry in entries { record[entry.key] = try evaluate(entry.value, scope).copiedForBinding() }
      do { try Nesting.check(parts: record.values) } catch {
        throw diagnostic(for: error, at: expression.span, operation: nil)
      }
      return .record(record)
    case .unary(let operation, let operand):
      try checkStack(at: expression.span)
      let value = try evaluate(operand, scope)
      do { return try Operators.apply(operation, value, self) } catch {
        throw diagnostic(
          for: error, at: expression.span, operation: operation.rawValue, operands: ["right": operand.span])
      }
    case .binary(let operation, let left, let right, let operatorSpan):
      try checkStack(at: expression.span)
      let first = try evaluate(left, scope)
      let second = try evaluate(right, scope)
      return try combine(operation, first, left, second, right, at: operatorSpan, in: expression)
    case .chain(let first, let links):
      try checkStack(at: expression.span)
      return try finish(chain(first, links, expression, scope, defers: false))
    case .call(let callee, let arguments):
      try checkStack(at: expression.span)
      return try finish(call(callee, arguments, piped: nil, at: expression.span, scope, defers: false))
    case .index(let base, let items):
      try checkStack(at: expression.span)
      let value = try evaluate(base, scope)
      let resolved = try resolve(items, scope)
      do { return try value.element(at: resolved, self) } catch {
        throw indexDiagnostic(for: error, of: value, base, items, resolved)
      }
    case .attribute(let base, let name, let nameSpan):
      let value = try evaluate(base, scope)
      do { return try value.attribute(name, builtins: builtins) } catch {
        throw diagnostic(for: error, at: nameSpan, operation: nil)
      }
    case .function(let literal): return .function(.user(literal, scope))
    }
  }

  /// Stops a recursion before the stack ends.
  @inline(__always)
  func checkStack(at span: Span) throws {
    if stack.isExhausted {
      throw Diagnostic(
        "calls are nested too deeply for the stack", source: source, labels: [.init(span)])
    }
  }

  private func variable(_ name: String, at span: Span, _ scope: Scope) throws -> Value {
    if let value = scope.lookup(name) { return value }
    if name == "_" || name == "ans" { return lastValue }
    if let builtin = builtins[name] { return .function(.builtin(builtin)) }
    throw unknownName(name, at: span, scope)
  }

  /// The error for a name that nobody has bound, with the nearest names that somebody has.
  func unknownName(_ name: String, at span: Span, _ scope: Scope) -> Diagnostic {
    if Habits.modules.contains(name) {
      return Diagnostic(
        "\(name) is not a variable or a builtin", source: source, labels: [.init(span)],
        notes: ["every builtin is there from the start, without a module before its name"],
        helps: [.init("help() lists them")])
    }
    if let usual = Habits.names[name] {
      return Diagnostic(
        "\(name) is not a variable or a builtin", source: source, labels: [.init(span)], helps: [.init(usual)]
      )
    }
    let variables = scope.visibleNames
    let near = Suggestion.nearest(to: name, among: variables + builtins.names, count: 2)
    let helps = near.map { candidate -> Diagnostic.Help in
      switch scope.lookup(candidate) {
      case .tensor(let tensor)?: .init(candidate, gives: tensor.axesText)
      case let value?: .init(candidate, gives: value.brief)
      case nil: .init(builtins[candidate]?.signature ?? candidate)
      }
    }
    return Diagnostic(
      "\(name) is not a variable or a builtin", source: source, labels: [.init(span)],
      helps: helps)
  }

  private func interpolate(_ parts: [StringPart], _ scope: Scope) throws -> String {
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .interpolation(let expression):
        text += ValueText.text(of: try evaluate(expression, scope), presenter)
      }
    }
    return text
  }

  /// Operators of one precedence from left to right.
  func chain(
    _ first: Expression, _ links: [ChainLink], _ whole: Expression, _ scope: Scope, defers: Bool
  ) throws -> Outcome {
    // What stands before a pipe or a sum may wait for it.
    var result = try outcome(
      of: first, scope, defers: links[0].operation == .pipe || links[0].operation == .add)
    var left = first
    for (index, link) in links.enumerated() {
      let next = index + 1 < links.count ? links[index + 1].operation : nil
      let mayWait = next == .pipe || next == .add || (next == nil && defers)
      switch link.operation {
      case .pipe:
        let piped = result
        result = .value(.none)
        result = try pipe(piped, left, into: link.operand, scope, defers: mayWait)
      case .and, .or:
        var value = try finish(result)
        let decided: Bool
        do { decided = try value.isTrue() == (link.operation == .or) } catch {
          if error is NeedsValues { throw error }
          throw logicOnTensor(link.operation, at: left.span)
        }
        if !decided { value = try evaluate(link.operand, scope) }
        if case .tensor(let tensor) = value, tensor.count != 1 {
          throw logicOnTensor(link.operation, at: link.operand.span)
        }
        result = .value(value)
      default:
        let right = try evaluate(link.operand, scope)
        if link.operation == .add, case .pending(let waiting) = result, let fused = absorbSum(waiting, right)
        {
          result = mayWait ? .pending(fused) : .value(try finish(.pending(fused)))
        } else {
          result = .value(
            try combine(
              link.operation, try finish(result), left, right, link.operand, at: link.operatorSpan, in: whole)
          )
        }
      }
      left = Expression(left.kind, left.span.union(link.operand.span))
    }
    return defers ? result : .value(try finish(result))
  }

  private func logicOnTensor(_ operation: BinaryOperator, at span: Span) -> Diagnostic {
    let form = operation == .and ? "a * b" : "maximum(a, b)"
    return Diagnostic(
      "\(operation.rawValue): a tensor of several elements is neither true nor false", source: source,
      labels: [.init(span)],
      helps: [
        .init(form, gives: "element by element, on 0/1 tensors"),
        .init("any(a) \(operation.rawValue) any(b)"),
      ])
  }

  /// `left + right` with the places of both for an error, and a note of how the result came to be.
  private func combine(
    _ operation: BinaryOperator, _ left: Value, _ leftExpression: Expression, _ right: Value,
    _ rightExpression: Expression, at operatorSpan: Span, in whole: Expression
  ) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right { return Operators.apply(operation, a, b) }
    let operands: [(Expression, Value)] = [(leftExpression, left), (rightExpression, right)]
    let descriptions = operands.compactMap { describe($0.0, $0.1) }
    do {
      var result = try Operators.apply(operation, left, right, self)
      attachOrigin(&result, operation.rawValue, whole.span, descriptions)
      return result
    } catch {
      let improved = Hints.improve(
        error, left: describe(leftExpression, left), right: describe(rightExpression, right))
      throw diagnostic(
        for: improved, at: operatorSpan, operation: operation.rawValue,
        operands: ["left": leftExpression.span, "right": rightExpression.span])
    }
  }

  /// What is remembered of an operand that is a tensor.
  func describe(_ expression: Expression?, _ value: Value) -> Origin.Operand? {
    guard case .tensor(let tensor) = value else { return nil }
    var name: String?
    if case .name(let text)? = expression?.kind { name = text }
    return .init(name: name, shape: tensor.shape, axes: tensor.axes, origin: tensor.origin)
  }

  /// Notes how a tensor came to be.
  func attachOrigin(
    _ value: inout Value, _ operation: String, _ span: Span, _ operands: [Origin.Operand],
    _ detail: Explanation? = nil
  ) {
    guard case .tensor(var tensor) = value else { return }
    value = .none
    tensor.origin = Origin(
      operation: operation, text: span.end - span.start > 200 ? operation : source.text(of: span),
      line: source.location(of: span.start).line, operands: operands, detail: detail)
    value = .tensor(tensor)
  }
}
