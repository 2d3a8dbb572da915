internal import ConvoEngine
internal import ConvoTensor

/// Builtins that make tensors from nothing.
enum MakingBuiltins {
  static let all: [Builtin] = [
    .function(
      "tensor", "A tensor of a rectangular list of numbers.",
      Parameter<Tensor>("list", "numbers, lists of them, or tensors"),
      examples: [Example("shape(tensor([[1, 2, 3], [4, 5, 6]]))", gives: "[2, 3]")],
      mistakes: [
        Example(
          "tensor([[1, 2], [3]])",
          gives: "tensor: the list is ragged: row [1] has 1 element, the rows before it have 2 elements"),
        Example("tensor([1, \"a\"])", gives: "tensor: a tensor holds numbers, and element [1] is \"a\""),
      ]
    ) { _, x in Value.tensor(x) },
    filled("zeros", "A tensor of zeros.", 0, Example("zeros(3)", gives: "[0, 0, 0]")),
    filled("ones", "A tensor of ones.", 1, Example("ones(2, 2)", gives: "[[1, 1],\n [1, 1]]")),
    .function(
      "full", "A tensor with one number everywhere.",
      Parameter<WholeNumbers>("shape", "the extents, as a list"),
      Parameter<Float>("v", "the number"), examples: [Example("full([2], 7)", gives: "[7, 7]")],
      seeAlso: ["zeros", "ones"]
    ) { evaluator, shape, value in
      let shape = try Shape(shape.values)
      return try evaluator.make(shape) { try Sequences.full(shape, value) }
    },
    .function(
      "arange", "Numbers from `start` up to `stop`, without it.",
      Parameter<Double>("start", "the first; or stop, when it is alone"),
      Parameter<Double?>("stop", default: nil, "where to end; not included"),
      Parameter<Double>("step", default: 1, "the difference between neighbours"),
      examples: [
        Example("arange(0, 10, 3)", gives: "[0, 3, 6, 9]"), Example("arange(4)", gives: "[0, 1, 2, 3]"),
      ],
      mistakes: [Example("arange(0, 10, 0)", gives: "arange: step must not be 0")],
      seeAlso: ["linspace", "range"]
    ) { _, start, stop, step in
      if step == 0 { throw Failure("step must not be 0") }
      return try Sequences.arange(from: stop == nil ? 0 : start, to: stop ?? start, step: step)
    },
    .function(
      "range", "Whole numbers from start up to stop, made as they are needed; for `for`.",
      Parameter<Int>("start", "the first; where it is alone, how many from 0 on"),
      Parameter<Int?>("stop", default: nil, "where they end; not one of them"),
      Parameter<Int>("step", default: 1, "from one to the next; not 0"),
      examples: [
        Example("for i in range(2) { print(i) }", gives: "0\n1"),
        Example("map(range(8, 2, -3), fn(i) = i)", gives: "[8, 5]"),
      ],
      mistakes: [
        Example("range(-1)", gives: "range: n must be at least 0, not -1"),
        Example("range(1, 5, 0)", gives: "range: step must not be 0"),
      ], seeAlso: ["arange"]
    ) { _, start, stop, step -> Value in
      for bound in [start, stop ?? 0, step] where abs(Double(bound)) > 0x1p53 {
        throw Failure("numbers of a range lie within ±2⁵³, not \(bound)")
      }
      if step == 0 { throw Failure("step must not be 0") }
      guard let stop else {
        guard start >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: start, minimum: 0) }
        return .range(Progression(to: start))
      }
      return .range(Progression(from: start, to: stop, by: step))
    },
    .function(
      "linspace", "Evenly spaced numbers, both ends included.", Parameter<Double>("a", "the first"),
      Parameter<Double>("b", "the last"), Parameter<Int>("n", "how many"),
      examples: [Example("linspace(0, 1, 5)", gives: "[0, 0.25, 0.5, 0.75, 1]")],
      mistakes: [Example("linspace(0, 1, -1)", gives: "linspace: n must be at least 0, not -1")],
      seeAlso: ["arange"]
    ) { _, a, b, n in
      guard n >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 0) }
      return try Sequences.linspace(from: a, to: b, count: n)
    },
    .function(
      "eye", "The identity matrix.", Parameter<Int>("n", "rows and columns"),
      examples: [Example("eye(2)", gives: "[[1, 0],\n [0, 1]]")],
      mistakes: [Example("eye(-1)", gives: "eye: n must be at least 0, not -1")]
    ) { _, n in
      guard n >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 0) }
      return try Sequences.eye(n)
    },
    .function(
      "rand", "Random numbers, evenly drawn from 0 up to 1.",
      Parameter<WholeNumbers>.variadic("shape", "the extents"),
      examples: [Example("shape(rand(2, 3))", gives: "[2, 3]")], seeAlso: ["randn", "seed"]
    ) { evaluator, shape in
      let shape = try Shape(shape.values)
      return try evaluator.make(shape) { try evaluator.random.uniform(shape) }
    },
    .function(
      "randn", "Random numbers of the standard normal distribution.",
      Parameter<WholeNumbers>.variadic("shape", "the extents"),
      examples: [Example("shape(randn(2, 3))", gives: "[2, 3]")], seeAlso: ["rand", "seed"]
    ) { evaluator, shape in
      let shape = try Shape(shape.values)
      return try evaluator.make(shape) { try evaluator.random.normal(shape) }
    },
    .function(
      "kernel", "A well-known filter as a square of numbers.",
      Parameter<String>("name", FilterKernel.allCases.map(\.rawValue).joined(separator: ", ")),
      Parameter<Int>("size", default: 3, "rows and columns; odd"),
      Parameter<Double?>(
        "sigma", default: nil, "the width of a gaussian; 0.3·((size − 1)/2 − 1) + 0.8 if none"),
      examples: [
        Example("kernel(\"prewitt_x\")", gives: "[[-1,  0,  1],\n [-1,  0,  1],\n [-1,  0,  1]]"),
        Example("sum(kernel(\"gaussian\", 5))", gives: "1"),
      ],
      mistakes: [
        Example("kernel(\"sobel\")", gives: "kernel: there is no kernel \"sobel\""),
        Example("kernel(\"box\", 4)", gives: "kernel: size must be odd, not 4"),
        Example("kernel(\"gaussian\", 3, 0)", gives: "kernel: sigma must be above 0, not 0"),
      ],
      seeAlso: ["filter2d", "conv2d"]
    ) { _, name, size, sigma in try FilterKernel.make(name, size: size, sigma: sigma) },
  ]

  private static func filled(_ name: String, _ summary: String, _ number: Float, _ example: Example)
    -> Builtin
  {
    .function(
      name, summary, Parameter<WholeNumbers>.variadic("shape", "the extents, one by one or as a list"),
      examples: [example],
      mistakes: [Example("\(name)(-1, 2)", gives: "\(name): a shape cannot have a negative extent: [-1, 2]")],
      seeAlso: ["full"]
    ) { evaluator, shape in
      let shape = try Shape(shape.values)
      return try evaluator.make(shape) { try Sequences.full(shape, number) }
    }
  }
}
