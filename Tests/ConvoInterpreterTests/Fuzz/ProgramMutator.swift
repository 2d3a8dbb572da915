import ConvoSyntax

@testable import ConvoInterpreter

/// Makes programs that somebody might type by mistake, always the same ones for a seed.
struct ProgramMutator {
  private var random: SplitMix64
  private let corpus: [String]
  private let names: [String]

  init(seed: UInt64) {
    random = SplitMix64(state: seed)
    // Files, settings and whatever reaches out of the session are left alone; so are loops, which might never end.
    let table = BuiltinTable.standard.all.filter {
      ![.files, .settings].contains($0.family) && !ProgramMutator.reachesOut.contains($0.name)
    }
    names = table.map(\.name)
    let examples = table.flatMap { $0.examples + $0.mistakes }.map(\.code)
    corpus = (examples + ProgramMutator.programs).filter(ProgramMutator.isHarmless)
  }

  /// The next program.
  mutating func next() -> String {
    while true {
      var words = ProgramMutator.words(of: corpus[pick(corpus.count)])
      for _ in 0...pick(4) { mutate(&words) }
      let program = words.joined()
      if ProgramMutator.isHarmless(program) { return program }
    }
  }

  private static let reachesOut: Set<String> = [
    "exit", "quit", "import", "run", "sleep", "input", "time", "bench",
  ]

  private static func isHarmless(_ program: String) -> Bool {
    !["for", "while", "load", "save", "import", "exit", "quit", "threads", "exact"].contains {
      program.contains($0)
    }
  }

  private mutating func mutate(_ words: inout [String]) {
    guard !words.isEmpty else {
      words = [choose(ProgramMutator.values)]
      return
    }
    let place = pick(words.count)
    switch pick(12) {
    case 0: words.remove(at: place)
    case 1: words.insert(words[pick(words.count)], at: place)
    case 2: words.swapAt(place, pick(words.count))
    case 3: words[place] = choose(ProgramMutator.numbers)
    case 4: words[place] = choose(ProgramMutator.values)
    case 5: words[place] = choose(names)
    case 6: words.insert(choose(ProgramMutator.pieces), at: place)
    case 7:
      var bytes = Array(words[place].utf8)
      if !bytes.isEmpty { bytes[pick(bytes.count)] = UInt8(truncatingIfNeeded: random.next() % 128) }
      words[place] = String(decoding: bytes, as: UTF8.self)
    case 8: words.removeLast(pick(words.count))
    default: replace(&words, ProgramMutator.isNumber, by: ProgramMutator.numbers + ProgramMutator.values)
    }
  }

  /// Replaces one of the words that a test accepts: most mistakes are a wrong number in the right place.
  private mutating func replace(_ words: inout [String], _ test: (String) -> Bool, by choices: [String]) {
    let places = words.indices.filter { test(words[$0]) }
    if !places.isEmpty { words[places[pick(places.count)]] = choose(choices) }
  }

  private static func isNumber(_ word: String) -> Bool {
    word.utf8.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
  }

