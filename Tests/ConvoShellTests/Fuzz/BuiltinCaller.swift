import ConvoInterpreter

/// Makes programs that call builtins with values nobody would expect, always the same ones for a seed.
struct BuiltinCaller {
  private var state: UInt64
  private let builtins: [Builtin]

  /// What ends or stalls a run, changes settings of the whole process, or reads a script.
  private static let excluded: Set<String> = ["exit", "quit", "sleep", "input", "threads", "import"]

  init(seed: UInt64) {
    state = seed
    builtins = BuiltinTable.standard.all.filter { !BuiltinCaller.excluded.contains($0.name) }
  }

  /// The next program. It needs nothing that another one has left.
  mutating func next() -> String {
    let builtin = builtins[pick(builtins.count)]
    let call = call(builtin, depth: 0)
    switch pick(16) {
    case 0: return "x = \(call)\nprint(x)\nx.shape\nx == x\nx[0]"
    case 1: return "x = \(call)\nx + 1\nx[-1:]\nlen(x)\n-x"
    case 2: return "plan(\(call))"
    case 3: return "summary(fn(x) = \(call), \(choose(BuiltinCaller.shapes)))"
    case 4: return "\(value(.anything, depth: 0)) |> \(builtin.name)"
    case 5: return "map(\(choose(BuiltinCaller.lists)), \(builtin.name))"
    case 6: return "show(\(call))\nstr(\(call))"
    case 7 where pick(4) == 0:
      let file = choose(BuiltinCaller.files)
      return "save(\(call), \(file))\nload(\(file))"
    case 8: return "d = [0]\nfor i in range(\(pick(60) == 0 ? 900 : 40)) { d = [d] }\n\(call)"
    case 9: return "x = \(value(.tensor, depth: 0))\ny = \(call)\ntrace(y)\nexplain(y, [0, 0, 0, 0])\ninfo(y)"
    default: return call
    }
  }

  // MARK: Calls

  private mutating func call(_ builtin: Builtin, depth: Int) -> String {
    let parameters = builtin.parameters
    // Mostly as many arguments as there is room for; at times one too many.
    let count = min(pick(parameters.count + 2), parameters.count + (pick(12) == 0 ? 1 : 0))
    var words: [String] = []
    for index in 0..<max(count, pick(8) == 0 ? 0 : parameters.count { $0.isRequired }) {
      guard index < parameters.count else {
        words.append(value(.anything, depth: depth))
        continue
      }
      let parameter = parameters[index]
      let word = value(Kind(parameter.typeName), depth: depth)
      words.append(pick(5) == 0 ? "\(parameter.name)=\(word)" : word)
    }
    if pick(8) == 0, let last = parameters.randomElement(pick(max(parameters.count, 1))) {
      words.append("\(pick(16) == 0 ? "nope" : last.name)=\(value(Kind(last.typeName), depth: depth))")
    }
    return "\(builtin.name)(\(words.joined(separator: ", ")))"
  }

  /// What a parameter wants.
  private enum Kind {
    case tensor, number, text, list, anything

    init(_ typeName: String) {
      switch typeName {
      case let name where name.contains("tensor"): self = .tensor
      case let name where name.contains("list"): self = .list
      case let name where name.contains("number"), let name where name.contains("["): self = .number
      case let name where name.contains("string"): self = .text
      default: self = .anything
      }
    }
  }

  private mutating func value(_ kind: Kind, depth: Int) -> String {
    if depth < 2, pick(12) == 0 { return call(builtins[pick(builtins.count)], depth: depth + 1) }
    guard pick(4) > 0 else { return choose(BuiltinCaller.values) }
    switch kind {
    case .tensor: return choose(BuiltinCaller.tensors)
    case .number: return choose(pick(2) == 0 ? BuiltinCaller.numbers : BuiltinCaller.usualNumbers)
    case .text: return choose(BuiltinCaller.texts)
    case .list: return choose(BuiltinCaller.lists)
    case .anything: return choose(BuiltinCaller.values)
    }
  }

  // MARK: Choices

