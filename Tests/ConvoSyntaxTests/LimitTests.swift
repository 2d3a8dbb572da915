import ConvoSyntax
import Testing

@Suite struct LimitTests {
  private static let nests: [(String, String, String)] = [
    ("(", "1", ")"), ("[", "1", "]"), ("{a:", "1", "}"), ("f(", "1", ")"), ("f(k=", "1", ")"),
    ("x[", "1", "]"), ("-", "1", ""),
    ("not ", "a", ""), ("2**", "2", ""), ("\"{", "1", "}\""), ("if a {", "", "}"), ("fn f() {", "", "}"),

    ("", "x", "[0]"), ("", "x", ".a"), ("", "x", "()"), ("for i in x {", "", "}"),
    ("a or b and c == 1 + 2 * (", "1", ")"),
  ]

  private func nested(_ nest: (String, String, String), _ levels: Int) -> String {
    String(repeating: nest.0, count: levels) + nest.1 + String(repeating: nest.2, count: levels)
  }

  @Test(arguments: nests)
  func nestingOf256LevelsIsAllowedAndOneMoreIsNot(nest: (String, String, String)) throws {
    #expect(try parsed(nested(nest, 256)).count == 1)
    #expect(mistake(in: nested(nest, 257))?.message == "nesting deeper than 256 levels")
    #expect(mistake(in: nested(nest, 10_000))?.message == "nesting deeper than 256 levels")
  }

  @Test func levelsOfAllKindsCountTogether() throws {
    let text = { (levels: Int) in
      String(repeating: "(", count: levels) + "f" + String(repeating: "(1)", count: 128)
        + String(repeating: ")", count: levels)
    }
    #expect(mistake(in: text(128)) == nil)
    #expect(mistake(in: text(129))?.message == "nesting deeper than 256 levels")
    let after = { (levels: Int) in
      String(repeating: "(", count: 128) + "1" + String(repeating: ")", count: 128)
        + String(repeating: "[0]", count: levels)
    }
    #expect(mistake(in: after(128)) == nil)
    #expect(mistake(in: after(129))?.message == "nesting deeper than 256 levels")
  }

  @Test func functionsInFunctionsAreNested() throws {
    // The parameters of the innermost one take a level too.
    #expect(mistake(in: nested(("fn() = ", "1", ""), 255)) == nil)
    #expect(mistake(in: nested(("fn() = ", "1", ""), 256))?.message == "nesting deeper than 256 levels")
  }

  @Test func whatStandsSideBySideIsNotNested() throws {
    let row = String(repeating: "f((1))[0] + ", count: 1000) + "1"
    #expect(mistake(in: row) == nil)
    #expect(mistake(in: "[" + String(repeating: "-(1),", count: 1000) + "]") == nil)
    #expect(mistake(in: "if a { }" + String(repeating: " else if a { }", count: 1000)) == nil)
  }

  @Test func aMillionTermsAreOneFlatChain() throws {
    let statements = try Parser.parse(
      SourceText(name: "test", String(repeating: "x+", count: 1_000_000) + "x"))
    guard case .expression(let sum)? = statements.first?.kind, case .chain(_, let links) = sum.kind else {
      Issue.record("no chain")
      return
    }
    #expect(links.count == 1_000_000)
  }

  @Test func longLiteralsAreRead() throws {
    #expect(mistake(in: "[" + String(repeating: "1.5,", count: 200_000) + "]") == nil)
    #expect(mistake(in: "\"" + String(repeating: "{a} \\n", count: 100_000) + "\"") == nil)
    #expect(
      mistake(in: String(repeating: "a", count: 1_000_000) + " = " + String(repeating: "9", count: 100_000))
        == nil)
  }
}
