internal import ConvoEngine
internal import ConvoTensor

/// Builtins that make lists of lists: grown, joined, turned, ordered.
enum SequenceBuiltins {
  static let all: [Builtin] = [
    .function(
      "append", "A list with further elements at its end.", Parameter<ValueList>("list", "a list or range"),
      Parameter<ValueList>.variadic("values", "any values"),
      examples: [Example("append([1, 2], 3)", gives: "[1, 2, 3]")],
      mistakes: [Example("append(5, 1)", gives: "append: list must be a list, not 5")],
      seeAlso: ["extend", "concat"]
    ) { _, list, values -> Value in
      try Value.checkRoom(for: list.values.count + values.values.count)
      try Nesting.check(parts: values.values)
      return .list(list.values + values.values)
    },

    .function(
      "extend", "One list of the elements of several.", Parameter<ValueList>("list", "a list or range"),
      Parameter<Value>.variadic("lists", "lists, ranges or tensors, whose elements follow"),
      examples: [
        Example("extend([1], [2, \"three\"], range(2))", gives: "[1, 2, \"three\", 0, 1]"),
        Example("extend([[1, 2]], [[3]])", gives: "[[1, 2], [3]]"),
      ],
      mistakes: [Example("extend([1], 5)", gives: "extend: 5 has no elements to go through")],
      seeAlso: ["append", "repeat", "concat"]
    ) { _, list, lists -> Value in
      guard case .list(let parts) = lists else { return .list(list.values) }
      let sequences = try parts.map { try ValueSequence($0) }
      var values = list.values
      try Value.checkRoom(for: sequences.reduce(values.count) { $0 + $1.count })
      for sequence in sequences { values += (0..<sequence.count).map { sequence[$0] } }
      return .list(values)
    },

    .function(
      "repeat", "A list or a text several times over.", Parameter<Value>("list", "a list, range or string"),
      Parameter<Int>("n", "how many times"),
      examples: [
        Example("repeat([0, none], 2)", gives: "[0, none, 0, none]"),
        Example("repeat(\"ab\", 3)", gives: "\"ababab\""),
      ],
      mistakes: [Example("repeat([1], -1)", gives: "repeat: n must be at least 0, not -1")],
      seeAlso: ["extend", "tile"]
    ) { _, list, n -> Value in
      guard n >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 0) }
      if case .string(let text) = list {
        let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: n)
        try Value.checkRoom(bytes: overflow ? Int.max : bytes)
        // Nothing takes no room, however often, but as many steps.
        return .string(text.isEmpty ? "" : String(repeating: text, count: n))
      }
      let values = try ValueList(list, for: "list").values
      let (count, overflow) = values.count.multipliedReportingOverflow(by: n)
      try Value.checkRoom(for: overflow ? Int.max : count)
      return .list(values.isEmpty ? [] : Array(repeatElement(values, count: n).joined()))
    },

    .function(
      "reverse", "The elements in the opposite order.",
      Parameter<Value>("list", "a list, range or string; a tensor along its first axis"),
      examples: [
        Example("reverse([1, \"two\"])", gives: "[\"two\", 1]"),
        Example("reverse(\"abc\")", gives: "\"cba\""),
      ],
      mistakes: [Example("reverse(5)", gives: "reverse: list must be a list, not 5")],
      seeAlso: ["sort", "flip"]
    ) { evaluator, list -> Value in
      switch list {
      case .string(let text): return .string(String(text.reversed()))
      case .tensor(let x):
        return try evaluator.perform(Flip(input: x, axes: [0]), named: "reverse", reading: [x]).value
      default: return .list(try ValueList(list, for: "list").values.reversed())
      }
    },

    .function(
      "sort", "The elements in order: a list gives a list, a tensor is sorted along an axis.",
      Parameter<Value>("x", "a list, range or tensor"),
      Parameter<Int>("axis", default: -1, "of a tensor, the axis along which it is sorted"),
      Parameter<Bool>("descending", default: false, "the largest first"),
      Parameter<Value?>("by", default: nil, "of a list, a function that gives what an element is ordered by"),
      detail: """
        Equal elements keep their order, NaN stands last. Text is ordered by its characters, lists element by element.
        """,
      examples: [
        Example("sort([3, 1, 2])", gives: "[1, 2, 3]"),
        Example("sort([\"conv10\", \"fc\", \"b\"], by=len)", gives: "[\"b\", \"fc\", \"conv10\"]"),
        Example("sort(tensor([[3, 1], [2, 4]]), descending=true)", gives: "[[3, 1],\n [4, 2]]"),
      ],
      mistakes: [
        Example("sort([1, \"a\"])", gives: "sort: a string and a number have no order between them"),
        Example("sort([relu, 1])", gives: "sort: the function relu at [0] has no order"),
        Example("sort(zeros(2), axis=1)", gives: "sort: axis 1 is out of range"),
      ],
      seeAlso: ["argsort", "unique", "topk", "reverse"]
    ) { evaluator, x, axis, descending, by -> Value in
      if case .tensor(let tensor) = x {
        guard by == nil else {
          throw Failure(
            "by is for lists, x is \(x.brief)", labels: [.init(operand: "by", text: "")])
        }
        let sorting = Sorting(input: tensor, axis: axis, isDescending: descending)
        return try evaluator.perform(sorting, named: "sort", reading: [tensor]).value
      }
      let values = try ValueList(x, for: "x").values
      guard axis == -1 || axis == 0 else { throw ShapeError.axisOutOfRange(axis: axis, rank: 1) }
      let keys = try values.enumerated().map { position, value in
        try SortKey(by.map { try evaluator.apply($0, [value]) } ?? value, at: position)
      }
      return .list(try SortKey.sorted(keys, descending: descending).map { values[$0] })
    },

    .function(
      "unique", "Each element once, in the order of first sight.",
      Parameter<Value>("list", "a list, range or tensor"),
      detail: "Of a tensor, the distinct numbers; NaN is the same as NaN here.",
      examples: [
        Example("unique([3, \"a\", 3, \"a\"])", gives: "[3, \"a\"]"),
        Example("unique(tensor([[2, 1], [1, 2]]))", gives: "[2, 1]"),
      ],
      mistakes: [Example("unique(5)", gives: "unique: list must be a list, not 5")], seeAlso: ["sort"]
    ) { _, list -> Value in
      if case .tensor(let tensor) = list {
        if tensor.isPhantom { throw NeedsValues() }
        var seen: Set<UniqueKey> = []
        let numbers = tensor.toArray().filter {
          UniqueKey(.number(Double($0))).map { seen.insert($0).inserted } ?? true
        }
        return .tensor(try Tensor(numbers, .vector(numbers.count)))
      }
      var seen: Set<UniqueKey> = []
      var others: [Value] = []
      return .list(
        try ValueList(list, for: "list").values.filter { value in
          if value.holdsPhantom { throw NeedsValues() }
          if let key = UniqueKey(value) { return seen.insert(key).inserted }
          for other in others where try Operators.areEqual(other, value) { return false }
          others.append(value)
          return true
        })
    },
  ]
}
