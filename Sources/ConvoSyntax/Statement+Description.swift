extension Statement: CustomStringConvertible {
  /// The tree in prefix form: `(= a (+ b 1))`; a silenced statement ends in `;`.
  public var description: String { text + (isSilenced ? ";" : "") }

  private var text: String {
    switch kind {
    case .expression(let value): value.description
    case .assignment(let targets, let value):
      "(= \(targets.map(\.description).joined(separator: " ")) \(value))"
    case .definition(_, _, let function): function.description
    case .conditional(let branches, let otherwise):
      "(if " + branches.map { "\($0.condition) \($0.body.blockDescription)" }.joined(separator: " ")
        + (otherwise.map { " else \($0.blockDescription)" } ?? "") + ")"
    case .loop(let names, let values, let body):
      "(for \(names.map(\.name).joined(separator: " ")) in \(values) \(body.blockDescription))"
    case .repetition(let condition, let body): "(while \(condition) \(body.blockDescription))"
    case .attempt(let body, let name, let otherwise):
      "(try \(body.blockDescription)\(name.map { " \($0.name)" } ?? "") \(otherwise.blockDescription))"
    case .breakLoop: "(break)"
    case .continueLoop: "(continue)"
    case .returnValue(let value): "(return\(value.map { " \($0)" } ?? ""))"
    case .command(let name, _, let arguments):
      "(:" + ([name] + arguments.map(\.description)).joined(separator: " ") + ")"
    }
  }
}

extension [Statement] {
  /// The statements of a block in braces.
  var blockDescription: String { "{" + map(\.description).joined(separator: " | ") + "}" }
}

extension AssignmentTarget: CustomStringConvertible {
  /// The target as the expression that reads it.
  public var description: String {
    switch self {
    case .name(let name): name.name
    case .index(let base, let items, _):
      "(at " + ([base.description] + items.map(\.description)).joined(separator: " ") + ")"
    case .attribute(let base, let name): "(. \(base) \(name.name))"
    }
  }
}
