internal import ConvoEngine
internal import ConvoTensor

/// Builtins that read, search and change text.
enum TextBuiltins {
  static let all: [Builtin] = [
    .function(
      "number", "The number that a text holds.", Parameter<Value>("text", "a string, or a number"),
      detail:
        "Blanks around it, a sign, an exponent, 0x, nan and inf are understood; anything else is an error.",
      examples: [
        Example("number(\" 12 \") + 1", gives: "13"), Example("number(\"1e-3\")", gives: "0.001"),
        Example("number(\"0x1f\")", gives: "31"),
      ],
      mistakes: [Example("number(\"12px\")", gives: "number: \"12px\" is not a number")],
      seeAlso: ["int", "str", "format"]
    ) { _, value -> Double in
      guard case .string(let text) = value else {
        do { return try Double(argument: value) } catch {
          throw Failure(
            "text must be a string or a number, not \(value.brief)",
            labels: [.init(operand: "text", text: value.typeName)])
        }
      }
      guard let number = NumberReading.number(in: text) else {
        throw Failure("\(value.brief) is not a number", labels: [.init(operand: "text", text: "")])
      }
      return number
    },

    .function(
      "int", "The whole number towards zero.", Parameter<Value>("x", "a number or a tensor"),
      examples: [Example("int(-2.7)", gives: "-2"), Example("int([1.5, -1.5])", gives: "[1, -1]")],
      mistakes: [Example("int(\"7\")", gives: "int: x must be a number or a tensor, not \"7\"")],
      seeAlso: ["number", "floor", "round"]
    ) { evaluator, value -> Value in
      switch value {
      case .number(let number): return .number(number.rounded(.towardZero) + 0)
      case .boolean(let flag): return .number(flag ? 1 : 0)
      case .string(let text):
        let number = NumberReading.number(in: text)
        throw Failure(
          "x must be a number or a tensor, not \(value.brief)", labels: [.init(operand: "x", text: "string")],
          helps: number == nil ? [] : [.init("int(number(\(ValueText.quoted(text))))")])
      default:
        let x = try Tensor(value, for: "x")
        return try evaluator.perform(ElementFunction(kind: .truncate, input: x), named: "int", reading: [x])
          .value
      }
    },

    .function(
      "replace", "A text with every occurrence of a part exchanged for another.",
      Parameter<String>("text", "a string"), Parameter<String>("old", "what is looked for"),
      Parameter<String>("new", "what stands there instead"),
      examples: [Example("replace(\"a-b-c\", \"-\", \"+\")", gives: "\"a+b+c\"")],
      mistakes: [Example("replace(\"a\", \"\", \"b\")", gives: "replace: old must not be empty")],
      seeAlso: ["find", "split_text"]
    ) { _, text, old, new in
      if old.isEmpty { throw Failure("old must not be empty", labels: [.init(operand: "old", text: "")]) }
      let parts = TextParts.split(text, at: old)
      let (added, overflow) = new.utf8.count.multipliedReportingOverflow(by: parts.count)
      try Value.checkRoom(bytes: overflow ? Int.max : added)
      return parts.joined(separator: new)
    },

    change("upper", "A text in capital letters.", Example("upper(\"Größe\")", gives: "\"GRÖSSE\"")) {
      $0.uppercased()
    },
    change("lower", "A text in small letters.", Example("lower(\"IMG.JPG\")", gives: "\"img.jpg\"")) {
      $0.lowercased()
    },
    change(
      "trim", "A text without the blanks and newlines at its ends.",
      Example("trim(\"  two words \")", gives: "\"two words\"")
    ) { text in
      let tail = text.drop(while: \.isWhitespace)
      return String(tail[..<(tail.lastIndex { !$0.isWhitespace }.map(tail.index(after:)) ?? tail.startIndex)])
    },

    question(
      "starts_with", "Whether a text begins with another.",
      Example("starts_with(\"img_07.png\", \"img_\")", gives: "true")
    ) { $0.utf8.starts(with: $1.utf8) },
    question(
      "ends_with", "Whether a text ends with another.",
      Example("ends_with(\"img_07.png\", \".png\")", gives: "true")
    ) { $0.utf8.reversed().starts(with: $1.utf8.reversed()) },
    question(
      "contains", "Whether a text holds another somewhere.",
      Example("contains(\"conv1.weight\", \"weight\")", gives: "true")
    ) { TextParts.firstByte(of: $1, in: $0) != nil },

    .function(
      "find", "The position of the first character where a text holds another; -1 where it does not.",
      Parameter<String>("text", "a string"), Parameter<String>("part", "what is looked for"),
      examples: [
        Example("find(\"größe\", \"ß\")", gives: "3"), Example("find(\"abc\", \"x\")", gives: "-1"),
      ],
      seeAlso: ["contains", "replace"]
    ) { _, text, part -> Int in
      guard let place = TextParts.firstByte(of: part, in: text) else { return -1 }
      // The character whose bytes the place is among: a part may begin inside of one, as an accent does.
      var (index, end) = (0, 0)
      for character in text {
        end += character.utf8.count
        if place < end { break }
        index += 1
      }
      return index
    },
  ]

  private static func change(
    _ name: String, _ summary: String, _ example: Example, _ body: @escaping @Sendable (String) -> String
  ) -> Builtin {
    .function(name, summary, Parameter<String>("text", "a string"), examples: [example]) { _, text in
      body(text)
    }
  }

  private static func question(
    _ name: String, _ summary: String, _ example: Example,
    _ body: @escaping @Sendable (String, String) -> Bool
  ) -> Builtin {
    .function(
      name, summary, Parameter<String>("text", "a string"), Parameter<String>("part", "what is looked for"),
      examples: [example], seeAlso: ["find"]
    ) { _, text, part in body(text, part) }
  }
}

extension TextParts {
  /// Where the bytes of one text begin in those of another.
  static func firstByte(of part: String, in text: String) -> Int? {
    let (bytes, mark) = (Array(text.utf8), Array(part.utf8))
    guard let first = mark.first else { return 0 }
    var index = 0
    while index + mark.count <= bytes.count {
      if bytes[index] == first, bytes[index..<index + mark.count].elementsEqual(mark) { return index }
      index += 1
    }
    return nil
  }
}
