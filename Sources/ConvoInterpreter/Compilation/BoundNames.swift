internal import ConvoSyntax

/// The names that a function binds, and which of them functions inside it use.
struct BoundNames {
  /// In the order of the text, each once, without the parameters.
  private(set) var bound: [String] = []
  /// Bound names and parameters that a function inside may use.
  private(set) var shared: Set<String> = []
  private var seen: Set<String> = []
  /// What functions inside mention.
  private var mentionedInside: Set<String> = []

  static func of(_ literal: FunctionLiteral) -> BoundNames {
    var names = BoundNames()
    switch literal.body {
    case .expression(let expression): names.walk(expression)
    case .block(let statements): names.walk(statements)
    }
    for parameter in literal.parameters { if let value = parameter.defaultValue { names.walk(value) } }
    if names.mentionedInside.isEmpty { return names }
    let own = names.seen.union(literal.parameters.map(\.name))
    names.shared = own.intersection(names.mentionedInside)
    return names
  }

  /// The names of variables that statements change, as a whole or in part.
  static func changed(by statements: [Statement]) -> [String] {
    var names = BoundNames()
    names.notesParts = true
    names.walk(statements)
    return names.bound
  }

  /// Whether a variable counts as bound when a part of it is assigned.
  private var notesParts = false

  private mutating func bind(_ name: String) {
    if seen.insert(name).inserted { bound.append(name) }
  }

  private mutating func notePart(_ base: Expression) {
    guard notesParts else { return }
    var base = base
    while true {
      switch base.kind {
      case .name(let name): return bind(name)
      case .index(let inner, _), .attribute(let inner, _, _): base = inner
      default: return
      }
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
          case .name(let name): bind(name.name)
          case .index(let base, let items, _):
            notePart(base)
            walk(base)
            walk(items)
          case .attribute(let base, _):
            notePart(base)
            walk(base)
          }
        }
      case .definition(let name, _, let inner):
        bind(name)
        enter(inner)
      case .conditional(let branches, let otherwise):
        for branch in branches {
          walk(branch.condition)
          walk(branch.body)
        }
        walk(otherwise ?? [])
      case .loop(let names, let expression, let body):
        walk(expression)
        for name in names { bind(name.name) }
        walk(body)
      case .repetition(let expression, let body):
        walk(expression)
        walk(body)
      case .attempt(let body, let name, let otherwise):
        walk(body)
        if let name { bind(name.name) }
        walk(otherwise)
      case .returnValue(let expression): if let expression { walk(expression) }
      case .breakLoop, .continueLoop: continue
      case .command(_, _, let expressions): for expression in expressions { walk(expression) }
      }
    }
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
    case .name, .number, .boolean, .none: return
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
    case .function(let inner): enter(inner)
    }
  }

  /// What a function inside may use of this one: all that it mentions, but for its parameters and what it surely binds
  /// before it uses it.
  private mutating func enter(_ inner: FunctionLiteral) {
    var mentioned = Set(UsedNames.of(inner))
    for parameter in inner.parameters { if let value = parameter.defaultValue { walk(value) } }
    if case .block(let statements) = inner.body {
      var before = Set<String>()
      for statement in statements {
        guard case .assignment(let targets, let expression) = statement.kind, targets.count == 1,
          case .name(let name) = targets[0]
        else { break }
        before.formUnion(UsedNames.of(expression))
        if !before.contains(name.name) { mentioned.remove(name.name) }
      }
    }
    mentionedInside.formUnion(mentioned)
  }
}
