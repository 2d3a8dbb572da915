/// An operator with one operand.
public enum UnaryOperator: String, Sendable, Hashable {
  /// `-x`
  case negate = "-"
  /// `+x`
  case plus = "+"
  /// `not x`
  case not = "not"
}

/// An operator with two operands.
public enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
  case pipe = "|>"
  case or = "or"
  case and = "and"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contained = "in"
  case notContained = "not in"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixMultiply = "@"
  case power = "**"

  /// How tightly the operator binds.
  public var precedence: Precedence {
    switch self {
    case .pipe: .pipe
    case .or: .or
    case .and: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained, .notContained:
      .comparison
    case .add, .subtract: .sum
    case .multiply, .divide, .floorDivide, .remainder, .matrixMultiply: .product
    case .power: .power
    }
  }
}

/// The levels of binding, loosest first.
public enum Precedence: Int, Sendable, Comparable, CaseIterable {
  case pipe
  case or
  case and
  /// `not x`
  case not
  case comparison
  case sum
  case product
  /// `-x`, `+x`
  case unary
  case power

  /// How operators of a level combine when several stand side by side.
  public enum Associativity: Sendable {
    /// `a - b - c` is `(a - b) - c`.
    case left
    /// `a ** b ** c` is `a ** (b ** c)`.
    case right
    /// `a < b < c` is an error.
    case none
  }

  /// How operators of this level combine.
  public var associativity: Associativity {
    switch self {
    case .pipe, .or, .and, .sum, .product: .left
    case .not, .unary, .power: .right
    case .comparison: .none
    }
  }

  /// The level of a left-associative operator's right operand.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .power }

  /// Orders the levels, the loosest lowest.
  public static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}