  /// A small generator with a known sequence.
  ///
  /// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
  private mutating func pick(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(count, 1)))
  }

  private mutating func choose(_ choices: [String]) -> String { choices[pick(choices.count)] }

  private static let usualNumbers = ["0", "1", "2", "3", "5", "0.5", "-1", "2.5", "none", "true", "false"]

  private static let numbers = [
    "7", "-2", "-0.5", "(0/0)", "(1/0)", "(-1/0)", "1e300", "-1e300", "1e39", "3e38", "-3e38", "1e-300",
    "1e-45", "5e-324", "1e10", "1e18", "-1e18", "65536", "257", "100", "1001", "2**24 + 1", "2**31", "2**32",
    "2**53", "2**62", "-2**62", "2**63", "-2**63", "4611686018427387904", "9223372036854774784",
    "1e16", "99999.95", "-0.0", "33", "64",
  ]

  private static let tensors = [
    "zeros(0)", "zeros(1000, 0)", "zeros(2, 0, 3)", "zeros(0, 1e18)", "zeros(0, 2**60)", "zeros(1, 1, 5, 5)",
    "ones(2, 3, 4, 4)", "zeros(0, 3, 8, 8)", "zeros(1, 0, 8, 8)", "zeros(1, 3, 0, 8)", "zeros(3, 4)",
    "rand(3, 8, 8)", "eye(3)", "tensor(5)", "full([2, 2], 0/0)", "full([3], 1/0)", "full([2, 3], -3e38)",
    "[[-3e38, 3e38]]", "full([2, 2], 1e-45)", "arange(6)", "arange(2000)", "[1, 2, 3]", "[[1, 2], [3, 4]]",
    "[1e16, 1e16]", "[16777216, 16777218]", "nchw(ones(4, 5, 3))", "Conv2D(3, 2, 3).W", "kernel(\"box\")",
    "zeros([1])", "ones(1, 1, 1, 1, 1, 1, 1, 1)", "reshape([1], 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)",
    "reshape(arange(24), 2, 3, 4)", "[0/0, 1, -1/0]", "[1e300]", "range(5)", "x", "tensor([])", "[[]]",
    "ones(4, 5, 3)", "ones(2, 2, 4)", "zeros(2)", "ones(2)", "[true, false]", "7", "0.1",
  ]

  private static let shapes = [
    "[1, 3, 8, 8]", "[3, 8, 8]", "[2]", "[]", "[0, 3, 4, 4]", "[1, 1, 1e9, 1e9]", "[2**40, 2**20]",
  ]

  private static let lists = [
    "[]", "[1]", "[0, 1]", "[1, 0]", "[2, 2]", "[-1]", "[0/0, 1]", "[1e18, 1e18]", "[2**62, 2**62]", "[0, 0]",
    "[[1, 2], [3, 4]]", "[[0, 1], [1, 0]]", "[[1, 2], [3]]", "[\"a\", \"b\"]", "[relu, 1]", "[none]",
    "[zeros(2), zeros(2)]", "[zeros(2), zeros(3)]", "[[[1, 2], [3, 4]], 5]", "range(3)", "range(0)",
    "range(1e18)", "range(2**53)", "[1, \"a\", [2, [3]]]", "[true, none]", "[400, 300]", "[100, 4096]",
    "[-3e38, 3e38]", "[0, 1e-45]", "[2, 1]", "zeros(3)", "ones(33)", "{}", "{a: 1}", "d",
    "[[1e18, 1e18], [1e18, 1e18]]", "map(range(40), fn(i) = 1)", "[Conv2D(none, 2, 3)]",
  ]

  private static let texts = [
    "\"\"", "\"a\"", "\"same\"", "\"nearest\"", "\"bilinear\"", "\"reflect\"", "\"edge\"", "\"gaussian\"",
    "\"sobel_x\"", "\"points\"", "\"own\"", "\"gray\"", "\"x.npy\"", "\"x.png\"", "\".2f\"", "\"d\"",
    "\">9999\"", "\"^099.100e\"", "\"\\u{0}\"", "\"\\u{1B}[31m\\u{7}\"", "\"a\\tb\\nc\"",
    "\"e\\u{301}\\u{1F469}\\u{200D}\\u{1F469}\"", "\"*\"", "\"?[\"", "\"{{}}\"", "\"int8\"", "\"float16\"",
    "\"a b -> b a\"", "\"(a 2) -> a 2\"", "\"i j, j k -> i k\"", "\"a -> 9999999999999 a\"", "\"i i ->\"",
    "\"mean\"", "\"area\"", "\"\(String(repeating: "long ", count: 60))\"", "\" \"", "\",\"", "\"-1\"",
    "\"1e999\"", "\"ß\\u{FEFF}\"",
  ]

  private static let files = [
    "\"x.npy\"", "\"x.npz\"", "\"x.png\"", "\"x.jpg\"", "\"x.csv\"", "\"x.safetensors\"", "\"x.bmp\"",
  ]

  private static let others = [
    "none", "true", "{a: zeros(2), b: none}", "relu", "print", "map", "fn(x) = x", "fn(a, b) = a",
    "fn() = 1", "Conv2D(none, 2, 3)", "Conv2D(3, 2, 3)", "Sequential(relu)", "Sequential()",
    "Linear(none, 2)",
    "BatchNorm2D(3)", "MaxPool2D(2)", "Sequential(Conv2D(3, 4, 3), relu, Linear(none, 2))",
    "plot([1, 2])", "hist([1])", "bars([1, 2])", "\"x\"[0:0]", "_", "ans", "nothing",
  ]

  private static let values = usualNumbers + numbers + tensors + lists + texts + others
}

extension Array {
  /// The element at an index, where there is one.
  fileprivate func randomElement(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
