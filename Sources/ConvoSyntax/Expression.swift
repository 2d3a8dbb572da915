/// A node of the syntax tree that has a value.
public struct Expression: Sendable {
  /// What the node is.
  public indirect enum Kind: Sendable {
    /// `3`, `.5`, `0xff`
    case number(Double)
    /// `"size {x.shape}"`: literal parts and interpolated expressions.
    case string([StringPart])
    /// `true`
    case boolean(Bool)
    /// `none` and `newaxis`
    case none
    /// `image`
    case name(String)
    /// `[1, 2]`
    case list([Expression])
    /// `{W: conv1.W}`
    case record([RecordEntry])
    /// `-x`, `not x`
    case unary(UnaryOperator, Expression)
    /// `a == b`, `a ** b`: operators that do not chain.
    case binary(BinaryOperator, Expression, Expression, operatorSpan: Span)
    /// `a + b - c`, `x |> f |> g`: operators of one precedence from left to right, flat, so that a long sum is not deep.
    case chain(Expression, [ChainLink])
    /// `f(x, k=1)`
    case call(Expression, [Argument])
    /// `x[0, 1:2]`
    case index(Expression, [IndexItem])
    /// `x.shape`
    case attribute(Expression, name: String, nameSpan: Span)
    /// `fn(a) = a + 1`
    case function(FunctionLiteral)
  }

  /// What the node is.
  public var kind: Kind
  /// Where it stands.
  public var span: Span

  /// A node at a place.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A part of a string literal.
public enum StringPart: Sendable {
  /// Text with its escapes resolved.
  case literal(String)
  /// `{x.shape}`
  case interpolation(Expression)
}

/// An operator of a chain with its right operand.
public struct ChainLink: Sendable {
  /// The operator.
  public var operation: BinaryOperator
  /// Where the operator stands.
  public var operatorSpan: Span
  /// The right operand; for `|>` a callable or a call that lacks its first argument.
  public var operand: Expression

  /// One step of a chain.
  public init(_ operation: BinaryOperator, at operatorSpan: Span, _ operand: Expression) {
    self.operation = operation
    self.operatorSpan = operatorSpan
    self.operand = operand
  }
}

/// One entry of a record literal.
public struct RecordEntry: Sendable {
  /// The key; a name or a string in the source.
  public var key: String
  /// Where the key stands.
  public var keySpan: Span
  /// The value.
  public var value: Expression

  /// A key and a value.
  public init(key: String, keySpan: Span, value: Expression) {
    self.key = key
    self.keySpan = keySpan
    self.value = value
  }
}

/// One argument of a call.
public struct Argument: Sendable {
  /// The name before `=`, if there is one.
  public var name: String?
  /// Where the name stands, or the value.
  public var nameSpan: Span
  /// The value.
  public var value: Expression

  /// A positional argument has no name.
  public init(name: String?, nameSpan: Span, value: Expression) {
    self.name = name
    self.nameSpan = nameSpan
    self.value = value
  }
}

/// One item between the brackets of an index.
public struct IndexItem: Sendable {
  /// What the item is.
  public enum Kind: Sendable {
    /// `3`, `newaxis`, or a record's key
    case single(Expression)
    /// `a:b:step`
    case slice(start: Expression?, stop: Expression?, step: Expression?)
    /// `...`
    case ellipsis
  }
  /// What the item is.
  public var kind: Kind
  /// Where it stands.
  public var span: Span

  /// An item at a place.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A function written in the language.
public final class FunctionLiteral: Sendable {
  /// One parameter.
  public struct Parameter: Sendable {
    /// The name.
    public let name: String
    /// Where it stands.
    public let span: Span
    /// The default, evaluated at each call that lacks the argument.
    public let defaultValue: Expression?

    /// A parameter.
    public init(name: String, span: Span, defaultValue: Expression?) {
      self.name = name
      self.span = span
      self.defaultValue = defaultValue
    }
  }
  /// What runs at a call.
  public enum Body: Sendable {
    /// `= expr`
    case expression(Expression)
    /// `{ … }`
    case block([Statement])
  }
  /// The name, where it is not anonymous.
  public let name: String?
  /// The parameters in order.
  public let parameters: [Parameter]
  /// What runs.
  public let body: Body
  /// Where the whole stands.
  public let span: Span
  /// The text that the spans of the body belong to.
  public let source: SourceText

  /// A function as written.
  public init(name: String?, parameters: [Parameter], body: Body, span: Span, source: SourceText) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
    self.source = source
  }
}
