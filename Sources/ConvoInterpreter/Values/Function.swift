public import ConvoSyntax

/// Something that can be called by name: a builtin, or a function written in the language.
public indirect enum Function: Sendable {
  /// An entry of the table.
  case builtin(Builtin)
  /// A function of the language with the scope that surrounds it.
  case user(FunctionLiteral, Scope)

  /// The name in errors.
  public var name: String {
    switch self {
    case .builtin(let builtin): builtin.name
    case .user(let literal, _): literal.name ?? "fn"
    }
  }

  /// How it is called: `maxpool(x, ksize, stride=none)`.
  public var signature: String {
    switch self {
    case .builtin(let builtin): return builtin.signature
    case .user(let literal, _):
      let parameters = literal.parameters.map { parameter in
        guard let value = parameter.defaultValue else { return parameter.name }
        return parameter.name + "=" + literal.source.text(of: value.span)
      }
      return (literal.name ?? "fn") + "(" + parameters.joined(separator: ", ") + ")"
    }
  }
}
