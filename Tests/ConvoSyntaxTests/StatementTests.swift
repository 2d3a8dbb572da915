import ConvoSyntax
import Testing

@Suite struct StatementTests {
  @Test(
    arguments: [
      ("", []), ("\n\n# nothing\n", []), (";;\n;", []),
      ("a = 1", ["(= a 1.0)"]), ("a = 1; b = 2\nc", ["(= a 1.0)", "(= b 2.0)", "c"]),
      ("a, b = pair", ["(= a b pair)"]), ("x[0, :] = v", ["(= (at x 0.0 ::) v)"]),
      ("conv1.W = v", ["(= (. conv1 W) v)"]), ("m.a[0].b = 1", ["(= (. (at (. m a) 0.0) b) 1.0)"]),
      ("a, x[0], m.b = f()", ["(= a (at x 0.0) (. m b) (f))"]),
      ("f = fn(a) = a", ["(= f (fn (a) a))"]),
      ("fn f(a, k=1) = a + k", ["(fn f (a k=1.0) (+ a k))"]), ("fn f() { }", ["(fn f () {})"]),
      ("fn f(a,) {\n  b = a\n  return b\n}", ["(fn f (a) {(= b a) | (return b)})"]),
      ("fn f(a) { return }", ["(fn f (a) {(return)})"]),
      ("fn f(a) { return\na }", ["(fn f (a) {(return) | a})"]),
      ("if a { b }", ["(if a {b})"]), ("if a { b } else { c }", ["(if a {b} else {c})"]),
      ("if a { b } else if c { d } else { e }", ["(if a {b} c {d} else {e})"]),
      ("if a {\n b\n}\nelse {\n c\n}", ["(if a {b} else {c})"]), ("if a\n{ b }", ["(if a {b})"]),
      ("if {a: 1}.a == b { c }", ["(if (== (. {a: 1.0} a) b) {c})"]),
      ("for i in range(3) { i }", ["(for i in (range 3.0) {i})"]),
      ("for k, v in m { k; v }", ["(for k v in m {k | v})"]),
      (
        "while a < 3 { if b { break } else { continue } }",
        ["(while (< a 3.0) {(if b {(break)} else {(continue)})})"]
      ),
      ("for i in x { f = fn() { return i } }", ["(for i in x {(= f (fn () {(return i)}))})"]),
      ("1; 2", ["1.0", "2.0"]), ("1; 2;", ["1.0", "2.0;"]), ("1; # said\n2", ["1.0;", "2.0"]),
      ("a;\n\nb ; \n", ["a;", "b;"]),
      ("a\n;b", ["a", "b"]), ("if a { b; }", ["(if a {b})"]), ("if a { b };", ["(if a {b});"]),
      ("a +\n b", ["(+ a b)"]), ("a =\n b", ["(= a b)"]), ("a\n+ b", ["a", "(+ b)"]),
      ("a\n|> f\n\n # why\n |> g(1)", ["(|> (|> a f) (g 1.0))"]),
      ("f(a\n,\nb\n)", ["(f a b)"]), ("[1,\n2\n]", ["[1.0 2.0]"]), ("{a\n:\n1\n}", ["{a: 1.0}"]),
      ("(a\n- b)", ["(- a b)"]),
      ("a\n(b)", ["a", "b"]), ("a\n[b]", ["a", "[b]"]), ("(a\n(b))", ["(a b)"]),
      ("f(fn(a) {\n a\n -b\n}, 3)", ["(f (fn (a) {a | (- b)}) 3.0)"]),
      ("a and\nb or not\nc", ["(or (and a b) (not c))"]),
      ("\u{FEFF}#!/usr/bin/env convo\r\na = 1\r\nb\r\n", ["(= a 1.0)", "b"]),
      ("a = 1 # then\r", ["(= a 1.0)"]),
      ("show(x)", ["(show x)"]), ("show = 3", ["(= show 3.0)"]), ("show + 1", ["(+ show 1.0)"]),
      ("show [0]", ["(at show 0.0)"]),
      ("show -x", ["(- show x)"]), ("del", ["del"]), ("help = 1\nhelp", ["(= help 1.0)", "help"]),
      ("help\n|> f", ["(|> help f)"]), ("f(whos)", ["(f whos)"]), ("whos()", ["(whos)"]),
      ("whos * 2", ["(* whos 2.0)"]),
      ("plan.x", ["(. plan x)"]), ("diff, b = c", ["(= diff b c)"]), ("trace |> f", ["(|> trace f)"]),
    ] as [(String, [String])])
  func statementsTakeTheirShape(text: String, trees: [String]) throws {
    #expect(try parsed(text) == trees)
  }

