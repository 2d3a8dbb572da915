internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// An evaluated argument of a call, with its place.
struct EvaluatedArgument {
  var name: String?
  var value: Value
  var expression: Expression?
  var span: Span
}

extension Evaluator {
  /// How deep functions may call one another.
  static let maximumCallDepth = 1000

  /// `x |> f` and `x |> f(a)`
  func pipe(
    _ value: Value, _ left: Expression, into right: Expression, at span: Span, _ scope: Scope
  ) throws -> Value {
    let piped = EvaluatedArgument(name: nil, value: value, expression: left, span: left.span)
    if case .call(let callee, let arguments) = right.kind {
      return try call(callee, arguments, piped: piped, at: right.span, scope)
    }
    return try call(right, [], piped: piped, at: right.span, scope)
  }

  /// `f(a, k=b)`, with the piped value as its first argument.
  func call(
    _ callee: Expression, _ arguments: [Argument], piped: EvaluatedArgument?, at span: Span, _ scope: Scope
  ) throws -> Value {
    if case .attribute(let base, let name, let nameSpan) = callee.kind {
      try rejectMethod(base, name, nameSpan, arguments, scope)
    }
    let target = try evaluate(callee, scope)
    if case .function(.builtin(let builtin)) = target, case .form(let body) = builtin.body {
      var written = arguments
      if let piped, let expression = piped.expression {
        written.insert(Argument(name: nil, nameSpan: piped.span, value: expression), at: 0)
      }
      do {
        return try body(FormCall(evaluator: self, arguments: written, scope: scope, span: span))
      } catch {
        throw diagnostic(for: error, at: span, operation: builtin.name)
      }
    }
    var evaluated: [EvaluatedArgument] = []
    evaluated.reserveCapacity(arguments.count + 1)
    if let piped { evaluated.append(piped) }
    for argument in arguments {
      evaluated.append(
        EvaluatedArgument(
          name: argument.name, value: try evaluate(argument.value, scope), expression: argument.value,
          span: argument.value.span))
    }
    return try apply(target, evaluated, callee: callee.span, at: span)
  }

  /// Calls a value.
  func apply(_ target: Value, _ arguments: [EvaluatedArgument], callee: Span, at span: Span) throws -> Value {
    switch target {
    case .function(.builtin(let builtin)):
      return try invoke(builtin, arguments, callee: callee, at: span)
    case .function(.user(let literal, let scope)):
      return try invoke(literal, scope, arguments, callee: callee, at: span)
    case .layer(let layer):
      return try invoke(layer, arguments, callee: callee, at: span)
    default:
      throw Diagnostic(
        "\(target.brief) cannot be called; a function or a layer can", source: source, labels: [.init(callee)]
      )
    }
  }

  /// Calls a value from inside a builtin, such as `map`.
  func apply(_ target: Value, _ values: [Value]) throws -> Value {
    try apply(
      target, values.map { EvaluatedArgument(name: nil, value: $0, expression: nil, span: callSite) },
      callee: callSite, at: callSite)
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
    _ builtin: Builtin, _ arguments: [EvaluatedArgument], callee: Span, at span: Span
  ) throws -> Value {
    let surrounding = callSite
    callSite = callee
    defer { callSite = surrounding }
    var places: [String: Span] = ["function": callee]
    let operands = arguments.compactMap { describe($0.expression, $0.value) }
    do {
      var call = try Binding.bind(arguments, to: builtin, evaluator: self)
      for (index, parameter) in builtin.parameters.enumerated() { places[parameter.name] = call.spans[index] }
      if mode != .normal {
        switch builtin.inPlans {
        case .runs: break
        case .needsValues: if call.holdsPhantom { throw NeedsValues() }
        case .isSkipped: return .none
        }
      }
      switch builtin.body {
      case .function(let body):
        var value = try body(&call)
        if !operands.isEmpty || value.isTensor { attachOrigin(&value, builtin.name, span, operands) }
        return value
      case .operation(let body):
        let inputs = mode == .normal ? [] : call.tensors()
        let operation = try body(&call)
        let detail = Explanation(operation)
        var value = try perform(operation, named: builtin.name, reading: inputs).value
        attachOrigin(&value, builtin.name, span, operands, detail)
        return value
      case .form: return .none
      }
    } catch {
      throw diagnostic(
        for: Hints.improve(error, builtin, arguments, self), at: callee, operation: builtin.name,
        operands: places)
    }
  }

  // MARK: Functions of the language

  private func invoke(
    _ literal: FunctionLiteral, _ surrounding: Scope, _ arguments: [EvaluatedArgument], callee: Span,
    at span: Span
  ) throws -> Value {
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
          guard scope.variables[keyword] == nil else { throw Failure("\(keyword) is given twice") }
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
      throw diagnostic(for: error, at: arguments.last?.span ?? callee, operation: name)
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
    case .expression(let expression): return try evaluate(expression, scope)
    case .block(let statements):
      switch try execute(statements, scope, prints: false) {
      case .normal(let value), .returned(let value): return value
      case .breakLoop, .continueLoop: return .none
      }
    }
  }

  // MARK: Layers

  private func invoke(
    _ layer: Layer, _ arguments: [EvaluatedArgument], callee: Span, at span: Span
  ) throws -> Value {
    guard arguments.count == 1, arguments[0].name == nil else {
      throw Diagnostic(
        "\(layer.kindName): a layer is called with one tensor", source: source, labels: [.init(callee)])
    }
    let operands = arguments.compactMap { describe($0.expression, $0.value) }
    do {
      var result = try layer.apply(to: arguments[0].value, self)
      attachOrigin(&result.value, layer.kindName, span, operands, result.explanation)
      return result.value
    } catch {
      throw diagnostic(
        for: Hints.improve(error, layer, arguments, callee: callee, self), at: callee,
        operation: layer.kindName,
        operands: ["x": arguments[0].span, "W": callee, "b": callee, "function": callee])
    }
  }
}

extension Value {
  var isTensor: Bool {
    if case .tensor = self { return true }
    return false
  }
}
