internal import ConvoSyntax

/// Gives each argument of a call to the parameter that it is meant for.
enum Binding {
  static func bind(
    _ arguments: inout [EvaluatedArgument], to builtin: Builtin, evaluator: Evaluator
  ) throws(Failure) -> Call {
    let parameters = builtin.parameters
    var values = [Value?](repeating: nil, count: parameters.count)
    var spans = [Span?](repeating: nil, count: parameters.count)
    var position = 0
    let variadic = parameters.firstIndex(where: \.isVariadic)
    var rest: [Value] = []
    for argument in arguments {
      if let keyword = argument.name {
        guard let index = parameters.firstIndex(where: { $0.name == keyword }) else {
          throw unknownKeyword(keyword, parameters.map(\.name), signature: builtin.signature)
        }
        guard values[index] == nil, !(parameters[index].isVariadic && !rest.isEmpty) else {
          throw twice(keyword, signature: builtin.signature)
        }
        values[index] = argument.value
        spans[index] = argument.span
      } else if position < parameters.count, !parameters[position].isVariadic {
        values[position] = argument.value
        spans[position] = argument.span
        position += 1
      } else if let variadic {
        rest.append(argument.value)
        spans[variadic] = spans[variadic]?.union(argument.span) ?? argument.span
      } else {
        var failure = tooMany(arguments.count, most: parameters.count, signature: builtin.signature)
        if let listed = withList(arguments, builtin) { failure.helps.insert(.init(listed), at: 0) }
        throw failure
      }
    }
    // The values belong to the call alone now.
    arguments = []
    if let variadic, values[variadic] == nil, !(rest.isEmpty && parameters[variadic].isRequired) {
      values[variadic] = .list(rest)
    }
    for (index, parameter) in parameters.enumerated() where values[index] == nil && parameter.isRequired {
      throw Failure("\(parameter.name) is missing", helps: [.init(builtin.signature)])
    }
    return Call(evaluator: evaluator, arguments: values, spans: spans)
  }

  /// `full(2, 3, 7)` as `full([2, 3], 7)`, where the first parameter takes several numbers as a list.
  private static func withList(_ arguments: [EvaluatedArgument], _ builtin: Builtin) -> String? {
    guard builtin.parameters.first?.typeName == WholeNumbers.typeName,
      arguments.allSatisfy({ $0.name == nil })
    else { return nil }
    var numbers: [String] = []
    for argument in arguments {
      guard case .number(let number) = argument.value else { return nil }
      numbers.append(NumberText.plain(number))
    }
    let rest = builtin.parameters.count - 1
    let list = "[" + numbers.dropLast(rest).joined(separator: ", ") + "]"
    return "\(builtin.name)(\(([list] + numbers.suffix(rest)).joined(separator: ", ")))"
  }

  static func unknownKeyword(_ keyword: String, _ names: [String], signature: String) -> Failure {
    let usual = Habits.parameters[keyword]?.filter { names.contains($0) } ?? []
    let near = usual.isEmpty ? Suggestion.nearest(to: keyword, among: names) : usual
    return Failure(
      "there is no parameter \(keyword)" + (near.first.map { "; did you mean \($0)?" } ?? ""),
      labels: [.init(operand: "\(keyword)=", text: "")], helps: [.init(signature)])
  }

  static func twice(_ keyword: String, signature: String) -> Failure {
    Failure(
      "\(keyword) is given twice", labels: [.init(operand: "\(keyword)=", text: "")],
      helps: [.init(signature)])
  }

  /// Adds where the arguments stand: a named one under `name=`, one by position under `#0`, `#1`, …
  static func place(
    _ arguments: [(name: String?, nameSpan: Span?, span: Span)], in places: inout [String: Span]
  ) {
    for (index, argument) in arguments.enumerated() {
      if let name = argument.name {
        places["\(name)="] = argument.nameSpan ?? argument.span
      } else {
        places["#\(index)"] = argument.span
      }
    }
  }

  static func tooMany(_ count: Int, most: Int, signature: String) -> Failure {
    Failure(
      most == 0
        ? "no arguments are taken, \(count) \(count == 1 ? "is" : "are") given"
        : "at most \(most) argument\(most == 1 ? " is" : "s are") taken, \(count) are given",
      labels: [.init(operand: "#\(most)", text: "")], helps: [.init(signature)])
  }
}
