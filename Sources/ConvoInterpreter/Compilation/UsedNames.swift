internal import ConvoSyntax

/// The names that a function mentions, in the order of the text, each once.
struct UsedNames {
  private var names: [String] = []
  private var seen: Set<String> = []

  static func of(_ literal: FunctionLiteral) -> [String] {
    var used = UsedNames()
    used.walk(literal)
    return used.names
  }

  static func of(_ expression: Expression) -> [String] {
    var used = UsedNames()
    used.walk(expression)
    return used.names
  }

  private mutating func note(_ name: String) {
    if seen.insert(name).inserted { names.append(name) }
  }

  /// What a function mentions beside its own parameters.
  private mutating func walk(_ literal: FunctionLiteral) {
    for parameter in literal.parameters { if let value = parameter.defaultValue { walk(value) } }
    var inner = UsedNames()
    switch literal.body {
    case .expression(let expression): inner.walk(expression)
    case .block(let statements): inner.walk(statements)
    }
    for name in inner.names where !literal.parameters.contains(where: { $0.name == name }) { note(name) }
  }

  private mutating func walk(_ items: [IndexItem]) {
    for item in items {
      switch item.kind {
      case .single(let inner): walk(inner)
      case .slice(let start, let stop, let step):
        for bound in [start, stop, step] { if let bound { walk(bound) } }
      case .ellipsis: continue
      }
    }
  }

  private mutating func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): note(name)
    case .number, .boolean, .none: return
    case .string(let parts): for case .interpolation(let inner) in parts { walk(inner) }
    case .list(let items): for item in items { walk(item) }
    case .record(let entries): for entry in entries { walk(entry.value) }
    case .unary(_, let operand): walk(operand)
    case .binary(_, let left, let right, _):
      walk(left)
      walk(right)
    case .chain(let first, let links):
      walk(first)
      for link in links { walk(link.operand) }
    case .call(let callee, let arguments):
      walk(callee)
      for argument in arguments { walk(argument.value) }
    case .index(let base, let items):
      walk(base)
      walk(items)
    case .attribute(let base, _, _): walk(base)
    case .function(let inner): walk(inner)
    }
  }

  private mutating func walk(_ statements: [Statement]) {
    for statement in statements {
      switch statement.kind {
      case .expression(let expression): walk(expression)
      case .assignment(let targets, let expression):
        walk(expression)
        for target in targets {
          switch target {
          case .name: continue
          case .index(let base, let items, _):
            walk(base)
            walk(items)
          case .attribute(let base, _): walk(base)
          }
        }
      case .definition(_, _, let inner): walk(inner)
      case .conditional(let branches, let otherwise):
        for branch in branches {
          walk(branch.condition)
          walk(branch.body)
        }
        walk(otherwise ?? [])
      case .loop(_, let expression, let body), .repetition(let expression, let body):
        walk(expression)
        walk(body)
      case .attempt(let body, _, let otherwise):
        walk(body)
        walk(otherwise)
      case .returnValue(let expression): if let expression { walk(expression) }
      case .breakLoop, .continueLoop: continue
      case .command(_, _, let expressions): for expression in expressions { walk(expression) }
      }
    }
  }
}
