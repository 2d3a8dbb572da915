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
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixMultiply = "@"
  case power = "**"
}
