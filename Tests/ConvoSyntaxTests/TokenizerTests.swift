import ConvoSyntax
import Testing

@Suite struct TokenizerTests {
  private func kinds(_ text: String) -> [String] {
    let source = SourceText(name: "test", text)
    return Tokenizer.tokens(of: source).map { "\($0.kind.category) \(source.text(of: $0.span))" }
  }

  @Test(
    arguments: [
      ("", []), ("a=1_0 # c", ["name a", "operator =", "number 1_0", "comment # c"]),
      ("if not x {", ["keyword if", "keyword not", "name x", "bracket {"]),
      ("iff newaxis newaxes", ["name iff", "keyword newaxis", "name newaxes"]),
      (
        "a**b//c|>d!=e<=f>=g==h",
        [
          "name a", "operator **", "name b", "operator //", "name c", "operator |>", "name d", "operator !=",
          "name e",
          "operator <=", "name f", "operator >=", "name g", "operator ==", "name h",
        ]
      ),
      (
        "x[...,1:.5]",
        [
          "name x", "bracket [", "operator ...", "operator ,", "number 1", "operator :", "number .5",
          "bracket ]",
        ]
      ),
      ("3.shape 3.e5 3.", ["number 3", "operator .", "name shape", "number 3.e5", "number 3."]),
      ("'a' \"b\\\"\"", ["string 'a'", "string \"b\\\"\""]),
      ("\"a {x + \"b\"} c\"", ["string \"a {", "name x", "operator +", "string \"b\"", "string } c\""]),
      (
        "\"{ {a: 1} }\"",
        ["string \"{", "bracket {", "name a", "operator :", "number 1", "bracket }", "string }\""]
      ),
      ("\"open {x", ["string \"open {", "name x"]), ("x = 'open", ["name x", "operator =", "string 'open"]),
      ("a $ b", ["name a", "error $", "name b"]), ("a && b", ["name a", "error &&", "name b"]),
      ("f(x]", ["name f", "bracket (", "name x", "error ]"]), ("x)", ["name x", "error )"]),
      ("größe Δ", ["name größe", "name Δ"]), ("\u{1F600}", ["error \u{1F600}"]),
      ("1__0 + 2", ["error 1__0", "operator +", "number 2"]),
      ("x?", ["name x", "operator ?"]), ("# a\r\nb", ["comment # a", "name b"]), ("ifé", ["name ifé"]),
      ("e\u{301}a", ["name e\u{301}a"]),
    ] as [(String, [String])])
  func textsFallIntoTokens(text: String, expected: [String]) {
    #expect(kinds(text) == expected)
  }

  @Test func tokensNeverOverlapAndCoverAllButSpace() {
    let text = "\u{FEFF}a = f(\"x {y[1:2]} z\", k=0xff) |> g # done\r\n  \u{A7}\u{1} b;\"é"
    let source = SourceText(name: "test", text)
    var position = 3
    for token in Tokenizer.tokens(of: source) {
      #expect(token.span.start >= position && token.span.end > token.span.start)
      for byte in source.bytes[position..<token.span.start] { #expect([0x20, 0x0A, 0x0D].contains(byte)) }
      position = token.span.end
    }
    #expect(position == source.bytes.count)
  }

  @Test func newlinesAreNotedOnTheTokenAfterThem() {
    let tokens = Tokenizer.tokens(of: SourceText(name: "test", "a b\n# c\nd"))
    #expect(tokens.map(\.isAfterNewline) == [true, false, true, true])
  }

  @Test func damagedEncodingGivesErrorsInsteadOfNames() {
    let source = SourceText(name: "test", bytes: [0x61, 0x20, 0xFF, 0x20, 0xC3, 0x20, 0xE2, 0x82])
    #expect(Tokenizer.tokens(of: source).map(\.kind) == [.name, .error, .error, .error, .error])
  }

  @Test(arguments: Token.Kind.allCases.filter { $0.category == .keyword })
  func everyKeywordIsRead(keyword: Token.Kind) {
    #expect(Tokenizer.tokens(of: SourceText(name: "test", keyword.rawValue)).map(\.kind) == [keyword])
    #expect(Tokenizer.tokens(of: SourceText(name: "test", keyword.rawValue + "_")).map(\.kind) == [.name])
  }

  @Test(arguments: BinaryOperator.allCases)
  func everyBinaryOperatorIsParsed(operation: BinaryOperator) throws {
    #expect(try parsed("a \(operation.rawValue) b") == ["(\(operation.rawValue) a b)"])
  }
}
