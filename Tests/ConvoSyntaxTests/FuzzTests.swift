import ConvoSyntax
import Testing

@Suite struct FuzzTests {
  /// A small generator with a fixed course: Marsaglia's xorshift, J. Stat. Softw. 8(14), 2003.
  private struct Generator {
    var state: UInt64
    mutating func next(below bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
  }

  private static let seeds = [
    "image = load(\"sample.jpeg\") # tensor\nx = transpose(image, 2, 0, 1)[newaxis]\nx |> conv1\n |> relu |> maxpool(2);",
    "fn f(a, k=1) { if a < 3 and not k { return a } else if b { [1, 2.5e-3, .5] } else { {W: a.W, \"k\": -2 ** -1} } }",
    "for k, v in m { while v != 0xff { v = v - 1; if v == 3 { break } else { continue } } }",
    "s = \"size {x.shape[0, 1:2, ..., ::-1]} and {'in {y} ner'} {{}} \\u{1F600}\\n\"; a, b[0], c.d = f(fn(x) = x @ y % 2 // 3, k=none)",
    "whos k*\nshow x\n?f\ng?\nhelp for\ndiff a, b\nexplain y[0,0,1,1]",
    "größe = (1 + 2) * 3_000 - true / false or newaxis >= 1 <= 2",
  ]

  private static let pieces: [String] =
    [
      "( ) [ ] { } \" ' {{ }} \\ \\u{ # ; , : . ... .. = == ! != < <= |> | && ? + ++ - * ** / // % @ 0x 1e 1__0",
      "3. .5 if else elif for in while fn return break not and none show whos help del def lambda import is É 😀",
      "\u{7F} \u{0} \u{A0}",
    ].flatMap { $0.split(separator: " ").map(String.init) } + ["\n", "\r\n"]

  private func mutated(_ seed: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = seed
    for _ in 0...generator.next(below: 4) {
      let place = generator.next(below: bytes.count + 1)
      switch generator.next(below: 5) {
      case 0: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.next(below: 4)))
      case 1: bytes.insert(contentsOf: Self.pieces[generator.next(below: Self.pieces.count)].utf8, at: place)
      case 2: bytes.insert(UInt8(generator.next(below: 256)), at: place)
      case 3: bytes.removeSubrange(place...)
      default:
        let other = Array(Self.seeds[generator.next(below: Self.seeds.count)].utf8)
        let start = generator.next(below: other.count)
        bytes.insert(contentsOf: other[start..<min(other.count, start + 12)], at: place)
      }
      if bytes.isEmpty { bytes = [0x28] }
    }
    return bytes
  }

  /// Whether a place lies in a text.
  private func holds(_ source: SourceText, _ span: Span) -> Bool {
    span.start >= 0 && span.start <= span.end && span.end <= source.bytes.count
  }

  @Test(arguments: 1...40)
  func mutatedTextsAreParsedOrRejectedWithPlacesInTheText(seed: Int) {
    var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
    for round in 0..<100 {
      let bytes = mutated(Array(Self.seeds[(seed + round) % Self.seeds.count].utf8), &generator)
      let source = SourceText(name: "fuzz", bytes: bytes)
      var position = 0
      for token in Tokenizer.tokens(of: source) {
        #expect(
          holds(source, token.span) && token.span.start >= position && token.span.end > token.span.start)
        position = token.span.end
      }
      do {
        var warnings: [Diagnostic] = []
        for statement in try Parser.parse(
          source, options: .init(allowsCommands: seed % 2 == 0), warnings: &warnings)
        {
          #expect(holds(source, statement.span) && statement.span.end > statement.span.start)
          #expect(!statement.description.isEmpty)
        }
      } catch {
        #expect(!error.labels.isEmpty && !error.message.isEmpty)
        for label in error.labels { #expect(holds(source, label.span), "\(error.message)") }
      }
    }
  }

  @Test func everyPrefixOfEverySeedHasAnAnswer() {
    for seed in Self.seeds {
      let bytes = Array(seed.utf8)
      for length in 0...bytes.count {
        let source = SourceText(name: "fuzz", bytes: Array(bytes.prefix(length)))
        for error in [true, false].compactMap({
          mistake(in: String(decoding: source.bytes, as: UTF8.self), atPrompt: $0)
        }) {
          for label in error.labels { #expect(holds(error.source, label.span)) }
        }
      }
    }
  }

  @Test func theSeedsThemselvesAreRight() {
    for seed in Self.seeds.dropLast() { #expect(mistake(in: seed, atPrompt: true) == nil, "\(seed)") }
    #expect(mistake(in: Self.seeds[5])?.message == "comparisons do not chain")
  }
}
