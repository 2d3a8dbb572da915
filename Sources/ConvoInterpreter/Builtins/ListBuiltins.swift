internal import ConvoTensor

/// Builtins on lists, functions and text.
enum ListBuiltins {
  static let all: [Builtin] = [
    .function(
      "len", "The number of elements of a list, record or string, or the first extent of a tensor.",
      Parameter<Value>("x", "a list, tensor, record, string, range or Sequential"),
      examples: [Example("len([4, 5, 6])", gives: "3"), Example("len(zeros(2, 3))", gives: "2")],
      mistakes: [Example("len(5)", gives: "len: 5 has no length")], seeAlso: ["size", "shape"]
    ) { _, x -> Int in
      switch x {
      case .string(let text): return text.characterCount
      case .layer(let layer) where layer.members != nil: return layer.members?.count ?? 0
      default:
        guard let sequence = try? ValueSequence(x) else { throw Failure("\(x.brief) has no length") }
        return sequence.count
      }
    },
    .function(
      "map", "A list of what a function gives for each element.",
      Parameter<Value>("list", "a list, range or tensor"),
      Parameter<Value>("function", "called with one element"),
      examples: [
        Example("map([1, 2, 3], fn(x) = x * x)", gives: "[1, 4, 9]"),
        Example("range(3) |> map(str)", gives: "[\"0\", \"1\", \"2\"]"),
      ],
      mistakes: [Example("map([1], 5)", gives: "5 cannot be called")], seeAlso: ["filter", "reduce"]
    ) { evaluator, list, function -> Value in
      let (list, function) = ordered(list, function)
      return try .list(holding: elements(list).map { try evaluator.apply(function, to: $0) })
    },
    .function(
      "filter", "The elements for which a function is true.",
      Parameter<Value>("list", "a list, range or tensor"),
      Parameter<Value>("function", "called with one element"),
      examples: [Example("filter([1, 2, 3, 4], fn(x) = x % 2 == 0)", gives: "[2, 4]")],
      seeAlso: ["map", "reduce"]
    ) { evaluator, list, function -> Value in
      let (list, function) = ordered(list, function)
      return .list(try elements(list).filter { try evaluator.apply(function, to: $0).isTrue() })
    },
    .function(
      "reduce", "Folds a list from the left: f(f(a, b), c) and so on.",
      Parameter<Value>("list", "a list, range or tensor"),
      Parameter<Value>("function", "called with what is folded so far and the next element"),
      Parameter<Value?>("start", default: nil, "where to begin; the first element if none"),
      examples: [
        Example("reduce([1, 2, 3], fn(a, b) = a + b)", gives: "6"),
        Example("reduce([], fn(a, b) = a + b, 0)", gives: "0"),
      ],
      mistakes: [Example("reduce([], fn(a, b) = a)", gives: "reduce: an empty list needs a start")],
      seeAlso: ["map", "sum"]
    ) { evaluator, list, function, start -> Value in
      let (list, function) = ordered(list, function)
      var rest = try elements(list)[...]
      guard var folded = start ?? rest.popFirst() else { throw Failure("an empty list needs a start") }
      for element in rest { folded = try evaluator.apply(function, [folded, element]) }
      return folded
    },
    .function(
      "zip", "Pairs of the elements of several lists, as many as the shortest has.",
      Parameter<ValueList>.variadic("lists", "lists, ranges or tensors"),
      examples: [Example("zip([1, 2], [\"a\", \"b\"])", gives: "[[1, \"a\"], [2, \"b\"]]")],
      seeAlso: ["enumerate"]
    ) { _, lists -> Value in
      let sequences = try lists.values.map { try ValueSequence($0) }
      let count = sequences.map(\.count).min() ?? 0
      try Value.checkRoom(for: count)
      try Nesting.check(parts: lists.values)
      return .list((0..<count).map { index in .list(sequences.map { $0[index] }) })
    },
    .function(
      "enumerate", "Pairs of a position and the element there.",
      Parameter<Value>("list", "a list, range or tensor"),
      Parameter<Int>("start", default: 0, "the first position"),
      examples: [Example("for i, name in enumerate([\"a\", \"b\"]) { print(i, name) }", gives: "0 a\n1 b")],
      seeAlso: ["zip", "range"]
    ) { _, list, start -> Value in
      try Nesting.check(parts: [list])
      return .list(
        try elements(list).enumerated().map {
          .list([.number(Double(start) + Double($0.offset)), $0.element])
        })
    },
    .function(
      "str", "The text of a value.", Parameter<Value>("x", "any value"),
      examples: [Example("str(0.5) + \"!\"", gives: "\"0.5!\"")], seeAlso: ["format", "print"]
    ) { evaluator, x in ValueText.text(of: x, evaluator.presenter) },
    .function(
      "format", "A number with a given number of digits, or a value in a given width.",
      Parameter<Value>("x", "a number or a string"),
      Parameter<String>("spec", "[<>^][0][width][.digits][f e g d %], as in Python"),
      examples: [
        Example("format(3.14159, \".2f\")", gives: "\"3.14\""),
        Example("format(7, \"03d\")", gives: "\"007\""),
        Example("format(\"ab\", \">4\")", gives: "\"  ab\""),
      ],
      mistakes: [
        Example("format(1, \"what\")", gives: "format: spec must be like \".2f\" or \">8\", not \"what\"")
      ], seeAlso: ["str"]
    ) { evaluator, x, spec in try FormatSpecification(spec).text(of: x, evaluator.presenter) },
    .function(
      "join", "One string of many.", Parameter<ValueList>("list", "any values"),
      Parameter<String>("separator", default: "", "what stands between them"),
      examples: [Example("join([\"a\", \"b\"], \"-\")", gives: "\"a-b\"")], seeAlso: ["split_text"]
    ) { evaluator, list, separator in
      list.values.map { ValueText.text(of: $0, evaluator.presenter) }.joined(separator: separator)
    },
    .function(
      "split_text", "The parts of a string between separators.", Parameter<String>("text", "a string"),
      Parameter<String?>("separator", default: nil, "runs of blanks if none"),
      examples: [
        Example("split_text(\"a,b\", \",\")", gives: "[\"a\", \"b\"]"),
        Example("split_text(\" a  b \")", gives: "[\"a\", \"b\"]"),
      ],
      mistakes: [Example("split_text(\"a\", \"\")", gives: "split_text: separator must not be empty")],
      seeAlso: ["join"]
    ) { _, text, separator -> Value in
      guard let separator else {
        return .list(text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
      }
      if separator.isEmpty {
        throw Failure("separator must not be empty", labels: [.init(operand: "separator", text: "")])
      }
      return .list(TextParts.split(text, at: separator).map { .string($0) })
    },
    .function(
      "type", "The kind of a value as a word.", Parameter<Value>("x", "any value"),
      examples: [
        Example("type(zeros(2))", gives: "\"tensor\""), Example("type(relu)", gives: "\"function\""),
      ]
    ) { _, x in x.typeName },
    .function(
      "assert", "Stops with an error unless a condition holds.",
      Parameter<Value>("cond", "a boolean or a number"),
      Parameter<String>("message", default: "the condition does not hold", "what the error says"),
      examples: [Example("assert(1 + 1 == 2)")],
      mistakes: [Example("assert(false, \"no\")", gives: "assert: no")]
    ) { _, condition, message -> Value in
      guard try condition.isTrue() else { throw Failure(message, labels: [.init(operand: "cond", text: "")]) }
      return .none
    },
  ]

  private static func elements(_ value: Value) throws -> [Value] {
    let sequence = try ValueSequence(value)
    try Value.checkRoom(for: sequence.count)
    return (0..<sequence.count).map { sequence[$0] }
  }

  /// `map(f, list)` is understood as well as `map(list, f)`.
  private static func ordered(_ list: Value, _ function: Value) -> (Value, Value) {
    switch (list, function) {
    case (.function, .list), (.function, .range), (.function, .tensor), (.layer, .list), (.layer, .tensor):
      (function, list)
    default: (list, function)
    }
  }
}

/// Splits a string at each place where another stands in it.
enum TextParts {
  static func split(_ text: String, at separator: String) -> [String] {
    let (bytes, mark) = (Array(text.utf8), Array(separator.utf8))
    var parts: [String] = []
    var start = 0
    var index = 0
    while index + mark.count <= bytes.count {
      if bytes[index..<index + mark.count].elementsEqual(mark) {
        parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
        index += mark.count
        start = index
      } else {
        index += 1
      }
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }
}
