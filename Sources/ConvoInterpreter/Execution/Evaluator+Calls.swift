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

// Calls: what stands in a register is called with the registers behind it.
extension Evaluator {
  /// Calls; a function of the language only begins, and the answer is true.
  @inline(never)
  func call(_ frame: FramePointer, _ i: Instruction) throws -> Bool {
    let site = unsafe frame.pointee.callSite
    let first = unsafe frame.pointee.base + Int(i.b) + 1
    let count = site.arguments.count
    if i.opcode == .callGlobal, let cell = site.cell, let entry = unsafe cell.entry,
      let function = unsafe cell.function
    {
      unsafe try enter(entry, function, first, count, site, defers: defers(site, frame))
      return true
    }
    return unsafe try callOther(frame, i, site, first, count)
  }

  @inline(__always)
  private func defers(_ site: CallSite, _ frame: FramePointer) -> Bool {
    if mode != .normal { return false }
    switch site.defers {
    case .never: return false
    case .always: return true
    case .asCaller: return unsafe frame.pointee.defers
    }
  }

  @inline(never)
  private func callOther(
    _ frame: FramePointer, _ i: Instruction, _ site: CallSite, _ first: UnsafeMutablePointer<Value?>,
    _ count: Int
  ) throws -> Bool {
    let target: Value
    switch i.opcode {
    case .callBuiltin:
      if let hiding = site.cell?.value {
        target = hiding
      } else {
        guard let builtin = site.builtin else { return false }
        let result = unsafe try invoke(builtin, first, count, site, defers: defers(site, frame))
        unsafe frame.pointee.set(i.a, result)
        return false
      }
    case .callGlobal:
      if let value = site.cell?.value {
        target = value
      } else if let builtin = site.builtin {
        target = .function(.builtin(builtin))
      } else {
        throw unknownName(site.cell?.name ?? "", at: site.callee.span)
      }
    default: target = unsafe (first - 1).pointee ?? .none
    }
    if case .function(.user(let closure)) = target, let entry = unsafe closure.prototype.entry {
      // The register of the callee keeps the function while it runs.
      unsafe (first - 1).assign(target)
      unsafe try enter(entry, .passUnretained(closure), first, count, site, defers: defers(site, frame))
      return true
    }
    unsafe (first - 1).pointee = nil
    unsafe frame.pointee.set(i.a, try call(target, first, count, site, defers: defers(site, frame)))
    return false
  }

  /// Calls a builtin, a layer, or what cannot be called.
  private func call(
    _ target: Value, _ first: UnsafeMutablePointer<Value?>, _ count: Int, _ site: CallSite, defers: Bool
  ) throws -> Value {
    if case .function(.builtin(let builtin)) = target {
      if case .form(let body) = builtin.body {
        unsafe machine.clear(first, count)
        return try form(builtin, body, site)
      }
      return unsafe try invoke(builtin, first, count, site, defers: defers)
    }
    var rest: [EvaluatedArgument] = []
    var waiting: Deferred?
    for index in 0..<count {
      let value = unsafe (first + index).taken()
      if index == 0, case .deferred(let deferred) = value {
        waiting = deferred
      } else {
        rest.append(argument(index, value, site))
      }
    }
    if let waiting {
      if let result = try join(waiting, target, rest, site, defers: defers) { return result }
      rest.insert(argument(0, try finish(.deferred(waiting)), site), at: 0)
    }
    return try apply(target, rest, callee: site.callee.span, at: site.span, defers: defers)
  }

  /// The result of a call that takes a convolution over; nil where it cannot.
  private func join(
    _ waiting: Deferred, _ target: Value, _ rest: [EvaluatedArgument], _ site: CallSite, defers: Bool
  ) throws -> Value? {
    guard target.absorbs else { return nil }
    if let fused = absorb(waiting, into: target, rest, callee: site.callee.span, at: site.span) {
      return defers ? .deferred(fused) : try finish(.deferred(fused))
    }
    return try pool(waiting, by: target, rest, callee: site.callee.span, at: site.span)
  }

