internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

// What a call of each kind of callable does: a builtin, a function of the language, a layer.
extension Evaluator {
  /// A builtin binds its arguments to its parameters.
  func invoke(
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
        if let function = builtin.number, let numbers = call.numbers, let number = function(numbers) {
          return .value(.number(number))
        }
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

  /// A function of the language runs in a scope of its own.
  func invoke(
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

  /// A layer settles its sizes, and gives its operation.
  func invoke(
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
      if let members = layer.members {
        var steps = SequenceSteps(input: notes[0], callee: callee, self)
        return try sequence(
          members, input, notes[0].expression, &steps, callee: callee, at: span, defers: defers)
      }
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
  private func sequence(
    _ members: [Value], _ input: Value, _ expression: Expression?, _ steps: inout SequenceSteps, callee: Span,
    at span: Span, defers: Bool
  ) throws -> Outcome {
    try checkStack(at: callee)
    var result = Outcome.value(input)
    for (index, member) in members.enumerated() {
      if case .pending(let waiting) = result {
        if let fused = absorb(waiting, into: member, [], callee: callee, at: span) {
          result = .pending(fused)
          steps.add(member, index)
          continue
        }
        if var pooled = try pool(waiting, by: member, [], callee: callee, at: span) {
          steps.split(&pooled)
          result = .value(pooled)
          steps.add(member, index)
          continue
        }
      }
      var value = try finish(result)
      result = .value(.none)
      steps.finish(&value)
      let expression = index == 0 ? expression : nil
      if case .layer(let layer) = member, let inner = layer.members {
        var innerSteps = steps.inside(index)
        result = try sequence(
          inner, value, expression, &innerSteps, callee: callee, at: span, defers: true)
        steps.add(member, index)
        continue
      }
      let argument = EvaluatedArgument(
        name: nil, value: value, expression: expression, span: expression?.span ?? callee)
      value = .none
      result = try apply(member, [argument], callee: callee, at: span, defers: true)
      steps.add(member, index)
    }
    if defers { return result }
    var value = try finish(result)
    result = .value(.none)
    steps.finish(&value, isLast: true)
    return .value(value)
  }
}
