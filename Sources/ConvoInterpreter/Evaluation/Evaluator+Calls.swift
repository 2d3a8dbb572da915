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

  /// `x |> f` and `x |> f(a)`
  func pipe(
    _ piped: Outcome, _ left: Expression, into right: Expression, _ scope: Scope, defers: Bool
  ) throws -> Outcome {
    let span = left.span.union(right.span)
    if case .call(let callee, let arguments) = right.kind {
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
    guard builtins[name] != nil else { return }
    let subject = source.text(of: base.span)
    let rest = arguments.map {
      source.text(of: ($0.name == nil ? $0.value.span : $0.nameSpan.union($0.value.span)))
    }
    let inside = ([subject] + rest).joined(separator: ", ")
    let tail = rest.isEmpty ? "" : "(\(rest.joined(separator: ", ")))"
    throw Diagnostic(
      "\(value.typeName)s have no methods; \(name) is a function", source: source, labels: [.init(nameSpan)],
      helps: [.init("\(name)(\(inside))"), .init("\(subject) |> \(name)\(tail)")])
  }

  // MARK: Builtins

  private func invoke(
    _ builtin: Builtin, _ given: consuming [EvaluatedArgument], callee: Span, at span: Span, defers: Bool
  ) throws -> Outcome {
    let surrounding = callSite
    callSite = callee
    defer { callSite = surrounding }
    var arguments = given
    given = []
    let notes = arguments.map { ArgumentNote($0, self) }
    let operands = notes.compactMap(\.operand)
    var spans: [Span?] = []
    do {
      var call = try Binding.bind(&arguments, to: builtin, evaluator: self)
      spans = call.spans
      if mode != .normal {
        switch builtin.inPlans {
        case .runs: break
        case .needsValues: if call.holdsPhantom { throw NeedsValues() }
        case .isSkipped: return .value(.none)
        }
      }
      switch builtin.body {
      case .function(let body):
        var value = try body(&call)
        if value.isTensor { attachOrigin(&value, builtin.name, span, operands) }
        return .value(value)
      case .operation(let body):
        let inputs = mode == .normal ? [] : call.tensors()
        let operation = try body(&call)
        if defers, mode == .normal, let convolution = operation as? Convolution {
          // A shape that does not fit is this call's error, not that of who takes the operation over.
          _ = try convolution.outputShape()
          return .pending(
            Pending(convolution, name: builtin.name, span: span, operands: operands))
        }
        let detail = Explanation(operation)
        var value = try perform(operation, named: builtin.name, reading: inputs).value
        attachOrigin(&value, builtin.name, span, operands, detail)
        return .value(value)
      case .form: return .value(.none)
      }
    } catch {
      var places: [String: Span] = ["function": callee]
      for (parameter, span) in zip(builtin.parameters, spans) { places[parameter.name] = span }
      Binding.place(notes.map { ($0.name, $0.nameSpan, $0.span) }, in: &places)
      throw diagnostic(
        for: Hints.improve(error, builtin, notes, self), at: callee, operation: builtin.name,
        operands: places)
    }
  }

  // MARK: Functions of the language

  private func invoke(
    _ literal: FunctionLiteral, _ surrounding: Scope, _ given: consuming [EvaluatedArgument], callee: Span,
    at span: Span, defers: Bool
  ) throws -> Outcome {
    let arguments = given
    given = []
    guard callDepth < Evaluator.maximumCallDepth else {
      throw Diagnostic(
        "calls are nested deeper than \(Evaluator.maximumCallDepth) levels", source: source,
        labels: [.init(callee)],
        notes: ["\(literal.name ?? "the function") calls itself without an end, or too often"])
    }
    let scope = Scope(parent: surrounding)
    let name = literal.name ?? "fn"
    do {
      var position = 0
      for argument in arguments {
        if let keyword = argument.name {
          guard literal.parameters.contains(where: { $0.name == keyword }) else {
            throw Binding.unknownKeyword(
              keyword, literal.parameters.map(\.name), signature: Function.user(literal, scope).signature)
          }
          guard scope.variables[keyword] == nil else {
            throw Binding.twice(keyword, signature: Function.user(literal, scope).signature)
          }
          scope.variables[keyword] = argument.value
        } else {
          guard position < literal.parameters.count else {
            throw Binding.tooMany(
              arguments.count, most: literal.parameters.count,
              signature: Function.user(literal, scope).signature)
          }
          scope.variables[literal.parameters[position].name] = argument.value
          position += 1
        }
      }
    } catch {
      var places: [String: Span] = [:]
      Binding.place(arguments.map { ($0.name, $0.nameSpan, $0.span) }, in: &places)
      throw diagnostic(for: error, at: callee, operation: name, operands: places)
    }
    let callerSource = source
    source = literal.source
    callDepth += 1
    defer {
      source = callerSource
      callDepth -= 1
    }
    for parameter in literal.parameters where scope.variables[parameter.name] == nil {
      guard let expression = parameter.defaultValue else {
        throw Diagnostic(
          "\(name): \(parameter.name) is missing", source: callerSource, labels: [.init(callee)],
          helps: [.init(Function.user(literal, scope).signature)])
      }
      scope.variables[parameter.name] = try evaluate(expression, scope)
    }
    try checkInterruption()
    switch literal.body {
    case .expression(let expression): return try outcome(of: expression, scope, defers: defers)
    case .block(let statements):
      switch try execute(statements, scope, prints: false) {
      case .normal(let value), .returned(let value): return .value(value)
      case .breakLoop, .continueLoop: return .value(.none)
      }
    }
  }

  // MARK: Layers

  private func invoke(
    _ layer: Layer, _ given: consuming [EvaluatedArgument], callee: Span, at span: Span, defers: Bool
  ) throws -> Outcome {
    guard given.count == 1, given[0].name == nil else {
      throw Diagnostic(
        "\(layer.kindName): a layer is called with one tensor", source: source, labels: [.init(callee)])
    }
    let notes = [ArgumentNote(given[0], self)]
    let operands = notes.compactMap(\.operand)
    do {
      let input = given[0].value
      given = []
      if let members = layer.members { return try sequence(members, input, defers: defers) }
      let prepared = try layer.prepare(input, self)
      if defers, mode == .normal, let convolution = prepared.operation as? Convolution {
        _ = try convolution.outputShape()
        return .pending(Pending(convolution, name: layer.kindName, span: span, operands: operands))
      }
      let detail = Explanation(prepared.operation)
      var value = try perform(
        prepared.operation, named: layer.text, reading: [prepared.input], parameters: prepared.parameters
      ).value
      attachOrigin(&value, layer.kindName, span, operands, detail)
      return .value(value)
    } catch {
      throw diagnostic(
        for: Hints.improve(error, layer, notes, callee: callee, self), at: callee,
        operation: layer.kindName,
        operands: ["x": notes[0].span, "W": callee, "b": callee, "function": callee])
    }
  }

  /// Runs the members of a `Sequential`, each on what the one before gives.
  private func sequence(_ members: [Value], _ input: Value, defers: Bool) throws -> Outcome {
    var result = Outcome.value(input)
    for member in members {
      if case .pending(let waiting) = result,
        let fused = absorb(waiting, into: member, [], callee: callSite, at: callSite)
      {
        result = .pending(fused)
        continue
      }
      let argument = EvaluatedArgument(name: nil, value: try finish(result), expression: nil, span: callSite)
      result = .value(.none)
      result = try apply(member, [argument], callee: callSite, at: callSite, defers: true)
    }
    return defers ? result : .value(try finish(result))
  }
}

extension Value {
  var isTensor: Bool {
    if case .tensor = self { return true }
    return false
  }
}
