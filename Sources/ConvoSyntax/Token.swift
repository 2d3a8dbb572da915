/// A word, number, string or sign of the source.
public struct Token: Sendable, Hashable {
  /// What the token is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case name, number
    /// A string without interpolation, quotes included.
    case string
    /// `"size {`
    case stringHead
    /// `} and {`
    case stringMiddle
    /// `} pixels"`
    case stringTail
    /// A string whose end is missing, from its quote or from the `}` of an interpolation on.
    case unterminatedString
    /// Only where comments are asked for.
    case comment
    /// What belongs to no token.
    case error
    case end

    case fn, `return`, `if`, `else`, `for`, `in`, `while`, `break`, `continue`, `try`, `catch`
    case and, or, not, `true`, `false`, none, newaxis

    case pipe = "|>"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case doubleSlash = "//"
    case percent = "%"
    case at = "@"
    case doubleStar = "**"
    case assign = "="
    case dot = "."
    case comma = ","
    case colon = ":"
    case semicolon = ";"
    case ellipsis = "..."
    case question = "?"

    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
  }

  /// The families of tokens, for highlighting.
  public enum Category: Sendable, Hashable, CaseIterable {
    case keyword, name, number, string, comment, `operator`, bracket, error, end
  }

  /// What the token is.
  public var kind: Kind
  /// Where it stands.
  public var span: Span
  /// Whether a newline stands between it and the token before; the first token of a text counts as such.
  public var isAfterNewline: Bool
}

extension Token.Kind {
  /// The family of the token.
  public var category: Token.Category {
    switch self {
    case .name: .name
    case .number: .number
    case .string, .stringHead, .stringMiddle, .stringTail, .unterminatedString: .string
    case .comment: .comment
    case .error: .error
    case .end: .end
    case .fn, .return, .if, .else, .for, .in, .while, .break, .continue, .try, .catch, .and, .or, .not,
      .true, .false, .none, .newaxis:
      .keyword
    case .pipe, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star,
      .slash,
      .doubleSlash, .percent, .at, .doubleStar, .assign, .dot, .comma, .colon, .semicolon, .ellipsis,
      .question:
      .operator
    case .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace: .bracket
    }
  }

  /// The operator that the token writes between two operands.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .pipe: .pipe
    case .or: .or
    case .and: .and
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .in: .contained
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .doubleSlash: .floorDivide
    case .percent: .remainder
    case .at: .matrixMultiply
    case .doubleStar: .power
    default: nil
    }
  }

  /// The bracket that closes this one.
  var closing: Token.Kind? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    // The `{` of an interpolation is closed by the `}` with which the rest of its string begins.
    case .stringHead, .stringMiddle: .stringTail
    default: nil
    }
  }

  /// Whether the token is a bracket that closes.
  var isClosing: Bool {
    switch self {
    case .rightParenthesis, .rightBracket, .rightBrace, .stringMiddle, .stringTail: true
    default: false
    }
  }
}

/// The reserved words, found by their letters packed into a number.
enum Keyword {
  /// All of them, as the user writes them.
  static let all = Token.Kind.allCases.filter { $0.category == .keyword }

  private struct Entry {
    let letters: UInt64
    let kind: Token.Kind
  }

  private static let byLength: [[Entry]] = {
    var table = [[Entry]](repeating: [], count: 9)
    for kind in all {
      let word = kind.rawValue.utf8
      table[word.count].append(Entry(letters: word.reduce(0) { $0 << 8 | UInt64($1) }, kind: kind))
    }
    return table
  }()

  /// The keyword of at most eight letters that are packed into a number, the last lowest.
  static func kind(letters: UInt64, length: Int) -> Token.Kind? {
    guard length < byLength.count else { return nil }
    for entry in byLength[length] where entry.letters == letters { return entry.kind }
    return nil
  }
}
