internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

// What a call of a builtin and of a layer does.
extension Evaluator {
  /// A builtin binds its arguments to its parameters.
  func invoke(
    _ builtin: Builtin, _ given: consuming [EvaluatedArgument], callee: Span, at span: Span, defers: Bool
  ) throws -> Value {
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
        case .isSkipped: return .none
        }
      }
      switch builtin.body {
      case .function(let body):
        var value = try body(&call)
        if value.isTensor { attachOrigin(&value, builtin.name, span, operands) }
        return value
      case .operation(let body):
        if let function = builtin.number, let numbers = call.numbers, let number = function(numbers) {
          return .number(number)
        }
        let inputs = mode == .normal ? [] : call.tensors()
        let operation = try body(&call)
        if defers, mode == .normal, let convolution = operation as? Convolution {
          // A shape that does not fit is this call's error, not that of who takes the operation over.
          _ = try convolution.outputShape()
          return .deferred(
            Deferred(convolution, name: builtin.name, span: span, operands: operands))
        }
        let detail = Explanation(operation)
        var value = try perform(operation, named: builtin.name, reading: inputs).value
        attachOrigin(&value, builtin.name, span, operands, detail)
        return value
      case .form: return .none
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

  /// A layer settles its sizes, and gives its operation.
  func invoke(
    _ layer: Layer, _ given: consuming [EvaluatedArgument], callee: Span, at span: Span, defers: Bool
  ) throws -> Value {
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
        return .deferred(Deferred(convolution, name: layer.kindName, span: span, operands: operands))
      }
      let detail = Explanation(prepared.operation)
      var value = try perform(
        prepared.operation, named: layer.text, reading: [prepared.input], parameters: prepared.parameters
      ).value
      attachOrigin(&value, layer.kindName, span, operands, detail)
      return value
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
  ) throws -> Value {
    try checkStack(at: callee)
    var result = input
    for (index, member) in members.enumerated() {
      if case .deferred(let waiting) = result {
        if let fused = absorb(waiting, into: member, [], callee: callee, at: span) {
          result = .deferred(fused)
          steps.add(member, index)
          continue
        }
        if var pooled = try pool(waiting, by: member, [], callee: callee, at: span) {
          steps.split(&pooled)
          result = pooled
          steps.add(member, index)
          continue
        }
      }
      var value = try finish(result)
      result = .none
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
    result = .none
    steps.finish(&value, isLast: true)
    return value
  }
}
