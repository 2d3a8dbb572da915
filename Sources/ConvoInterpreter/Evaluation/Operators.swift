internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the operators of the language do with values.
enum Operators {
  static func apply(_ operation: UnaryOperator, _ value: Value, _ evaluator: Evaluator) throws -> Value {
    switch operation {
    case .not:
      guard case .tensor(let tensor) = value, tensor.count != 1 else { return .boolean(try !value.isTrue()) }
      throw Failure(
        "a tensor of \(tensor.count) elements is neither true nor false",
        helps: [.init("x == 0", gives: "element by element")])
    case .plus:
      switch value {
      case .number: return value
      case .boolean(let flag): return .number(flag ? 1 : 0)
      default: return .tensor(try tensor(value, operation.rawValue, "right"))
      }
    case .negate:
      switch value {
      case .number(let number): return .number(-number)
      case .boolean(let flag): return .number(flag ? -1 : 0)
      default:
        let input = try tensor(value, operation.rawValue, "right")
        return try evaluator.perform(Unary(kind: .negate, input: input), named: "-", reading: [input]).value
      }
    }
  }

  /// Both operands are numbers.
  @inline(__always)
  static func apply(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Value {
    switch operation {
    case .add: .number(a + b)
    case .subtract: .number(a - b)
    case .multiply, .matrixMultiply: .number(a * b)
    case .divide: .number(a / b)
    case .floorDivide: .number(floorDivide(a, b))
    case .remainder: .number(remainder(a, b))
    case .power: .number(pow(a, b))
    case .equal: .boolean(a == b)
    case .notEqual: .boolean(a != b)
    case .less: .boolean(a < b)
    case .lessOrEqual: .boolean(a <= b)
    case .greater: .boolean(a > b)
    case .greaterOrEqual: .boolean(a >= b)
    case .contained, .notContained, .and, .or, .pipe: .none
    }
  }

  /// `v in l`, `k in r`, `part in text`
  static func contains(_ whole: Value, _ part: Value) throws -> Bool {
    switch whole {
    case .record(let record):
      guard case .string(let key) = part else {
        throw Failure(
          "the keys of a record are strings, not \(part.brief)",
          labels: [.init(operand: "left", text: part.typeName)])
      }
      return record[key] != nil
    case .string(let text):
      guard case .string(let piece) = part else {
        throw Failure(
          "a string holds strings, not \(part.brief)", labels: [.init(operand: "left", text: part.typeName)])
      }
      return piece.isEmpty || text.utf8.firstRange(of: piece.utf8) != nil
    case .list, .range, .tensor:
      let sequence = try ValueSequence(whole)
      for index in 0..<sequence.count {
        if case .tensor(let row) = sequence[index], case .tensor(let other) = part {
          if row.shape == other.shape, row.toArray() == other.toArray() { return true }
        } else if try areEqual(sequence[index], part) {
          return true
        }
      }
      return false
    default:
      throw Failure(
        "\(whole.brief) holds nothing; a list, a record, a string or a tensor does",
        labels: [.init(operand: "right", text: whole.typeName)])
    }
  }

  /// Whether `+` joins two lists: one is empty, or holds what nobody adds.
  private static func joins(_ left: Value, _ right: Value) -> [Value]? {
    guard case .list(let a) = left, case .list(let b) = right else { return nil }
    func isArithmetic(_ values: [Value]) -> Bool {
      !values.isEmpty
        && values.allSatisfy { value in
          switch value {
          case .number, .boolean, .tensor, .list, .range: true
          default: false
          }
        }
    }
    return isArithmetic(a) && isArithmetic(b) ? nil : a + b
  }

  /// ⌊a / b⌋ of the exact quotient, as Python has it: `1 // 0.1` is 9; a / b when b is 0.
  private static func floorDivide(_ a: Double, _ b: Double) -> Double {
    if b == 0 { return a / b }
    let rest = fmod(a, b)
    // One less where the remainder has the other sign: exact even where b is infinite.
    let quotient = (a - rest) / b - (rest != 0 && (rest < 0) != (b < 0) ? 1 : 0)
    // The zero of the quotient that would be rounded away.
    if quotient == 0 { return (a / b).sign == .minus ? -0.0 : 0 }
    let floored = quotient.rounded(.down)
    return quotient - floored > 0.5 ? floored + 1 : floored
  }

  /// The remainder with the divisor's sign, as Python and NumPy have it.
  @inline(__always)
  static func remainder(_ a: Double, _ b: Double) -> Double {
    // Whole numbers, as most are: a division of integers takes a fraction of the time.
    if a > 0, a < 0x1p53, abs(b) < 0x1p53, b != 0 {
      let (dividend, divisor) = (Int(a), Int(b))
      if Double(dividend) == a, Double(divisor) == b {
        let rest = dividend % divisor
        return Double(rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest)
      }
    }
    let rest = fmod(a, b)
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  static func apply(
    _ operation: BinaryOperator, _ left: Value, _ right: Value, _ evaluator: Evaluator
  ) throws -> Value {
    if operation == .contained || operation == .notContained {
      return .boolean(try contains(right, left) == (operation == .contained))
    }
    if operation == .add, let joined = joins(left, right) { return .list(joined) }
    if let a = scalar(left), let b = scalar(right),
      !(isBoolean(left) && isBoolean(right) && isEquality(operation))
    {
      return apply(operation, a, b)
    }
    if isEquality(operation), !isTensor(left), !isTensor(right) {
      let same = try areEqual(left, right)
      return .boolean(operation == .equal ? same : !same)
    }
    if case .string(let a) = left, case .string(let b) = right {
      switch operation {
      case .add:
        try Value.checkRoom(bytes: a.utf8.count + b.utf8.count)
        return .string(a + b)
      case .less: return .boolean(a < b)
      case .lessOrEqual: return .boolean(a <= b)
      case .greater: return .boolean(a > b)
      case .greaterOrEqual: return .boolean(a >= b)
      default: break
      }
    }
    if isEquality(operation), isUncomparable(left) || isUncomparable(right) {
      return .boolean(operation == .notEqual)
    }
    let shapesOnly = evaluator.mode != .normal
    if operation == .matrixMultiply {
      let product = MatrixProduct(
        left: try tensor(left, operation.rawValue, "left"),
        right: try tensor(right, operation.rawValue, "right"))
      return try evaluator.perform(product, named: "@", reading: [product.left, product.right]).value
    }
    let elementwise = Binary(
      kind: kind(of: operation), left: try operand(left, operation.rawValue, "left"),
      right: try operand(right, operation.rawValue, "right"))
    let inputs = shapesOnly ? [elementwise.left, elementwise.right].compactMap(\.tensor) : []
    return try evaluator.perform(elementwise, named: operation.rawValue, reading: inputs).value
  }

  private static func kind(of operation: BinaryOperator) -> BinaryKind {
    switch operation {
    case .add, .pipe, .or, .and, .matrixMultiply, .contained, .notContained: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .power: .power
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }

  private static func isEquality(_ operation: BinaryOperator) -> Bool {
    operation == .equal || operation == .notEqual
  }

  private static func isBoolean(_ value: Value) -> Bool {
    if case .boolean = value { return true }
    return false
  }

  private static func isTensor(_ value: Value) -> Bool {
    if case .tensor = value { return true }
    return false
  }

  private static func isUncomparable(_ value: Value) -> Bool {
    switch value {
    case .none, .string, .record, .layer, .function: true
    default: false
    }
  }

  private static func scalar(_ value: Value) -> Double? {
    switch value {
    case .number(let number): number
    case .boolean(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// Whether two values that are not tensors are the same; lists are compared as wholes, element by element.
  static func areEqual(_ left: Value, _ right: Value) throws -> Bool {
    if Cancellation.isRequested { throw Interruption() }
    switch (left, right) {
    case (.none, .none): return true
    case (.boolean(let a), .boolean(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.record(let a), .record(let b)):
      return try a.count == b.count
        && a.keys.allSatisfy { key in
          guard let one = try a.value(for: key), let other = try b.value(for: key) else { return false }
          return try areEqual(one, other)
        }
    case (.layer(let a), .layer(let b)): return a === b
    case (.function(.builtin(let a)), .function(.builtin(let b))): return a.name == b.name
    case (.function(.user(let a)), .function(.user(let b))):
      return a.prototype.literal === b.prototype.literal
    case (.tensor(let a), .tensor(let b)): return a.shape == b.shape && a.toArray() == b.toArray()
    case (.list, .list), (.list, .range), (.range, .list), (.range, .range):
      guard let a = try? ValueSequence(left), let b = try? ValueSequence(right), a.count == b.count else {
        return false
      }
      return try (0..<a.count).allSatisfy { try areEqual(a[$0], b[$0]) }
    default:
      if let a = scalar(left), let b = scalar(right) { return a == b }
      return false
    }
  }

  private static func operand(_ value: Value, _ name: String, _ side: String) throws(Failure) -> Operand {
    switch value {
    case .number(let number): .number(Float(number))
    case .boolean(let flag): .number(flag ? 1 : 0)
    default: .tensor(try tensor(value, name, side))
    }
  }

  private static func tensor(_ value: Value, _ name: String, _ side: String) throws(Failure) -> Tensor {
    do { return try Tensor(argument: value) } catch {
      if error.isComplete { throw Failure(error.message, labels: [.init(operand: side, text: "")]) }
      throw Failure(
        "\(value.brief) is no operand of \(name)", labels: [.init(operand: side, text: value.typeName)],
        isComplete: true)
    }
  }
}

extension Operand {
  /// The tensor, where the operand is not a number.
  var tensor: Tensor? {
    if case .tensor(let tensor) = self { return tensor }
    return nil
  }
}