  /// What an argument is, with its place.
  private func argument(_ index: Int, _ value: Value, _ site: CallSite) -> EvaluatedArgument {
    let written = site.arguments[index]
    return EvaluatedArgument(
      name: written.name, value: value, expression: written.value, span: written.value.span,
      nameSpan: written.name == nil ? nil : written.nameSpan)
  }

  /// Calls a builtin with arguments from registers.
  private func invoke(
    _ builtin: Builtin, _ first: UnsafeMutablePointer<Value?>, _ count: Int, _ site: CallSite, defers: Bool
  ) throws -> Value {
    if case .deferred(let waiting)? = unsafe first.pointee, count > 0 {
      unsafe first.pointee = nil
      var rest: [EvaluatedArgument] = []
      for index in 1..<max(1, count) { rest.append(argument(index, unsafe (first + index).taken(), site)) }
      if let result = try join(waiting, .function(.builtin(builtin)), rest, site, defers: defers) {
        return result
      }
      let all = [argument(0, try finish(.deferred(waiting)), site)] + rest
      return try invoke(builtin, all, callee: site.callee.span, at: site.span, defers: defers)
    }
    if let binding = site.binding, mode == .normal {
      return unsafe try invoke(builtin, binding, first, count, site, defers: defers)
    }
    var evaluated: [EvaluatedArgument] = []
    evaluated.reserveCapacity(count)
    for index in 0..<count { evaluated.append(argument(index, unsafe (first + index).taken(), site)) }
    return try invoke(builtin, evaluated, callee: site.callee.span, at: site.span, defers: defers)
  }

  /// Calls a builtin whose arguments were bound when the call was compiled.
  private func invoke(
    _ builtin: Builtin, _ binding: BuiltinBinding, _ first: UnsafeMutablePointer<Value?>, _ count: Int,
    _ site: CallSite, defers: Bool
  ) throws -> Value {
    let surrounding = callSite
    callSite = site.callee.span
    defer { callSite = surrounding }
    var values = [Value?](repeating: nil, count: binding.parameterCount)
    var rest: [Value] = []
    // What an error, or the note of how the result came to be, says of the tensors, which are handed over.
    var operands: [Origin.Operand] = []
    var places: [Int] = []
    for index in 0..<count {
      let value = unsafe (first + index).taken()
      if value.isTensor, let operand = describe(site.arguments[index].value, value) {
        operands.append(operand)
        places.append(index)
      }
      let target = binding.targets[index]
      if target == binding.variadic { rest.append(value) } else { values[target] = value }
    }
    if let variadic = binding.variadic, !rest.isEmpty || !builtin.parameters[variadic].isRequired {
      values[variadic] = .list(rest)
      rest = []
    }
    do {
      var call = Call(evaluator: self, arguments: values, spans: [])
      values = []
      switch builtin.body {
      case .function(let body):
        let result = try body(&call)
        guard case .tensor(var tensor) = result else { return result }
        tensor.origin = site.origins.origin(builtin.name, site.span, source, operands)
        return .tensor(tensor)
      case .operation(let body):
        if let function = builtin.number, let numbers = call.numbers, let number = function(numbers) {
          return .number(number)
        }
        var operation = try body(&call)
        if defers, let convolution = operation as? Convolution {
          // A shape that does not fit is this call's error, not that of who takes the operation over.
          _ = try convolution.outputShape()
          return .deferred(Deferred(convolution, name: builtin.name, span: site.span, operands: operands))
        }
        if let number = operation.number() { return .number(Double(number)) }
        let detail = builtin.family == .network ? Explanation(operation) : nil
        multiplyAdds &+= operation.multiplyAdds
        var tensor = try operation.result()
        if tensor.rank == 0 { return tensor.value }
        tensor.origin = site.origins.origin(builtin.name, site.span, source, operands, detail)
        return .tensor(tensor)
      case .form: return .none
      }
    } catch {
      let notes = site.arguments.enumerated().map { index, argument in
        ArgumentNote(argument, places.firstIndex(of: index).map { operands[$0] })
      }
      throw located(error, builtin, binding, notes, site)
    }
  }

