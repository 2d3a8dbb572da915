import ConvoSyntax
import Testing

@Suite struct UnfinishedTests {
  @Test(
    arguments: [
      ("f(x", "`(` is never closed", 1, "opened here"),
      ("[1, 2", "`[` is never closed", 0, "opened here"),
      ("{a: 1", "`{` is never closed", 0, "opened here"),
      ("\"abc", "the string is never closed", 0, "opened here"),
      ("\"abc {x\"", "the `{` in the string is never closed", 5, "opened here"),
      ("\"abc {x", "the `{` in the string is never closed", 5, "opened here"),
      ("x +", "expected a value after `+`", 2, ""),
      ("x + # c", "expected a value after `+`", 2, ""),
      ("x = ", "expected a value after `=`", 2, ""),
      ("if", "expected a value after `if`", 0, ""),
      ("if x", "expected `{` after the condition", 3, ""),
      ("if x {", "`{` is never closed", 5, "opened here"),
      ("for i in", "expected a value after `in`", 6, ""),
      ("fn f(", "`(` is never closed", 4, "opened here"),
      ("fn f(x)", "expected `=` or `{` after the parameters", 6, ""),
      ("fn f(x) =", "expected a value after `=`", 8, ""),
      ("not", "expected a value after `not`", 0, ""),
      ("x |> ", "expected a value after `|>`", 2, ""),
      ("fn f(x) { return x", "`{` is never closed", 8, "opened here"),
      ("f(x\n", "`(` is never closed", 1, "opened here"),
      ("x = \"abc\ny = 3\n", "the string is never closed", 4, "opened here"),
      ("while", "expected a value after `while`", 0, ""),
      ("x = not", "expected a value after `not`", 4, ""),
    ] as [(String, String, Int, String)])
  func anUnfinishedTextSaysSoAndPointsToItsBeginning(
    text: String, message: String, offset: Int, label: String
  ) throws {
    let error = try #require(mistake(in: text))
    #expect(error.isIncomplete)
    #expect(error.message == message)
    #expect(error.labels.first?.span.start == offset)
    #expect(error.labels.first?.text == label)
    #expect(Parser.isUnfinished(SourceText(name: "repl", text), options: .init(allowsCommands: true)))
  }

  @Test(arguments: [
    "", "x", "x)", "foo bar", "f(x]", "x.", "return", "# (", "\"(\"", "x = 3;", "f(x) # +", "a |> f",
    "1__0 +",
  ])
  func whatIsFinishedOrBeyondRepairIsNotUnfinished(text: String) {
    #expect(!Parser.isUnfinished(SourceText(name: "repl", text)))
  }

  @Test(arguments: [
    ("|> f", true), ("  # why\n |> f", true), ("else {", true), ("a |> f", false), ("", false),
    ("elsewhere", false),
  ])
  func aLineMayGoOnWithTheStatementBeforeIt(line: String, goesOn: Bool) {
    #expect(Parser.isContinuation(SourceText(name: "repl", line)) == goesOn)
  }

  @Test func everyBeginningOfAFunctionIsUnfinishedUntilItsBraceCloses() {
    let text = "fn f(a, k=1) {\n  if a { return [k,\n 2] }\n  \"size {a}\"\n}"
    for length in 14..<text.utf8.count {
      let source = SourceText(name: "repl", bytes: Array(text.utf8.prefix(length)))
      #expect(Parser.isUnfinished(source), "\(length)")
    }
    #expect(!Parser.isUnfinished(SourceText(name: "repl", text)))
  }
}
