internal import ConvoSyntax

/// Something that can be called by name: a builtin, or a function written in the language.
public indirect enum Function: Sendable {
  /// An entry of the table.
  case builtin(Builtin)
  /// A function of the language.
  case user(Closure)

  /// The name in errors.
  public var name: String {
    switch self {
    case .builtin(let builtin): builtin.name
    case .user(let closure): closure.prototype.name
    }
  }

  /// How it is called: `maxpool(x, ksize, stride=none)`.
  public var signature: String {
    switch self {
    case .builtin(let builtin): return builtin.signature
    case .user(let closure): return closure.prototype.literal.signature
    }
  }
}

extension FunctionLiteral {
  /// How the function is called: `f(a, k=1)`.
  var signature: String {
    let words = parameters.map { parameter in
      guard let value = parameter.defaultValue else { return parameter.name }
      return parameter.name + "=" + source.text(of: value.span)
    }
    return (name ?? "fn") + "(" + words.joined(separator: ", ") + ")"
  }
}
