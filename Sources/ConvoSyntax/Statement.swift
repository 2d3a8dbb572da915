/// A node of the syntax tree that does something.
public struct Statement: Sendable {
  /// What the statement is.
  public indirect enum Kind: Sendable {
    /// A bare expression, whose value is printed.
    case expression(Expression)
    /// `a = expr`, `a, b = pair`, `x[0] = v`, `conv1.W = v`
    case assignment([AssignmentTarget], Expression)
    /// `fn name(a) …`
    case definition(name: String, nameSpan: Span, FunctionLiteral)
    /// `if c { } else if d { } else { }`
    case conditional([ConditionalBranch], otherwise: [Statement]?)
    /// `for v in values { }`; several names take the values apart.
    case loop(names: [BoundName], Expression, [Statement])
    /// `while c { }`
    case repetition(Expression, [Statement])
    /// `try { } catch e { }`
    case attempt([Statement], name: BoundName?, otherwise: [Statement])
    /// `break`
    case breakLoop
    /// `continue`
    case continueLoop
    /// `return v`
    case returnValue(Expression?)
    /// `show x`: a call that may be written without parentheses at the prompt.
    case command(name: String, nameSpan: Span, [Expression])
  }

  /// What the statement is.
  public var kind: Kind
  /// Where it stands.
  public var span: Span
  /// Whether a `;` right before the end of the line silences it.
  public var isSilenced: Bool

  /// A statement at a place.
  public init(_ kind: Kind, _ span: Span, isSilenced: Bool = false) {
    self.kind = kind
    self.span = span
    self.isSilenced = isSilenced
  }
}

/// A name with its place.
public struct BoundName: Sendable {
  /// The name.
  public var name: String
  /// Where it stands.
  public var span: Span

  /// A name at a place.
  public init(_ name: String, _ span: Span) {
    self.name = name
    self.span = span
  }
}

/// What stands left of `=`.
public enum AssignmentTarget: Sendable {
  /// `a`
  case name(BoundName)
  /// `x[…]`; the base is a name, an attribute or an index itself.
  case index(base: Expression, items: [IndexItem], span: Span)
  /// `layer.W`
  case attribute(base: Expression, name: BoundName)

  /// Where it stands.
  public var span: Span {
    switch self {
    case .name(let name): name.span
    case .index(_, _, let span): span
    case .attribute(let base, let name): base.span.union(name.span)
    }
  }
}

/// `if c { }`
public struct ConditionalBranch: Sendable {
  /// The condition.
  public var condition: Expression
  /// What runs when it holds.
  public var body: [Statement]

  /// A condition and what it guards.
  public init(condition: Expression, body: [Statement]) {
    self.condition = condition
    self.body = body
  }
}
