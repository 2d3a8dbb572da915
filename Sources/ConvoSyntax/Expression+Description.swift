extension Expression: CustomStringConvertible {
  /// The tree in prefix form: `(+ a (* b c))`.
  public var description: String {
    switch kind {
    case .number(let value): "\(value)"
    case .string(let parts): parts.map(\.description).joined(separator: "~")
    case .boolean(let value): "\(value)"
    case .none: "none"
    case .name(let name): name
    case .list(let elements): "[" + elements.map(\.description).joined(separator: " ") + "]"
    case .record(let entries): "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: " ") + "}"
    case .unary(let operation, let value): "(\(operation.rawValue) \(value))"
    case .binary(let operation, let left, let right, _): "(\(operation.rawValue) \(left) \(right))"
    case .chain(let first, let links):
      links.reduce(first.description) { "(\($1.operation.rawValue) \($0) \($1.operand))" }
    case .call(let callee, let arguments):
      "(" + ([callee.description] + arguments.map(\.description)).joined(separator: " ") + ")"
    case .index(let base, let items):
      "(at " + ([base.description] + items.map(\.description)).joined(separator: " ") + ")"
    case .attribute(let base, let name, _): "(. \(base) \(name))"
    case .function(let function): function.description
    }
  }
}

extension StringPart: CustomStringConvertible {
  /// A literal in quotes, or an expression in braces.
  public var description: String {
    switch self {
    case .literal(let text): text.debugDescription
    case .interpolation(let value): "{\(value)}"
    }
  }
}

extension Argument: CustomStringConvertible {
  /// `k=1`
  public var description: String { name.map { "\($0)=\(value)" } ?? value.description }
}

extension IndexItem: CustomStringConvertible {
  /// `1:2:`, where what is left out stays empty.
  public var description: String {
    switch kind {
    case .single(let value): return value.description
    case .ellipsis: return "..."
    case .slice(let start, let stop, let step):
      let parts = [start, stop, step].map { $0?.description ?? "" }
      return parts.joined(separator: ":")
    }
  }
}

extension FunctionLiteral: CustomStringConvertible {
  /// `(fn f (a k=1) body)`
  public var description: String {
    let words = parameters.map { parameter in
      parameter.defaultValue.map { "\(parameter.name)=\($0)" } ?? parameter.name
    }
    let code =
      switch body {
      case .expression(let value): value.description
      case .block(let statements): statements.blockDescription
      }
    return "(fn \(name.map { "\($0) " } ?? "")(\(words.joined(separator: " "))) \(code))"
  }
}
