import Testing

/// "Lexical" of the language, statement by statement.
@Suite struct LexicalContractTests {
  @Test(arguments: [
    Line("#!/usr/bin/env convo\n1", "1"),
    Line("1 # one\n# nothing\n2", "1\n2"),
    Line("print(\"# no comment\")", "# no comment"),
    Line("1; 2", "1\n2"),
    Line("1; 2;", "1"),
    Line("1;\n2", "2"),
    Line("1; # silenced", ""),
    Line("x = 3;\nx", "3"),
    Line("(1\n+ 2)", "3"),
    Line("[1,\n 2,\n]", "[1, 2]"),
    Line("{a: 1,\n b: 2}", "{a: 1, b: 2}"),
    Line("1 +\n2", "3"),
    Line("[4, 9]\n  |> sqrt\n  |> sum", "5"),
    Line("if true {\n 1\n 2\n}", "1\n2"),
    Line("if true { 1; 2 }", "1\n2"),
    Line("fn f(x) {\n  (x +\n 1)\n}\nf(2)", "3"),
    Line("\u{FEFF}7", "7"),
    Line("1\r\n2\r\n", "1\n2"),
  ]) func statementsEndAtNewlinesAndSemicolons(line: Line) { line.check() }

  @Test(arguments: [
    Line("größe = 3\ngröße", "3"), Line("_a1 = 2\n_a1", "2"), Line("x_ = 5\nx_", "5"),
    Line("数 = 4\n数 * 2", "8"), Line("newaxis", ""), Line("print(newaxis)", "none"),
    Line("{if: 1}.if", "1"),
  ]) func namesAreUnicode(line: Line) { line.check() }

  @Test(arguments: [
    Line("3", "3"), Line("1_000", "1000"), Line("0.5", "0.5"), Line(".5", "0.5"), Line("3.", "3"),
    Line("1e-3", "0.001"), Line("0xff", "255"), Line("0XFF", "255"), Line("1E3", "1000"),
    Line("2.5e2", "250"),
    Line("1e400", "inf"), Line("0.1 + 0.2", "0.3"), Line("1_000.5", "1000.5"),
  ]) func numbers(line: Line) { line.check() }

  @Test(arguments: [
    Line(#"print("a\nb")"#, "a\nb"), Line(#"print("a\tb")"#, "a\tb"), Line(#"print("\\\"\'")"#, #"\"'"#),
    Line(#"print('it is "so"')"#, #"it is "so""#), Line(#"print("\u{1F600}")"#, "\u{1F600}"),
    Line("x = zeros(2, 3)\nprint(\"size {x.shape}\")", "size [2, 3]"),
    Line(#"print("{{{1 + 1}}}")"#, "{2}"), Line("print(\"a\nb\")", "a\nb"),
    Line(#"print("{"in"}")"#, "in"), Line(#"print("{[1, "a"][1]} {{}}")"#, "a {}"),
    Line(#"print("{"{"deep"}er"}")"#, "deeper"), Line(#""quoted""#, #""quoted""#), Line(#"print("")"#, ""),
    Line(#"print("é"[0], "日本"[1])"#, "é 本"),
  ]) func strings(line: Line) { line.check() }

  @Test(arguments: [
    Wrong("1__0", "`1__0` is not a number"), Wrong("1_", "`1_` is not a number"), Wrong("3px", "`3px`"),
    Wrong("0x", "`0x` is not a number"), Wrong("if = 3", "`if` is a keyword"),
    Wrong("newaxis = 3", "`newaxis` is a keyword"), Wrong("true = 1", "`true` is a keyword"),
    Wrong("fn none() = 1", "`none` is a keyword"), Wrong("for in in [1] { }", "`in` is a keyword"),
    Wrong("\"a } b\"", "`}` in a string has no `{` before it"), Wrong("\"\\q\"", "`\\q` is not an escape"),
    Wrong("\"\\u{110000}\"", "`\\u{110000}` is not a character"), Wrong("x = (1", ""),
    Wrong("\"abc", "the string is never closed"),
    Wrong("x && y", "there is no operator `&&`"), Wrong("1 < 2 < 3", "comparisons do not chain"),
    Wrong("break", "`break` outside a loop"), Wrong("return 1", "`return` outside a function"),
    Wrong("show x", "`show` without parentheses works only at the prompt", help: "show(x)"),
  ]) func mistakes(wrong: Wrong) { wrong.check() }
}
