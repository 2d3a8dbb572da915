internal import ConvoEngine
internal import ConvoTensor

/// Functions of the order of elements, and of how they add up and are spread.
enum OrderBuiltins {
  static let all: [Builtin] = [
    .function(
      "argsort", "Where the elements of the sorted tensor come from.",
      Parameter<Value>("x", "a tensor, or a list of text"),
      Parameter<Int>("axis", default: -1, "the axis along which is sorted"),
      Parameter<Bool>("descending", default: false, "the largest first"),
      detail: "Equal elements keep their order, NaN stands last.",
      examples: [
        Example("argsort([3, 1, 2])", gives: "[1, 2, 0]"),
        Example("argsort([\"b\", \"a\"])", gives: "[1, 0]"),
      ],
      mistakes: [Example("argsort(zeros(2), 1)", gives: "argsort: axis 1 is out of range")],
      seeAlso: ["sort", "gather", "topk", "argmax"]
    ) { evaluator, x, axis, descending -> Value in
      if case .list(let values) = x, (try? Tensor(argument: x)) == nil {
        guard axis == -1 || axis == 0 else { throw ShapeError.axisOutOfRange(axis: axis, rank: 1) }
        let keys = try values.enumerated().map { try SortKey($0.element, at: $0.offset) }
        let places = try SortKey.sorted(keys, descending: descending).map { Float($0) }
        return .tensor(try Tensor(places, .vector(places.count)))
      }
      let input = try Tensor(x, for: "x")
      let sorting = Sorting(input: input, axis: axis, isDescending: descending, givesPositions: true)
      return try evaluator.perform(sorting, named: "argsort", reading: [input]).value
    },

    .operation(
      "median", "The middle of the elements in order; the mean of both where two are in the middle.",
      Parameter<Tensor>("x", "any tensor or number"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      examples: [
        Example("median([3, 1, 10])", gives: "3"), Example("median([[1, 2], [3, 9]], 1)", gives: "[1.5, 6]"),
      ],
      mistakes: [Example("median(zeros(0))", gives: "median: median of an empty tensor has no value")],
      seeAlso: ["quantile", "mean", "sort"]
    ) { x, axis in Quantiles(input: x, part: 0.5, axes: axis?.values, name: "median") },

    .operation(
      "quantile",
      "The value below which a part q of the elements lies, on straight lines between neighbours.",
      Parameter<Tensor>("x", "any tensor or number"),
      Parameter<NumberOrList>("q", "from 0 to 1; a list gives an axis in front"),
      Parameter<WholeNumbers?>("axis", default: nil, "one axis or a list; all if none"),
      examples: [
        Example("quantile([0, 10, 20], 0.25)", gives: "5"),
        Example("quantile([0, 10, 20], [0, 0.5, 1])", gives: "[0, 10, 20]"),
      ],
      mistakes: [Example("quantile([1, 2], 5)", gives: "quantile: q must be from 0 to 1, not 5")],
      seeAlso: ["median", "histogram"]
    ) { x, q, axis in
      for part in q.numbers where !(0...1).contains(part) {
        throw Failure(
          "q must be from 0 to 1, not \(NumberText.plain(part))", labels: [.init(operand: "q", text: "")])
      }
      return q.isList
        ? Quantiles(input: x, parts: q.numbers, axes: axis?.values)
        : Quantiles(input: x, part: q.numbers[0], axes: axis?.values)
    },

    running(
      "cumsum", "The sums of the elements up to each.", .sum, "[1, 3, 6]", seeAlso: ["sum", "cumprod"]),
    running(
      "cumprod", "The products of the elements up to each.", .product, "[1, 2, 6]",
      seeAlso: ["prod", "cumsum"]),

    .function(
      "histogram", "How many elements fall into each of equally wide bins, as a record of counts and edges.",
      Parameter<Tensor>("x", "any tensor"), Parameter<Int>("bins", default: 10, "how many"),
      Parameter<NumberOrList?>("range", default: nil, "[first edge, last edge]; from min to max if none"),
      detail:
        "A bin holds its lower edge, the last one both. What is outside, infinite or NaN is not counted.",
      examples: [
        Example("histogram([1, 2, 2, 4], 3).counts", gives: "[1, 2, 1]"),
        Example("histogram([1, 2, 2, 4], 3).edges", gives: "[1, 2, 3, 4]"),
      ],
      mistakes: [
        Example("histogram([1], 0)", gives: "histogram: bins must be at least 1, not 0"),
        Example(
          "histogram([1], 2, [1, 0])",
          gives: "histogram: range must be [low, high] with low below high, not a list of 2"),
      ],
      seeAlso: ["hist", "quantile"]
    ) { _, x, bins, range -> Value in
      guard bins >= 1 else { throw ShapeError.tooSmall(parameter: "bins", value: bins, minimum: 1) }
      guard bins <= 1 << 24 else { throw ShapeError.tooBig(parameter: "bins", value: bins, maximum: 1 << 24) }
      if let range {
        guard range.isList, range.numbers.count == 2, range.numbers[0] < range.numbers[1],
          range.numbers.allSatisfy(\.isFinite)
        else {
          throw Failure(
            "range must be [low, high] with low below high, not \(range.text)",
            labels: [.init(operand: "range", text: "")])
        }
      }
      let shapes = [Shape.vector(bins), .vector(bins + 1)]
      let bounds = range.map { ($0.numbers[0], $0.numbers[1]) }
      let parts =
        x.isPhantom
        ? try shapes.map { try Tensor(phantom: $0) } : try BinCount(x, bins: bins, bounds: bounds).tensors()
      return .record(Record([("counts", .tensor(parts[0])), ("edges", .tensor(parts[1]))]))
    },

    .function(
      "normalize", "Subtracts a mean and divides by a deviation, each a number or one for every channel.",
      Parameter<Tensor>("x", "any tensor"), Parameter<Tensor>("mean", "a number, or as many as channels"),
      Parameter<Tensor>("std", "a number, or as many as channels"),
      Parameter<Int?>(
        "axis", default: nil, "the channels; by name if none, else axis 1 of four, the last of three"),
      detail: "(x − mean) / std",
      examples: [
        Example("normalize([2, 4], 3, 0.5)", gives: "[-2, 2]"),
        Example("normalize(ones(1, 1, 3), [0, 1, 2], [1, 1, 2])", gives: "[[[   1,    0, -0.5]]]"),
      ],
      mistakes: [
        Example(
          "normalize(ones(2, 2, 3), [0, 1], 1)", gives: "normalize: mean must have 3 elements, not shape [2]"),
        Example("normalize(ones(4), [0, 1], 1)", gives: "normalize: which axis of x holds the channels?"),
      ],
      seeAlso: ["batchnorm", "mean", "std"]
    ) { evaluator, x, mean, deviation, axis -> Value in
      let axis = try channelAxis(of: x, axis, isNeeded: mean.count != 1 || deviation.count != 1)
      func stretched(_ values: Tensor, _ name: String) throws -> Operand {
        if values.count == 1, let number = values.item, !values.isPhantom { return .number(number) }
        guard values.rank == 1, values.count == x.shape[axis] else {
          throw ShapeError.length(operand: name, expected: x.shape[axis], found: values.shape)
        }
        let behind = [Int](repeating: 1, count: x.rank - 1 - axis)
        return .tensor(try values.reshaped(to: Shape([values.count] + behind)))
      }
      let (center, width) = (try stretched(mean, "mean"), try stretched(deviation, "std"))
      let difference = try evaluator.perform(
        Binary(kind: .subtract, left: .tensor(x), right: center), named: "normalize", reading: [x])
      return try evaluator.perform(
        Binary(kind: .divide, left: .tensor(difference), right: width), named: "normalize",
        reading: [difference]
      ).value
    },
  ]

  private static func running(
    _ name: String, _ summary: String, _ kind: AccumulationKind, _ output: String, seeAlso: [String]
  ) -> Builtin {
    .operation(
      name, summary, Parameter<Tensor>("x", "any tensor"), Parameter<Int>("axis", "along which they run"),
      examples: [Example("\(name)([1, 2, 3], 0)", gives: output)],
      mistakes: [Example("\(name)(zeros(2), 5)", gives: "\(name): axis 5 is out of range")], seeAlso: seeAlso
    ) { x, axis in Accumulation(kind: kind, input: x, axis: axis) }
  }

  /// The axis that holds the channels: as told, else by its name, else by the habit of networks and pictures.
  private static func channelAxis(of x: Tensor, _ axis: Int?, isNeeded: Bool) throws -> Int {
    if let axis { return try x.shape.axis(axis) }
    if let named = x.axes.names.firstIndex(of: .channel) { return named }
    switch x.rank {
    case 4: return 1
    case 3: return 2
    default:
      if !isNeeded { return 0 }
      throw Failure(
        "which axis of x holds the channels?", labels: [.init(operand: "x", text: "\(x.axesText)")],
        helps: x.rank == 0 ? [] : [.init("normalize(…, axis=\(x.rank - 1))")])
    }
  }
}
