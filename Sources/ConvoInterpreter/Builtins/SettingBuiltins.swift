internal import ConvoEngine
internal import ConvoTensor

/// Builtins that set how the session works. Without an argument each tells the present value.
enum SettingBuiltins {
  static let all: [Builtin] = [
    .function(
      "seed", "Where the random numbers begin.",
      Parameter<Int?>("n", default: nil, "a whole number from 0 on"),
      examples: [Example("seed(7)\na = rand(3)\nseed(7)\nall(rand(3) == a)", gives: "true")],
      mistakes: [Example("seed(-1)", gives: "seed: n must be at least 0, not -1")],
      seeAlso: ["rand", "randn"]
    ) { evaluator, n -> Value in
      guard let n else { return .number(Double(evaluator.random.seed)) }
      guard n >= 0 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 0) }
      if !evaluator.isPlanning { evaluator.random = RandomSource(seed: UInt64(n)) }
      return .none
    },
    .function(
      "threads", "How many threads work on one operation.", Parameter<Int?>("n", default: nil, "1 or more"),
      examples: [Example("threads(1)\nthreads()", gives: "1")],
      mistakes: [Example("threads(0)", gives: "threads: n must be at least 1, not 0")]
    ) { evaluator, n -> Value in
      guard let n else { return .number(Double(EngineSettings.current.threads)) }
      guard n >= 1 else { throw ShapeError.tooSmall(parameter: "n", value: n, minimum: 1) }
      guard n <= 1024 else { throw ShapeError.tooBig(parameter: "n", value: n, maximum: 1024) }
      if evaluator.isPlanning { return .none }
      let before = EngineSettings.current.threads
      evaluator.undo.note { EngineSettings.current.threads = before }
      EngineSettings.current.threads = n
      return .none
    },
    .function(
      "exact", "Whether convolutions do without Winograd's faster, slightly less exact way.",
      Parameter<Bool?>("flag", default: nil, "true or false"),
      examples: [Example("exact(true)\nexact()", gives: "true")]
    ) { evaluator, flag -> Value in
      guard let flag else { return .boolean(EngineSettings.current.exact) }
      if evaluator.isPlanning { return .none }
      let before = EngineSettings.current.exact
      evaluator.undo.note { EngineSettings.current.exact = before }
      EngineSettings.current.exact = flag
      return .none
    },
  ]
}
