internal import ConvoEngine
internal import ConvoTensor

/// Random whole numbers, orders and choices, from the session's seed.
enum RandomBuiltins {
  /// The largest whole numbers that a tensor of 32-bit floats, and a number of 64 bits, hold without gaps.
  private static let (exactInTensor, exactInNumber) = (1 << 24, 1 << 53)

  static let all: [Builtin] = [
    .function(
      "randint", "Random whole numbers from low up to high, without it.",
      Parameter<Int>("low", "the smallest"), Parameter<Int>("high", "above the largest"),
      Parameter<WholeNumbers>.variadic("shape", "the extents; a number if there are none"),
      examples: [
        Example("randint(0, 1)", gives: "0"), Example("shape(randint(0, 10, 2, 3))", gives: "[2, 3]"),
      ],
      mistakes: [Example("randint(5, 5)", gives: "randint: high must be at least 6, not 5")],
      seeAlso: ["rand", "permutation", "choice", "seed"]
    ) { evaluator, low, high, shape -> Value in
      guard low < high else { throw ShapeError.tooSmall(parameter: "high", value: high, minimum: low + 1) }
      let isNumber = shape.values.isEmpty
      let bound = isNumber ? exactInNumber : exactInTensor
      for (name, value) in [("low", low), ("high", high)] where value.magnitude > UInt(bound) {
        let kind = isNumber ? "a number" : "a tensor"
        throw Failure(
          "\(name) must be within ±\(bound), not \(value): \(kind) does not hold larger whole numbers exactly",
          labels: [.init(operand: name, text: "")])
      }
      if isNumber {
        if evaluator.mode == .shapesOnly { return .number(Double(low)) }
        return .number(Double(low + Int(evaluator.random.below(UInt64(high - low)))))
      }
      let shape = try Shape(shape.values)
      return try evaluator.make(shape) { try evaluator.random.whole(shape, from: low, to: high) }.value
    },

    .function(
      "permutation", "The numbers from 0 up to n in random order.", Parameter<Int>("n", "how many"),
      examples: [Example("sort(permutation(4))", gives: "[0, 1, 2, 3]")],
      mistakes: [Example("permutation(-1)", gives: "permutation: n must be at least 0, not -1")],
      seeAlso: ["shuffle", "randint", "seed"]
    ) { evaluator, n -> Value in
      guard n >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 0) }
      guard n <= exactInTensor else {
        throw ShapeError.tooBig(parameter: "n", value: n, maximum: exactInTensor)
      }
      let made = try evaluator.make(.vector(n)) {
        try Value.checkRoom(for: n)
        return try Tensor(evaluator.random.places(n, of: n).map { Float($0) }, .vector(n))
      }
      return .tensor(made)
    },

    .function(
      "choice", "A random element, or a list of several.",
      Parameter<Value>("list", "a list, range or tensor"),
      Parameter<Int>("n", default: 1, "how many; other than 1 gives a list"),
      Parameter<Bool>("replace", default: true, "whether an element may be drawn twice"),
      examples: [
        Example("choice([\"a\"])", gives: "\"a\""),
        Example("sort(choice(range(3), 3, replace=false))", gives: "[0, 1, 2]"),
      ],
      mistakes: [
        Example("choice([])", gives: "choice: an empty list has nothing to choose from"),
        Example("choice([1, 2], 3, replace=false)", gives: "choice: n must be at most 2, not 3"),
      ],
      seeAlso: ["shuffle", "randint", "seed"]
    ) { evaluator, list, n, replace -> Value in
      let sequence = try ValueSequence(list)
      let count = sequence.count
      guard n >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 0) }
      if !replace, n > count { throw ShapeError.tooBig(parameter: "n", value: n, maximum: count) }
      guard count > 0 || n == 0 else { throw Failure("an empty list has nothing to choose from") }
      try Value.checkRoom(for: n)
      let places: [Int]
      if evaluator.mode == .shapesOnly {
        places = (0..<n).map { replace ? 0 : $0 }
      } else if replace {
        places = (0..<n).map { _ in Int(evaluator.random.below(UInt64(count))) }
      } else {
        places = try evaluator.random.places(n, of: count)
      }
      let chosen = places.map { sequence[$0] }
      return n == 1 ? chosen[0] : .list(chosen)
    },

    .function(
      "shuffle", "The elements in random order, of a tensor the parts along its first axis.",
      Parameter<Value>("x", "a list, range or tensor"),
      examples: [Example("sort(shuffle([3, 1, 2]))", gives: "[1, 2, 3]")],
      mistakes: [Example("shuffle(5)", gives: "shuffle: x must be a list or a tensor, not 5")],
      seeAlso: ["permutation", "choice", "seed"]
    ) { evaluator, x -> Value in
      func order(_ count: Int) throws -> [Int] {
        try Value.checkRoom(for: count)
        return evaluator.mode == .shapesOnly
          ? Array(0..<count) : try evaluator.random.places(count, of: count)
      }
      switch x {
      case .tensor(let tensor) where tensor.rank > 0:
        let gathering = Gathering(input: tensor, places: try order(tensor.shape[0]), axis: 0)
        return try evaluator.perform(gathering, named: "shuffle", reading: [tensor]).value
      case .list, .range:
        let values = try ValueList(x, for: "x").values
        return .list(try order(values.count).map { values[$0] })
      default:
        throw Failure(
          "x must be a list or a tensor, not \(x.brief)", labels: [.init(operand: "x", text: x.typeName)])
      }
    },
  ]
}
