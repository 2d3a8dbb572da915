internal import ConvoEngine
internal import ConvoTensor

/// A value does not fit a parameter.
struct ArgumentError: Error {
  /// What the parameter takes: `a number`.
  var expected: String
  /// A whole message that stands for itself, such as a ragged list's.
  var message: String = ""
  var isComplete: Bool { !message.isEmpty }

  init(expected: String) { self.expected = expected }
  init(message: String) {
    self.expected = ""
    self.message = message
  }
}

/// A Swift type that a builtin's parameter may have.
protocol BuiltinArgument: Sendable {
  /// The type in the language's words, for the reference.
  static var typeName: String { get }

  /// Reads the type from a value.
  init(argument value: Value) throws(ArgumentError)

  /// How a default of this type is written in the language.
  var written: String { get }
}

extension Value: BuiltinArgument {
  static var typeName: String { "any value" }
  init(argument value: Value) { self = value }
  var written: String { brief }
}

extension Double: BuiltinArgument {
  static var typeName: String { "number" }
  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .number(let number): self = number
    case .boolean(let flag): self = flag ? 1 : 0
    case .tensor(let tensor):
      guard let item = tensor.item else { throw ArgumentError(expected: "a number") }
      self = Double(item)
    default: throw ArgumentError(expected: "a number")
    }
  }
  var written: String { NumberText.plain(self) }
}

extension Float: BuiltinArgument {
  static var typeName: String { "number" }
  init(argument value: Value) throws(ArgumentError) { self = Float(try Double(argument: value)) }
  var written: String { NumberText.plain(Double(self)) }
}

extension Int: BuiltinArgument {
  static var typeName: String { "whole number" }
  init(argument value: Value) throws(ArgumentError) {
    let number: Double
    do { number = try Double(argument: value) } catch { throw ArgumentError(expected: "a whole number") }
    guard let whole = Int(exactly: number) else { throw ArgumentError(expected: "a whole number") }
    self = whole
  }
  var written: String { String(self) }
}

extension Bool: BuiltinArgument {
  static var typeName: String { "boolean" }
  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .boolean(let flag): self = flag
    case .number(0): self = false
    case .number(1): self = true
    default: throw ArgumentError(expected: "true or false")
    }
  }
  var written: String { self ? "true" : "false" }
}

extension String: BuiltinArgument {
  static var typeName: String { "string" }
  init(argument value: Value) throws(ArgumentError) {
    guard case .string(let text) = value else { throw ArgumentError(expected: "a string") }
    self = text
  }
  var written: String { "\"\(self)\"" }
}

extension Optional: BuiltinArgument where Wrapped: BuiltinArgument {
  static var typeName: String { Wrapped.typeName + " or none" }
  init(argument value: Value) throws(ArgumentError) {
    if value.isNone {
      self = nil
    } else {
      self = try Wrapped(argument: value)
    }
  }
  var written: String { self?.written ?? "none" }
}

extension Tensor: BuiltinArgument {
  static var typeName: String { "tensor" }
  init(argument value: Value) throws(ArgumentError) {
    self = try TensorConversion.tensor(from: value)
  }
  var written: String { "tensor" }
}

extension Operand: BuiltinArgument {
  static var typeName: String { "tensor or number" }
  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .number(let number): self = .number(Float(number))
    case .boolean(let flag): self = .number(flag ? 1 : 0)
    default: self = .tensor(try Tensor(argument: value))
    }
  }
  var written: String {
    if case .number(let number) = self { return NumberText.plain(Double(number)) }
    return "tensor"
  }
}

/// A list of any values.
struct ValueList: BuiltinArgument {
  static var typeName: String { "list" }
  let values: [Value]

  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .list(let items): values = items
    case .range(let range):
      do { values = try range.values() } catch { throw ArgumentError(message: Wording.message(for: error)) }
    default: throw ArgumentError(expected: "a list")
    }
  }
  var written: String { "[]" }
}

extension Record: BuiltinArgument {
  static var typeName: String { "record" }
  init(argument value: Value) throws(ArgumentError) {
    guard case .record(let record) = value else { throw ArgumentError(expected: "a record") }
    self = record
  }
  var written: String { "{}" }
}

/// Several whole numbers, given one by one or as a list: `zeros(2, 3)`, `zeros([2, 3])`, `zeros(x.shape)`.
struct WholeNumbers: BuiltinArgument {
  static var typeName: String { "whole numbers or a list" }
  let values: [Int]

  /// Whether they were given as a list.
  let isList: Bool

  init(_ values: [Int]) {
    self.values = values
    self.isList = true
  }

  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .list(let items):
      // The single argument of a variadic parameter may be a list itself.
      if items.count == 1 {
        switch items[0] {
        case .list, .range, .tensor:
          self = try WholeNumbers(argument: items[0])
          return
        default: break
        }
      }
      var result: [Int] = []
      result.reserveCapacity(items.count)
      for item in items {
        do { result.append(try Int(argument: item)) } catch {
          // Of a single number that is none, itself is told, not the list that holds it.
          if items.count == 1, case .number(let number) = item {
            throw ArgumentError(message: "whole numbers are wanted, not \(NumberText.plain(number))")
          }
          throw ArgumentError(expected: "whole numbers or a list of them")
        }
      }
      values = result
      isList = true
    case .range(let range) where range.count <= 64:
      values = Array(range)
      isList = true
    case .tensor(let tensor) where tensor.rank == 1:
      var result: [Int] = []
      for item in tensor.toArray() {
        guard let whole = Int(exactly: item) else {
          throw ArgumentError(expected: "whole numbers or a list of them")
        }
        result.append(whole)
      }
      values = result
      isList = true
    case .number:
      values = [try Int(argument: value)]
      isList = false
    default: throw ArgumentError(expected: "whole numbers or a list of them")
    }
  }
  var written: String { "[" + values.map(String.init).joined(separator: ", ") + "]" }
}