  private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(max(count, 1))) }
  private mutating func choose(_ choices: [String]) -> String { choices[pick(choices.count)] }

  /// The tokens of a text with the space between them.
  private static func words(of text: String) -> [String] {
    let source = SourceText(name: "", text)
    var tokenizer = Tokenizer(source)
    var words: [String] = []
    var end = 0
    while words.count < 1000 {
      let token = tokenizer.next()
      if token.span.start > end { words.append(source.text(of: Span(end, token.span.start))) }
      if token.kind == .end { break }
      words.append(source.text(of: token.span))
      end = token.span.end
    }
    return words
  }

  private static let numbers = [
    "0", "1", "-1", "2", "3", "7", "0.5", "-0.5", "1e300", "-1e300", "1e18", "-1e18", "1e10", "65536",
    "(0/0)", "(1/0)",
    "(-1/0)", "2**31", "2**32", "2**53", "2**62", "2**63", "-2**63", "9223372036854775807",
    "4611686018427387904",
    "1e-300", "-2", "-3", "5", "100", "none", "true", "257", "1e-45", "3e38", "1e39",
  ]

  private static let values = [
    "[]", "[[]]", "[1, [2]]", "none", "\"a\"", "\"\"", "true", "{}", "{a: 1}", "relu", "fn(x) = x",
    "zeros(0)",
    "zeros(2, 0, 3)", "zeros(0, 1e18)", "zeros(0, 2**62, 4)", "zeros(1, 1, 5, 5)", "zeros(3, 4)",
    "Conv2D(none, 2, 3)",
    "Sequential(relu)", "range(1e18)", "range(3)", "range(0)", "full([2, 2], 0/0)", "full([3], 1/0)",
    "tensor(5)",
    "arange(6)", "[2, 3]", "[1e18, 1e18]", "[-1, -1]", "[[1, 2], [3, 4]]", "[[1e18, 1e18], [1e18, 1e18]]",
    "\"same\"",
    "[0, 0]", "\"reflect\"", "\"edge\"", "zeros([1])", "zeros(1, 1, 1, 1, 1, 1, 1, 1)", "kernel(\"box\")",
    "_", "[relu, 1]",
    "zeros(1, 3, 8, 8)", "ones(2, 3, 3, 3)", "eye(3)",
  ]

  private static let pieces = [
    "[0]", "[::-1]", "[1e18:]", "[:-1e18:-1]", "[::2**62]", "[::-2**63]", "[-2**63:2**62]", "[...]",
    "[newaxis]", "[none, ..., 0]",
    "[0.5]", "[\"a\"]", ".shape", ".size", ".W", "()", "(1)", " |> relu", " |> sum", " |> ", " + ", " ** ",
    " @ ", " // ", " % ",
    "-", "not ", "\n", ";", "(", ")", "[", "]", "{", "}", ",", ":", "=", "\"", "{{", "axis=-2**63, ",
    "axis=1e18, ", "pad=1e18, ",
    "stride=1e18, ", "dilation=1e18, ", "groups=1e18, ", "fn f(x) = f(x) + f(x)\nf(1)\n", "x[0] = ", "x = ",
    "a, b = ",
  ]

  private static let programs = [
    "x = reshape(arange(24), 2, 3, 4)\nx[0, 1:3, ::-1]\nx[1, :, 2] = 5\nx",
    "x = arange(10)\nx[2:8:3] = [1, 2]\nx[::-1][0:3]",
    "l = [1, \"a\", [2, 3]]\nl[2][0] = 5\nl[0:2]", "m = {a: 1, b: zeros(2)}\nm.b[0] = 3\nm[\"c\"] = 2\nm",
    "a, b = [1, 2]\na + b * 2 ** -1 // 3 % 4",
    "c = Conv2D(none, 2, 3, stride=2, pad=1)\nx = zeros(1, 3, 8, 8)\nc(x) |> relu |> maxpool(2)",
    "s = \"abc {1 + 1}\"\ns[0] + s[1:3] + s[::-1]",
    "conv2d(zeros(1, 2, 6, 6), ones(4, 1, 3, 3), zeros(4), stride=[1, 2], pad=[[1, 0], [2, 1]], dilation=1, groups=2)",
    "conv_transpose2d(zeros(1, 2, 3, 3), ones(2, 2, 3, 3), none, 2, 1, 1)",
    "pad(arange(6), [[1, 2]], \"reflect\")", "tile([[1, 2], [3, 4]], [2, 3])",
    "split(arange(12), [3, 4, 5], 0)", "concat([zeros(2, 3), ones(2, 3)], axis=1)",
    "stack([zeros(2), ones(2)], axis=-1)", "resize(zeros(4, 5, 3), 8, 7)",
    "upsample(zeros(1, 2, 3, 3), [2, 3], \"bilinear\")", "topk(arange(9), 4)",
    "linear(zeros(2, 6), zeros(4, 6), zeros(4))", "where(arange(4) > 2, 1, zeros(4))",
    "sum(zeros(2, 3, 4), axis=[0, 2], keepdims=true)", "range(100)[10:90:7]", "linspace(0, 1, 5) @ arange(5)",
    "transpose(zeros(2, 3, 4), 2, 0, 1)", "kernel(\"gaussian\", 5, sigma=2)",
    "filter2d(zeros(6, 6), kernel(\"sobel_x\"))", "softmax(zeros(2, 3), axis=1)",
    "batchnorm(zeros(1, 2, 3, 3), ones(2), zeros(2), zeros(2), ones(2))",
    "maxpool(zeros(1, 1, 7, 7), [2, 3], stride=2, pad=1, dilation=2, cover_all=true)",
    "avgpool(zeros(1, 1, 7, 7), 3, 2, 1, true, false)", "channels(zeros(1, 5, 3, 3), columns=2)",
    "Sequential(Conv2D(3, 4, 3), relu, Linear(none, 2))[0].W[0, 0]",
    "squeeze(zeros(1, 2, 1), axis=0) |> unsqueeze([0, -1]) |> flip([0, 1]) |> broadcast([2, 1, 2, 1])",
    "nchw(zeros(4, 5, 3)) |> hwc", "gray(zeros(3, 4, 5))", "clip(arange(5), 1, 3) |> round",
    "arange(0, 10, 3) % 4 // 0.3", "full([2, 3], 1e39)", "rand(3, 4) + randn(4)",
    "flatten(zeros(2, 3, 4), 1).shape", "BatchNorm2D(3)(zeros(1, 3, 4, 4))",
    "AvgPool2D(2)(zeros(1, 3, 4, 4))",
    "ConvTranspose2D(3, 4, 3, stride=2, output_pad=1)(zeros(1, 3, 4, 4))",
    "m = Sequential(Conv2D(3, 4, 3), relu)\nset_params(m, params(m))\nsummary(m, [1, 3, 8, 8])",
    "plan(conv2d(zeros(1, 3, 8, 8), zeros(2, 3, 3, 3)))",
    "y = conv2d(ones(1, 1, 5, 5), ones(1, 1, 3, 3))\nexplain(y, [0, 0, 1, 1])\ntrace(y)",
    "diff(zeros(3), ones(3))", "info(arange(9))", "show(zeros(3, 4))", "print(1, \"a\", none)",
    "fn f(a, k=1) { b = a + k; return b * 2 }\nf(3, k=4)",
  ]
}

/// A small generator with a known sequence.
///
/// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
