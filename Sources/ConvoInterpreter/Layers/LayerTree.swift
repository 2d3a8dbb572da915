internal import ConvoSyntax

/// The layers that a model is made of, each with the way to it.
///
/// A model is a layer, a `Sequential`, a list or record of models, or a function of the language that uses layers by
/// their names.
struct LayerTree {
  /// A layer that holds parameters itself.
  struct Leaf {
    /// `["conv1"]`, `["0"]`; empty for a model that is one layer.
    let path: [String]
    let layer: Layer
  }
  private(set) var leaves: [Leaf] = []
  private var visited: [ObjectIdentifier] = []

  /// Finds the layers of a model.
  init(_ model: Value) throws(Failure) {
    guard Self.isModel(model) else {
      throw Failure("\(model.brief) is no model; a layer, a Sequential, a record of layers or a function is")
    }
    add(model, [])
    if leaves.isEmpty, case .function(let function) = model {
      throw Failure("\(function.name) uses no layer")
    }
  }

  /// Every parameter under its key: `conv1/W`, `0/b`; a layer that was never used has none yet.
  var parameters: Record {
    var record = Record()
    for leaf in leaves {
      for parameter in leaf.layer.parameters() {
        record[(leaf.path + [parameter.name]).joined(separator: "/")] = .tensor(parameter.tensor)
      }
    }
    return record
  }

  /// The layers that were never used, so that their sizes are open and they have no parameters yet.
  var unsettledPaths: [String] {
    leaves.filter { $0.layer.parameters().count < $0.layer.parameterNames.count }
      .map { $0.path.joined(separator: "/") }
  }

  /// Checks that every layer has its parameters.
  func checkSettled() throws {
    for leaf in leaves {
      // An attribute that is still open throws what is missing.
      for name in leaf.layer.parameterNames { _ = try leaf.layer.attribute(name) }
    }
  }

  private static func isModel(_ value: Value) -> Bool {
    switch value {
    case .layer, .record, .list, .function: true
    default: false
    }
  }

  private mutating func add(_ value: Value, _ path: [String]) {
    switch value {
    case .layer(let layer):
      if let members = layer.members {
        for (index, member) in members.enumerated() { add(member, path + [String(index)]) }
      } else if !leaves.contains(where: { $0.layer === layer }) {
        leaves.append(Leaf(path: path, layer: layer))
      }
    case .record(let record): for pair in record.pairs { add(pair.value, path + [pair.key]) }
    case .list(let values): for (index, item) in values.enumerated() { add(item, path + [String(index)]) }
    case .function(.user(let literal, let scope)):
      let identity = ObjectIdentifier(literal)
      if visited.contains(identity) { return }
      visited.append(identity)
      // Names in the order in which the function uses them; a function that it calls adds its own layers.
      for name in UsedNames.of(literal) {
        guard let value = scope.lookup(name) else { continue }
        switch value {
        case .function: add(value, path)
        case .layer, .record, .list: add(value, path + [name])
        default: continue
        }
      }
    default: return
    }
  }
}

/// The names that a function mentions, in the order of the text, each once.
enum UsedNames {
  static func of(_ literal: FunctionLiteral) -> [String] {
    var names: [String] = []
    func note(_ name: String) {
      if !names.contains(name), !literal.parameters.contains(where: { $0.name == name }) {
        names.append(name)
      }
    }
    func walk(_ expression: Expression) {
      switch expression.kind {
      case .name(let name): note(name)
      case .number, .boolean, .none: return
      case .string(let parts): for case .interpolation(let inner) in parts { walk(inner) }
      case .list(let items): items.forEach(walk)
      case .record(let entries): entries.forEach { walk($0.value) }
      case .unary(_, let operand): walk(operand)
      case .binary(_, let left, let right, _):
        walk(left)
        walk(right)
      case .chain(let first, let links):
        walk(first)
        links.forEach { walk($0.operand) }
      case .call(let callee, let arguments):
        walk(callee)
        arguments.forEach { walk($0.value) }
      case .index(let base, let items):
        walk(base)
        for item in items { if case .single(let inner) = item.kind { walk(inner) } }
      case .attribute(let base, _, _): walk(base)
      case .function(let inner): for name in UsedNames.of(inner) { note(name) }
      }
    }
    func walkAll(_ statements: [Statement]) {
      for statement in statements {
        switch statement.kind {
        case .expression(let expression): walk(expression)
        case .assignment(_, let expression): walk(expression)
        case .definition(_, _, let inner): for name in UsedNames.of(inner) { note(name) }
        case .conditional(let branches, let otherwise):
          for branch in branches {
            walk(branch.condition)
            walkAll(branch.body)
          }
          walkAll(otherwise ?? [])
        case .loop(_, let expression, let body), .repetition(let expression, let body):
          walk(expression)
          walkAll(body)
        case .returnValue(let expression): expression.map(walk)
        case .breakLoop, .continueLoop: continue
        case .command(_, _, let expressions): expressions.forEach(walk)
        }
      }
    }
    switch literal.body {
    case .expression(let expression): walk(expression)
    case .block(let statements): walkAll(statements)
    }
    return names
  }
}