  /// An error of a builtin, with the places of its arguments.
  private func located(
    _ error: any Error, _ builtin: Builtin, _ binding: BuiltinBinding, _ notes: [ArgumentNote],
    _ site: CallSite
  ) -> any Error {
    var places: [String: Span] = ["function": site.callee.span]
    for (index, note) in notes.enumerated() {
      let name = builtin.parameters[binding.targets[index]].name
      places[name] = places[name]?.union(note.span) ?? note.span
    }
    Binding.place(notes.map { ($0.name, $0.nameSpan, $0.span) }, in: &places)
    return diagnostic(
      for: Hints.improve(error, builtin, notes, self), at: site.callee.span, operation: builtin.name,
      operands: places)
  }

  /// Calls a builtin that sees its arguments unevaluated.
  func form(_ builtin: Builtin, _ body: (FormCall) throws -> Value, _ site: CallSite) throws -> Value {
    do {
      return try body(FormCall(evaluator: self, arguments: site.arguments, span: site.span))
    } catch {
      throw diagnostic(for: error, at: site.span, operation: builtin.name)
    }
  }

  /// Calls a value. The arguments are taken over, so that an operation may work in place on a temporary.
  func apply(
    _ target: Value, _ arguments: consuming [EvaluatedArgument], callee: Span, at span: Span,
    defers: Bool = false
  ) throws -> Value {
    switch target {
    case .function(.builtin(let builtin)):
      return try invoke(builtin, arguments, callee: callee, at: span, defers: defers)
    case .function(.user(let closure)): return try call(closure, arguments.map(\.value))
    case .layer(let layer):
      return try invoke(layer, arguments, callee: callee, at: span, defers: defers)
    default:
      throw Diagnostic(
        "\(target.brief) cannot be called; a function or a layer can", source: source, labels: [.init(callee)]
      )
    }
  }

  /// Calls a value with one other from inside a builtin, such as `map`.
  func apply(_ target: Value, to value: Value) throws -> Value {
    if case .function(.user(let closure)) = target { return try call(closure, with: value) }
    return try apply(target, [value])
  }

  /// Calls a value from inside a builtin, such as `reduce`.
  func apply(_ target: Value, _ values: [Value]) throws -> Value {
    if case .function(.user(let closure)) = target { return try call(closure, values) }
    return try finish(
      apply(
        target, values.map { EvaluatedArgument(name: nil, value: $0, expression: nil, span: callSite) },
        callee: callSite, at: callSite))
  }

  /// An error for `x.f(…)` where f is a function.
  func rejectMethod(_ value: Value, _ site: AttributeSite) throws {
    if case .record = value { return }
    if case .layer(let layer) = value, layer.attributeNames.contains(site.name) { return }
    let written = site.name
    let name = builtins[written] == nil ? Habits.functions[written] ?? written : written
    guard builtins[name] != nil else { return }
    let subject = source.text(of: site.base.span)
    let rest = site.arguments.map {
      source.text(of: ($0.name == nil ? $0.value.span : $0.nameSpan.union($0.value.span)))
    }
    let inside = ([subject] + rest).joined(separator: ", ")
    let tail = rest.isEmpty ? "" : "(\(rest.joined(separator: ", ")))"
    throw Diagnostic(
      "\(value.typeName)s have no methods\(name == written ? "" : " such as \(written)"); \(name) is a function",
      source: source, labels: [.init(site.nameSpan)],
      helps: [.init("\(name)(\(inside))"), .init("\(subject) |> \(name)\(tail)")])
  }
}

extension Machine.Frame {
  /// The call at hand.
  @inline(__always)
  var callSite: CallSite {
    guard case .call(let site) = site else { return unsafe CallSite.none }
    return site
  }
}

extension CallSite {
  /// Stands where no call is.
  nonisolated(unsafe) static let none = CallSite(
    callee: Expression(.none, Span(0, 0)), arguments: [], isPiped: false, span: Span(0, 0), defers: .never)
}

extension Value {
  var isTensor: Bool {
    if case .tensor = self { return true }
    return false
  }
}
