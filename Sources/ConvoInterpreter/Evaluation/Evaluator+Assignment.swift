internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

extension Evaluator {
  /// Binds a name in the innermost scope. A layer is copied, so that two variables never share one.
  func bind(_ name: String, _ value: Value, _ scope: Scope, at span: Span, announces: Bool = false) {
    if scope === globals, announcesAssignments, globals.variables[name] == nil, builtins[name] != nil {
      presenter.warn("\(name) now hides the builtin of that name; del \(name) brings it back")
    }
    let stored = value.copiedForBinding()
    scope.variables[name] = stored
    if announces, announcesAssignments { presenter.announce(name, stored) }
  }

  /// `a = v`, `a, b = pair`, `x[…] = v`, `layer.W = v`
  func assign(
    _ targets: [AssignmentTarget], _ expression: Expression, _ scope: Scope, announces: Bool
  ) throws {
    let value = try evaluate(expression, scope)
    guard targets.count > 1 else {
      if case .tensor(var tensor) = value, tensor.origin == nil, case .name = targets[0] {
        tensor.origin = origin(of: expression)
        try store(.tensor(tensor), in: targets[0], scope, announces: announces)
      } else {
        try store(value, in: targets[0], scope, announces: announces)
      }
      return
    }
    try unpack(value, into: targets, scope, at: expression.span, announces: announces)
  }

  /// Takes a value apart into as many targets as it has elements.
  func unpack(
    _ value: Value, into targets: [AssignmentTarget], _ scope: Scope, at span: Span, announces: Bool = false
  ) throws {
    let sequence: ValueSequence
    do { sequence = try ValueSequence(value) } catch {
      throw Diagnostic(
        "\(targets.count) names are assigned, but \(value.brief) cannot be taken apart", source: source,
        labels: [.init(span)])
    }
    guard sequence.count == targets.count else {
      throw Diagnostic(
        "\(targets.count) names are assigned, but there are \(sequence.count) values", source: source,
        labels: [.init(targets[0].span), .init(span, "\(sequence.count) values")])
    }
    // Every place is checked before the first is changed only for names; a place that fails leaves those before it.
    let saved = targets.contains { !$0.isName } ? scope.variables : nil
    do {
      for (index, target) in targets.enumerated() {
        try store(sequence[index], in: target, scope, announces: announces)
      }
    } catch {
      if let saved { scope.variables = saved }
      throw error
    }
  }

  private func store(_ value: Value, in target: AssignmentTarget, _ scope: Scope, announces: Bool) throws {
    switch target {
    case .name(let name): bind(name.name, value, scope, at: name.span, announces: announces)
    case .index(let base, let items, let span):
      let last = Place.Step.items(try resolve(items, scope), span)
      try change(base, last, value, scope, announces: announces)
    case .attribute(let base, let name):
      try change(base, .attribute(name.name, name.span), value, scope, announces: announces)
    }
  }

  private func change(
    _ base: Expression, _ last: Place.Step, _ value: Value, _ scope: Scope, announces: Bool
  ) throws {
    var steps = [last]
    var current = base
    while true {
      switch current.kind {
      case .name(let name):
        let place = Place(name: name, nameSpan: current.span, steps: steps.reversed())
        try write(value, to: place, scope)
        if announces, announcesAssignments, let changed = scope.lookup(name) {
          presenter.announce(name, changed)
        }
        return
      case .attribute(let inner, let name, let nameSpan):
        steps.append(.attribute(name, nameSpan))
        current = inner
      case .index(let inner, let items):
        steps.append(.items(try resolve(items, scope), current.span))
        current = inner
      default:
        throw Diagnostic(
          "only a variable, or a part of one, can be assigned to", source: source,
          labels: [.init(current.span)])
      }
    }
  }

  /// Changes a part of a variable in place: the value is taken out of its scope, so that nobody shares it meanwhile.
  private func write(_ value: Value, to place: Place, _ scope: Scope) throws {
    guard var root = scope.variables[place.name] else {
      if scope.lookup(place.name) != nil {
        throw Diagnostic(
          "\(place.name) belongs to the session; a function changes only its own variables", source: source,
          labels: [.init(place.nameSpan)],
          helps: [.init("\(place.name) = \(place.name)", gives: "a variable of the function to change")])
      }
      throw unknownName(place.name, at: place.nameSpan, scope)
    }
    scope.variables[place.name] = Value.none
    defer { scope.variables[place.name] = root }
    try write(value, into: &root, place.steps[...], names: place)
  }

  private func write(
    _ value: Value, into target: inout Value, _ steps: ArraySlice<Place.Step>, names place: Place
  ) throws {
    guard let step = steps.first else {
      target = try value.bound()
      return
    }
    let rest = steps.dropFirst()
    do {
      switch step {
      case .attribute(let name, _):
        try target.changeAttribute(name) { part throws in
          try write(value, into: &part, rest, names: place)
        }
      case .items(let items, _):
        if rest.isEmpty {
          try target.assign(value, at: items)
        } else {
          try target.changeElement(at: items) { part throws in
            try write(value, into: &part, rest, names: place)
          }
        }
      }
    } catch {
      throw diagnostic(for: error, at: step.span, operation: nil)
    }
  }

  /// What the text of an assigned expression says of where the value came from.
  private func origin(of expression: Expression) -> Origin? {
    Origin(
      operation: "", text: source.text(of: expression.span),
      line: source.location(of: expression.span.start).line,
      operands: [])
  }
}

/// A variable and the way to a part of it.
struct Place {
  enum Step {
    case attribute(String, Span)
    case items([ResolvedIndex], Span)

    var span: Span {
      switch self {
      case .attribute(_, let span), .items(_, let span): span
      }
    }
  }
  var name: String
  var nameSpan: Span
  var steps: [Step]
}

extension AssignmentTarget {
  var isName: Bool {
    if case .name = self { return true }
    return false
  }
}
