internal import ConvoSyntax
internal import ConvoTensor

/// The arguments of one call of a builtin, bound to its parameters.
struct Call {
  /// Who runs the call.
  let evaluator: Evaluator
  /// One value for each parameter; `nil` where none was given. All positional arguments of a variadic parameter
  /// stand in a list.
  private var arguments: [Value?]
  /// Where each argument stands in the source.
  var spans: [Span?]
  /// The parameter that is taken next.
  var position = 0

  init(evaluator: Evaluator, arguments: [Value?], spans: [Span?]) {
    self.evaluator = evaluator
    self.arguments = arguments
    self.spans = spans
  }

  /// Hands an argument over; it is not held here any more, so that an operation may work in place.
  mutating func takeArgument(_ index: Int) -> Value? {
    let value = arguments[index]
    arguments[index] = nil
    return value
  }

  /// The arguments, where all that are given are numbers; nil for those that are left out.
  var numbers: [Double?]? {
    var numbers: [Double?] = []
    for argument in arguments {
      switch argument {
      case nil: numbers.append(nil)
      case .number(let number): numbers.append(number)
      case .boolean(let flag): numbers.append(flag ? 1 : 0)
      default: return nil
      }
    }
    return numbers
  }

  /// The arguments that are tensors.
  func tensors() -> [Tensor] {
    arguments.flatMap { argument in
      switch argument {
      case .tensor(let tensor)?: [tensor]
      case .list(let values)?:
        values.compactMap { value in
          if case .tensor(let tensor) = value { return tensor }
          return nil
        }
      default: [Tensor]()
      }
    }
  }

  /// Whether an argument is, or holds, a tensor of which only the shape is known.
  var holdsPhantom: Bool { arguments.contains { $0?.holdsPhantom ?? false } }
}

/// A call of a builtin that sees its arguments unevaluated.
struct FormCall {
  /// Who runs the call.
  let evaluator: Evaluator
  /// The arguments as written.
  let arguments: [Argument]
  /// Where the call stands.
  let span: Span
}

/// Something a builtin's body may give back.
protocol ValueConvertible {
  /// The value of the language.
  var value: Value { get }
}

extension Value: ValueConvertible {
  var value: Value { self }
}
extension Double: ValueConvertible {
  var value: Value { .number(self) }
}
extension Int: ValueConvertible {
  var value: Value { .number(Double(self)) }
}
extension Bool: ValueConvertible {
  var value: Value { .boolean(self) }
}
extension String: ValueConvertible {
  var value: Value { .string(self) }
}
extension Tensor: ValueConvertible {
  /// A tensor of rank 0 is a number of the language.
  var value: Value { rank == 0 && !isPhantom ? .number(Double(item ?? .nan)) : .tensor(self) }
}
extension Shape: ValueConvertible {
  var value: Value { .list(extents.map { .number(Double($0)) }) }
}
