internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

extension Evaluator {
  /// Stops a recursion before the stack ends.
  @inline(__always)
  func checkStack(at span: Span) throws {
    if stack.isExhausted {
      throw Diagnostic(
        "calls are nested too deeply for the stack", source: source, labels: [.init(span)])
    }
  }

  /// The error for a name that nobody has bound, with the nearest names that somebody has.
  func unknownName(_ name: String, at span: Span) -> Diagnostic {
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
    let variables = visibleNames
    let near = Suggestion.nearest(to: name, among: variables + builtins.names, count: 2)
    let helps = near.map { candidate -> Diagnostic.Help in
      switch lookup(candidate) {
      case .tensor(let tensor)?: .init(candidate, gives: tensor.axesText)
      case let value?: .init(candidate, gives: value.brief)
      case nil: .init(builtins[candidate]?.signature ?? candidate)
      }
    }
    return Diagnostic(
      "\(name) is not a variable or a builtin", source: source, labels: [.init(span)],
      helps: helps)
  }

  func logicOnTensor(_ operation: BinaryOperator, at span: Span) -> Diagnostic {
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
  func combine(
    _ operation: BinaryOperator, _ left: Value, _ leftExpression: Expression, _ right: Value,
    _ rightExpression: Expression, at operatorSpan: Span, in whole: Expression
  ) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right, !operation.asksForParts {
      return Operators.apply(operation, a, b)
    }
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

  /// Notes where the value of an assignment came from.
  func noteOrigin(_ value: inout Value, of expression: Expression) {
    guard case .tensor(var tensor) = value else { return }
    value = .none
    tensor.origin = Origin(
      operation: "", text: source.text(of: expression.span),
      line: source.location(of: expression.span.start).line, operands: [])
    value = .tensor(tensor)
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
