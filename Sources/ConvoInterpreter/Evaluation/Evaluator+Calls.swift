internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// An evaluated argument of a call, with its place.
struct EvaluatedArgument {
  var name: String?
  var value: Value
  var expression: Expression?
  var span: Span
  /// Where the name of a named one stands.
  var nameSpan: Span?
}

extension Evaluator {
  /// How deep functions may call one another.
  static let maximumCallDepth = 1000

  /// `x |> f` and `x |> f(a)`; `x |> (f(a))` calls what `f(a)` gives.
  func pipe(
    _ piped: Outcome, _ left: Expression, into right: Expression, _ scope: Scope, defers: Bool
  ) throws -> Outcome {
    let span = left.span.union(right.span)
    // A call in parentheses begins before its callee.
    if case .call(let callee, let arguments) = right.kind, callee.span.start == right.span.start {
      return try call(callee, arguments, piped: (piped, left), at: span, scope, defers: defers)
    }
    return try call(right, [], piped: (piped, left), at: span, scope, defers: defers)
  }

  /// `f(a, k=b)`, with the piped value as its first argument.
  ///
  /// - Parameter defers: whether the caller can take an operation that has not run yet.
  func call(
    _ callee: Expression, _ arguments: [Argument], piped: (outcome: Outcome, expression: Expression)?,
    at span: Span,
    _ scope: Scope, defers: Bool
  ) throws -> Outcome {
    if case .attribute(let base, let name, let nameSpan) = callee.kind {
      try rejectMethod(base, name, nameSpan, arguments, scope)
    }
    let target = try evaluate(callee, scope)
    if case .function(.builtin(let builtin)) = target, case .form(let body) = builtin.body {
      var written = arguments
      if let expression = piped?.expression {
        written.insert(Argument(name: nil, nameSpan: expression.span, value: expression), at: 0)
      }
      do {
        return .value(try body(FormCall(evaluator: self, arguments: written, scope: scope, span: span)))
      } catch {
        throw diagnostic(for: error, at: span, operation: builtin.name)
      }
    }
    var evaluated: [EvaluatedArgument] = []
    evaluated.reserveCapacity(arguments.count + 1)
    var pending: Pending?
    if let piped {
      if case .pending(let waiting) = piped.outcome, target.absorbs {
        pending = waiting
      } else {
        evaluated.append(
          EvaluatedArgument(
            name: nil, value: try finish(piped.outcome), expression: piped.expression,
            span: piped.expression.span))
      }
    }
    for (index, argument) in arguments.enumerated() {
      if index == 0, piped == nil, argument.name == nil, target.absorbs {
        switch try outcome(of: argument.value, scope, defers: true) {
        case .pending(let waiting): pending = waiting
        case .value(let value):
          evaluated.append(
            EvaluatedArgument(name: nil, value: value, expression: argument.value, span: argument.value.span))
        }
        continue
      }
      evaluated.append(
        EvaluatedArgument(
          name: argument.name, value: try evaluate(argument.value, scope), expression: argument.value,
          span: argument.value.span, nameSpan: argument.nameSpan))
    }
    if let pending {
      if let fused = absorb(pending, into: target, evaluated, callee: callee.span, at: span) {
        return defers ? .pending(fused) : .value(try finish(.pending(fused)))
      }
      if let pooled = try pool(pending, by: target, evaluated, callee: callee.span, at: span) {
        return .value(pooled)
      }
      evaluated.insert(
        EvaluatedArgument(
          name: nil, value: try finish(.pending(pending)), expression: nil, span: pending.span), at: 0)
    }
    scopeAtHand = scope
    return try apply(target, evaluated, callee: callee.span, at: span, defers: defers)
  }

  /// Calls a value. The arguments are taken over, so that an operation may work in place on a temporary.
  func apply(
    _ target: Value, _ arguments: consuming [EvaluatedArgument], callee: Span, at span: Span,
    defers: Bool = false
  ) throws -> Outcome {
    switch target {
    case .function(.builtin(let builtin)):
      return try invoke(builtin, arguments, callee: callee, at: span, defers: defers)
    case .function(.user(let literal, let scope)):
      return try invoke(literal, scope, arguments, callee: callee, at: span, defers: defers)
    case .layer(let layer):
      return try invoke(layer, arguments, callee: callee, at: span, defers: defers)
    default:
      throw Diagnostic(
        "\(target.brief) cannot be called; a function or a layer can", source: source, labels: [.init(callee)]
      )
    }
  }

  /// Calls a value from inside a builtin, such as `map`.
  func apply(_ target: Value, _ values: [Value]) throws -> Value {
    try finish(
      apply(
        target, values.map { EvaluatedArgument(name: nil, value: $0, expression: nil, span: callSite) },
        callee: callSite, at: callSite))
  }

  private func rejectMethod(
    _ base: Expression, _ name: String, _ nameSpan: Span, _ arguments: [Argument], _ scope: Scope
  ) throws {
    let value = try evaluate(base, scope)
    if case .record = value { return }
    if case .layer(let layer) = value, layer.attributeNames.contains(name) { return }
    let written = name
    let name = builtins[name] == nil ? Habits.functions[name] ?? name : name
    guard builtins[name] != nil else { return }
    let subject = source.text(of: base.span)
    let rest = arguments.map {
      source.text(of: ($0.name == nil ? $0.value.span : $0.nameSpan.union($0.value.span)))
    }
    let inside = ([subject] + rest).joined(separator: ", ")
    let tail = rest.isEmpty ? "" : "(\(rest.joined(separator: ", ")))"
    throw Diagnostic(
      "\(value.typeName)s have no methods\(name == written ? "" : " such as \(written)"); \(name) is a function",
      source: source, labels: [.init(nameSpan)],
      helps: [.init("\(name)(\(inside))"), .init("\(subject) |> \(name)\(tail)")])
  }
}

extension Value {
  var isTensor: Bool {
    if case .tensor = self { return true }
    return false
  }
}