  @Test(
    arguments: [
      ("show x", "(:show x)"), ("show x |> f", "(:show (|> x f))"),
      ("explain y[0, 0, 5, 5]", "(:explain (at y 0.0 0.0 5.0 5.0))"),
      ("plan conv2d(x, W)", "(:plan (conv2d x W))"), ("trace x;", "(:trace x);"),
      ("diff a, b", "(:diff a b)"), ("del x", "(:del x)"),
      ("help conv2d", "(:help conv2d)"), ("help conv1.W", "(:help (. conv1 W))"), ("help", "(:help)"),
      ("help for", #"(:help "for")"#),
      ("help \"x\"", #"(:help "x")"#), ("help;", "(:help);"),
      ("whos", "(:whos)"), ("whos k*", #"(:whos "k*")"#), ("whos *W", #"(:whos "*W")"#),
      ("whos *", #"(:whos "*")"#),
      ("whos *W # all weights", #"(:whos "*W")"#), ("whos k? ; ", #"(:whos "k?");"#),
      ("whos * 2", "(* whos 2.0)"),
      ("?conv2d", "(:help conv2d)"), ("? conv2d", "(:help conv2d)"), ("?", "(:help)"),
      ("conv2d?", "(:help conv2d)"), ("x.W ?", "(:help (. x W))"), ("?if", #"(:help "if")"#),
      ("show 3", "(:show 3.0)"), ("show \"a\"", #"(:show "a")"#), ("show none", "(:show none)"),
      ("show {a: 1}", "(:show {a: 1.0})"), ("show not x", "(:show (not x))"),
      ("show(x)", "(show x)"), ("show = 3", "(= show 3.0)"), ("show + 1", "(+ show 1.0)"), ("show", "show"),
      ("del", "del"), ("help(x)", "(help x)"), ("help = 1", "(= help 1.0)"),
    ] as [(String, String)])
  func commandsNeedNoParenthesesAtThePrompt(text: String, tree: String) throws {
    #expect(try parsed(text, atPrompt: true) == [tree])
  }

  @Test(
    arguments: [
      ("show x", "show(x)"), ("explain y[0,0,5,5]", "explain(y[0,0,5,5])"),
      ("a = 1; plan a + 1; b", "plan(a + 1)"), ("diff a, b # c", "diff(a, b)"),
      ("whos k*", "whos(\"k*\")"), ("help f", "help(f)"), ("whos", "whos()"), ("a; help;", "help()"),
      ("whos # all", "whos()"), ("?f", "help(f)"), ("f?", "help(f)"),
      ("if a { del x }", "del(x)"),
    ] as [(String, String)])
  func commandsInAScriptShowTheirCallForm(text: String, help: String) throws {
    let error = try #require(mistake(in: text))
    #expect(error.message.contains("only at the prompt"))
    #expect(error.helps.map(\.text) == [help])
  }

  @Test(arguments: [
    ("show x, columns=3", "show(x, columns=3)"), ("?f=1", "help(f=1)"), ("diff a, b=c; d", "diff(a, b=c)"),
  ])
  func namedArgumentsNeedParentheses(text: String, help: String) throws {
    let error = try #require(mistake(in: text, atPrompt: true))
    #expect(error.message == "an argument with a name needs parentheses")
    #expect(error.helps.map(\.text) == [help])
  }

  @Test func aCommandLeavesTheNextLineAlone() throws {
    #expect(
      try parsed("whos k*\nshow x\n?f\ng?\nhelp\ny", atPrompt: true) == [
        #"(:whos "k*")"#, "(:show x)", "(:help f)", "(:help g)", "(:help)", "y",
      ])
  }
}
