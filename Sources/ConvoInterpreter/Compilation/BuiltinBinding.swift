internal import ConvoSyntax

/// How the arguments of a call of a builtin go to its parameters: worked out once, when the call is compiled.
struct BuiltinBinding {
  /// The parameter of each argument.
  let targets: [Int]
  /// The parameter that takes all further positional arguments as a list, if there is one and it gets none by name.
  let variadic: Int?
  let parameterCount: Int

  /// Nil for a call that is wrong, or that shares its variadic parameter: it is bound when it runs, with the error's words.
  init?(_ builtin: Builtin, _ arguments: [Argument]) {
    let parameters = builtin.parameters
    let variadic = parameters.firstIndex(where: \.isVariadic)
    var targets: [Int] = []
    var position = 0
    var rest = 0
    for argument in arguments {
      if let keyword = argument.name {
        guard let index = parameters.firstIndex(where: { $0.name == keyword }), index != variadic,
          !targets.contains(index)
        else { return nil }
        targets.append(index)
      } else if position < parameters.count, !parameters[position].isVariadic {
        guard !targets.contains(position) else { return nil }
        targets.append(position)
        position += 1
      } else if let variadic {
        targets.append(variadic)
        rest += 1
      } else {
        return nil
      }
    }
    for (index, parameter) in parameters.enumerated()
    where parameter.isRequired && index != variadic && !targets.contains(index) {
      return nil
    }
    if let variadic, parameters[variadic].isRequired, rest == 0 { return nil }
    self.targets = targets
    self.variadic = variadic
    parameterCount = parameters.count
  }
}
