internal import ConvoTensor

// The same for few parameters, without the packs of the general form: a call of those asks the runtime for types each time,
// which takes longer than most builtins.
extension Builtin {
  /// A builtin of 1 parameter that gives a tensor whose shape is known before it runs.
  static func operation<A1: BuiltinArgument, O: TensorOperation>(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    number: (@Sendable ([Double?]) -> Double?)? = nil,
    body: @escaping @Sendable (A1) throws -> O
  ) -> Builtin {
    let builtin = Builtin(
      name: name, summary: summary, detail: detail, parameters: [p1.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .operation { call in
        let a1 = try p1.take(&call)
        return try body(a1)
      })
    builtin.number = number
    return builtin
  }

  /// A builtin of 1 parameter that gives a value at once.
  static func function<A1: BuiltinArgument, Result: ValueConvertible & SendableMetatype>(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (Evaluator, A1) throws -> Result
  ) -> Builtin {
    Builtin(
      name: name, summary: summary, detail: detail, parameters: [p1.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .function { call in
        let a1 = try p1.take(&call)
        return try body(call.evaluator, a1).value
      })
  }

  /// A builtin of 2 parameters that gives a tensor whose shape is known before it runs.
  static func operation<A1: BuiltinArgument, A2: BuiltinArgument, O: TensorOperation>(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    number: (@Sendable ([Double?]) -> Double?)? = nil,
    body: @escaping @Sendable (A1, A2) throws -> O
  ) -> Builtin {
    let builtin = Builtin(
      name: name, summary: summary, detail: detail, parameters: [p1.description, p2.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .operation { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        return try body(a1, a2)
      })
    builtin.number = number
    return builtin
  }

  /// A builtin of 2 parameters that gives a value at once.
  static func function<A1: BuiltinArgument, A2: BuiltinArgument, Result: ValueConvertible & SendableMetatype>(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (Evaluator, A1, A2) throws -> Result
  ) -> Builtin {
    Builtin(
      name: name, summary: summary, detail: detail, parameters: [p1.description, p2.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .function { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        return try body(call.evaluator, a1, a2).value
      })
  }

  /// A builtin of 3 parameters that gives a tensor whose shape is known before it runs.
  static func operation<A1: BuiltinArgument, A2: BuiltinArgument, A3: BuiltinArgument, O: TensorOperation>(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, _ p3: Parameter<A3>,
    detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    number: (@Sendable ([Double?]) -> Double?)? = nil,
    body: @escaping @Sendable (A1, A2, A3) throws -> O
  ) -> Builtin {
    let builtin = Builtin(
      name: name, summary: summary, detail: detail,
      parameters: [p1.description, p2.description, p3.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .operation { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        let a3 = try p3.take(&call)
        return try body(a1, a2, a3)
      })
    builtin.number = number
    return builtin
  }

  /// A builtin of 3 parameters that gives a value at once.
  static func function<
    A1: BuiltinArgument, A2: BuiltinArgument, A3: BuiltinArgument, Result: ValueConvertible & SendableMetatype
  >(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, _ p3: Parameter<A3>,
    detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (Evaluator, A1, A2, A3) throws -> Result
  ) -> Builtin {
    Builtin(
      name: name, summary: summary, detail: detail,
      parameters: [p1.description, p2.description, p3.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .function { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        let a3 = try p3.take(&call)
        return try body(call.evaluator, a1, a2, a3).value
      })
  }

  /// A builtin of 4 parameters that gives a tensor whose shape is known before it runs.
  static func operation<
    A1: BuiltinArgument, A2: BuiltinArgument, A3: BuiltinArgument, A4: BuiltinArgument, O: TensorOperation
  >(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, _ p3: Parameter<A3>,
    _ p4: Parameter<A4>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    number: (@Sendable ([Double?]) -> Double?)? = nil,
    body: @escaping @Sendable (A1, A2, A3, A4) throws -> O
  ) -> Builtin {
    let builtin = Builtin(
      name: name, summary: summary, detail: detail,
      parameters: [p1.description, p2.description, p3.description, p4.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .operation { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        let a3 = try p3.take(&call)
        let a4 = try p4.take(&call)
        return try body(a1, a2, a3, a4)
      })
    builtin.number = number
    return builtin
  }

  /// A builtin of 4 parameters that gives a value at once.
  static func function<
    A1: BuiltinArgument, A2: BuiltinArgument, A3: BuiltinArgument, A4: BuiltinArgument,
    Result: ValueConvertible & SendableMetatype
  >(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, _ p3: Parameter<A3>,
    _ p4: Parameter<A4>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (Evaluator, A1, A2, A3, A4) throws -> Result
  ) -> Builtin {
    Builtin(
      name: name, summary: summary, detail: detail,
      parameters: [p1.description, p2.description, p3.description, p4.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .function { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        let a3 = try p3.take(&call)
        let a4 = try p4.take(&call)
        return try body(call.evaluator, a1, a2, a3, a4).value
      })
  }

  /// A builtin of 5 parameters that gives a tensor whose shape is known before it runs.
  static func operation<
    A1: BuiltinArgument, A2: BuiltinArgument, A3: BuiltinArgument, A4: BuiltinArgument, A5: BuiltinArgument,
    O: TensorOperation
  >(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, _ p3: Parameter<A3>,
    _ p4: Parameter<A4>, _ p5: Parameter<A5>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    number: (@Sendable ([Double?]) -> Double?)? = nil,
    body: @escaping @Sendable (A1, A2, A3, A4, A5) throws -> O
  ) -> Builtin {
    let builtin = Builtin(
      name: name, summary: summary, detail: detail,
      parameters: [p1.description, p2.description, p3.description, p4.description, p5.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .operation { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        let a3 = try p3.take(&call)
        let a4 = try p4.take(&call)
        let a5 = try p5.take(&call)
        return try body(a1, a2, a3, a4, a5)
      })
    builtin.number = number
    return builtin
  }

  /// A builtin of 5 parameters that gives a value at once.
  static func function<
    A1: BuiltinArgument, A2: BuiltinArgument, A3: BuiltinArgument, A4: BuiltinArgument, A5: BuiltinArgument,
    Result: ValueConvertible & SendableMetatype
  >(
    _ name: String, _ summary: String, _ p1: Parameter<A1>, _ p2: Parameter<A2>, _ p3: Parameter<A3>,
    _ p4: Parameter<A4>, _ p5: Parameter<A5>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (Evaluator, A1, A2, A3, A4, A5) throws -> Result
  ) -> Builtin {
    Builtin(
      name: name, summary: summary, detail: detail,
      parameters: [p1.description, p2.description, p3.description, p4.description, p5.description],
      examples: examples, mistakes: mistakes, seeAlso: seeAlso,
      body: .function { call in
        let a1 = try p1.take(&call)
        let a2 = try p2.take(&call)
        let a3 = try p3.take(&call)
        let a4 = try p4.take(&call)
        let a5 = try p5.take(&call)
        return try body(call.evaluator, a1, a2, a3, a4, a5).value
      })
  }
}
