internal import ConvoEngine
internal import ConvoTensor

/// Functions that read a pattern of axis names.
enum PatternBuiltins {
  static let all: [Builtin] = [
    .operation(
      "rearrange", "Splits, moves and joins axes as a pattern says.", Parameter<Tensor>("x", "any tensor"),
      Parameter<String>("pattern", "letters or words for the axes before and after ->"),
      detail: """
        (H 2) is an axis of parts, the last of them next to one another; a number that stands only on the right repeats.
        """,
      examples: [
        Example("shape(rearrange(zeros(1, 3, 8, 6), \"N C (H 2) W -> N (C 2) H W\"))", gives: "[1, 6, 4, 6]"),
        Example("rearrange([[1, 2], [3, 4]], \"row column -> (column row)\")", gives: "[1, 3, 2, 4]"),
        Example("rearrange([1, 2], \"a -> 2 a\")", gives: "[[1, 2],\n [1, 2]]"),
      ],
      mistakes: [
        Example("rearrange(zeros(2, 3), \"a b\")", gives: "rearrange: there is no -> in \"a b\""),
        Example(
          "rearrange(zeros(2, 3), \"a -> a\")", gives: "rearrange: the pattern has 1 place on the left"),
        Example("rearrange(zeros(2, 3), \"a b -> a\")", gives: "rearrange: b does not stand on the right"),
        Example(
          "rearrange(zeros(3), \"(a 2) -> a 2\")", gives: "rearrange: axis 0 has 3, which is no multiple of 2"
        ),
      ],
      seeAlso: ["transpose", "reshape", "einsum", "nchw"]
    ) { x, pattern in try RearrangePattern(pattern, x).operation(x) },

    .operation(
      "einsum", "The sum over products of elements, as a pattern of axis names says.",
      Parameter<String>(
        "pattern", "the axes of each tensor, with commas between, and those of the result after ->"),
      Parameter<ValueList>.several("tensors", "as many as the pattern has"),
      detail: "Axes of one name run together; what does not stand after -> is summed.",
      examples: [
        Example("einsum(\"i k, k j -> i j\", [[1, 2], [3, 4]], [[1], [1]])", gives: "[[3],\n [7]]"),
        Example(
          "shape(einsum(\"n c h w, o c -> n o h w\", zeros(1, 3, 4, 5), zeros(8, 3)))", gives: "[1, 8, 4, 5]"),
        Example("einsum(\"i i ->\", [[1, 2], [3, 4]])", gives: "5"),
      ],
      mistakes: [
        Example(
          "einsum(\"ij,jk->ik\", eye(2), eye(2))", gives: "einsum: ij is one name, the tensor has 2 axes"),
        Example("einsum(\"i j, j -> i\", eye(2))", gives: "einsum: the pattern has 2 tensors, 1 is given"),
        Example("einsum(\"i j, j -> i\", eye(2), [1, 2, 3])", gives: "einsum: j is 2 and 3"),
        Example("einsum(\"i -> j\", [1])", gives: "einsum: j does not stand on the left"),
      ],
      seeAlso: ["matmul", "rearrange"]
    ) { pattern, tensors in
      try EinsumPattern.operation(
        pattern, try tensors.values.map { value throws(Failure) in try Tensor(value, for: "tensors") })
    },
  ]
}

/// A pattern of `einsum`, checked against the tensors.
enum EinsumPattern {
  static func operation(_ text: String, _ tensors: [Tensor]) throws(Failure) -> Contraction {
    let sides = try AxisPattern.sides(of: text)
    var left: [[String]] = []
    for term in sides.left.split(separator: ",", omittingEmptySubsequences: false) {
      left.append(try words(term))
    }
    let right = try words(sides.right)
    guard left.count == tensors.count else {
      throw Failure(
        "the pattern has \(Wording.count(left.count, "tensor")), \(tensors.count) "
          + "\(tensors.count == 1 ? "is" : "are") given",
        labels: [.init(operand: "pattern", text: "")])
    }
    var extents: [String: Int] = [:]
    var names: [String: AxisName] = [:]
    for (words, tensor) in zip(left, tensors) {
      guard words.count == tensor.rank else { throw unfit(words, tensor, text) }
      for (axis, word) in words.enumerated() {
        let extent = tensor.shape[axis]
        if let known = extents.updateValue(extent, forKey: word), known != extent {
          throw Failure(
            "\(word) is \(known) and \(extent)",
            labels: [.init(operand: "pattern", text: ""), .init(operand: "tensors", text: "")])
        }
        let own = AxisPattern.axisName(word)
        if names[word, default: .unnamed] == .unnamed {
          names[word] = own == .unnamed ? tensor.axes.names[axis] : own
        }
      }
    }
    for (index, word) in right.enumerated() {
      if extents[word] == nil { throw AxisPattern.mistake("\(word) does not stand on the left") }
      if right[..<index].contains(word) { throw AxisPattern.mistake("\(word) stands twice after ->") }
    }
    let labels = Dictionary(uniqueKeysWithValues: extents.keys.sorted().enumerated().map { ($1, $0) })
    return Contraction(
      terms: zip(left, tensors).map { words, tensor in
        .init(tensor: tensor, labels: words.map { labels[$0] ?? 0 })
      },
      output: right.map { labels[$0] ?? 0 }, axes: Axes(right.map { names[$0] ?? .unnamed }))
  }

  private static func words(_ side: Substring) throws(Failure) -> [String] {
    let pattern = try AxisPattern(side)
    guard pattern.words.count == pattern.groups.count, pattern.parts.count == pattern.groups.count else {
      throw AxisPattern.mistake("einsum takes names of axes alone, neither numbers nor parentheses")
    }
    return pattern.words
  }

  /// `ij,jk->ik` as other libraries write it, with the blanks that convo wants between the names.
  private static func unfit(_ words: [String], _ tensor: Tensor, _ text: String) -> Failure {
    let spaced = String(
      text.flatMap { character -> [Character] in
        character.isLetter ? [character, " "] : [character]
      }
    ).replacingRuns()
    let isGlued = words.count == 1 && words[0].count == tensor.rank
    return Failure(
      words.count == 1
        ? "\(words[0]) is one name, the tensor has \(tensor.rank) axes"
        : "\(Wording.count(words.count, "name")) for a tensor of shape \(tensor.shape)",
      labels: [.init(operand: "pattern", text: ""), .init(operand: "tensors", text: "")],
      helps: isGlued
        ? [.init("einsum(\(ValueText.quoted(spaced)), …)", gives: "with blanks between the names")] : [])
  }
}

extension String {
  /// The same with single blanks, none before a comma, one behind it and around the arrow.
  fileprivate func replacingRuns() -> String {
    var result = ""
    for character in self {
      switch character {
      case " ": if result.last != " " { result += " " }
      case ",":
        if result.last == " " { result.removeLast() }
        result += ", "
      case "-": result += result.last == " " ? "-" : " -"
      case ">": result += "> "
      default: result.append(character)
      }
    }
    return result.last == " " ? String(result.dropLast()) : result
  }
}
