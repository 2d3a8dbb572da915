import ConvoSyntax
import Testing

extension MistakeTests {
  @Test(
    arguments: [
      ("f(x\ny = 3\nz = 4", "`(` is not closed", "(", 1, nil),
      ("f(x]", "`]` does not close `(`", "]", 3, "close it with `)`"),
      ("x)", "`)` closes nothing", ")", 1, nil),
      ("(1 + ]", "`]` does not close `(`", "]", 5, "close it with `)`"),
      ("print(\"a {f(x}\")", "`}` does not close `(`", "}", 13, "close it with `)`"),
      ("for i", "expected `in` after the name of a `for`, found the end", "", 5, nil),
      ("x.", "expected a name after `.`, found the end", "", 2, nil),
      ("foo bar", "expected an operator or a new line, found `bar`", "bar", 4, "foo(bar)"),
      ("foo 3", "expected an operator or a new line, found `3`", "3", 4, "foo(3)"),
      ("x y = 3", "expected an operator or a new line, found `y`", "y", 2, nil),
      ("a < b < c", "comparisons do not chain", "<", 6, "a < b and b < c"),
      ("x == y == z", "comparisons do not chain", "==", 7, "x == y and y == z"),
      ("x ** = 2", "expected a value after `**`, found `=`", "=", 5, nil),
      ("if x = 3 { }", "`=` assigns and cannot stand inside an expression", "=", 5, "if x == 3 { }"),
      ("f(a.b = 3)", "the name of an argument is a single word", "a.b", 2, "f(a.b == 3)"),
      ("f(k=1, 2)", "an argument without a name follows one with a name", "2", 7, nil),
      ("f(k=1, k=2)", "the argument `k` is given twice", "k", 7, nil),
      ("{a: 1, a: 2}", "the key `a` stands twice", "a", 7, nil),
      ("{1: 2}", "expected a key, found `1`", "1", 1, "a key is a name or a string: \"1\": …"),
      ("{1, 2}", "expected a key, found `1`", "1", 1, "a key is a name or a string: \"1\": …"),
      ("()", "the parentheses are empty", "(", 0, "[]"),
      ("x = 1, 2", "expected an operator or a new line, found `,`", ",", 5, "x = [1, 2]"),
      ("a, b", "several values side by side need `=` after them or brackets around them", ",", 1, "[a, b]"),
      ("a, b == f()", "`==` compares; `=` assigns", "==", 5, "a, b = f()"),
      ("a = b = 3", "a statement has only one `=`", "=", 6, "`==` compares"),
      ("3 = x", "only a name, or an index or attribute of one, can be assigned to", "3", 0, "3 == x"),
      ("f(x) = x + 1", "a call cannot be assigned to", "f(x)", 0, "fn f(x) = x + 1"),
      (
        "a + b = c", "only a name, or an index or attribute of one, can be assigned to", "a + b", 0,
        "a + b == c"
      ),
      ("true = 3", "`true` is a keyword and cannot be assigned", "true", 0, nil),
      ("for = 3", "`for` is a keyword and cannot be assigned", "for", 0, nil),
      ("in = 3", "`in` is a keyword and cannot be assigned", "in", 0, nil),
      ("none = 1", "`none` is a keyword and cannot be assigned", "none", 0, nil),
      ("else = 3", "`else` is a keyword and cannot be assigned", "else", 0, nil),
      ("return 3", "`return` outside a function", "return", 0, nil),
      ("break", "`break` outside a loop", "break", 0, nil),
      ("continue = 3", "`continue` is a keyword and cannot be assigned", "continue", 0, nil),
      ("if a { break }", "`break` outside a loop", "break", 7, nil),
      ("for i in x { fn f() { break } }", "`break` outside a loop", "break", 22, nil),
      ("fn f(a, a) = 1", "the parameter `a` stands twice", "a", 8, nil),
      ("fn f(a=1, b) = 1", "the parameter `b` has no default, but `a` before it has one", "b", 10, nil),
      ("fn f(a) == 2", "expected `=` or `{` after the parameters, found `==`", "==", 8, "fn f(a) = 2"),
      ("fn if() = 3", "`if` is a keyword and cannot be a name", "if", 3, nil),
      ("fn f(3) = 3", "expected the name of a parameter, found `3`", "3", 5, nil),
      ("fn f(*a) = 1", "a function takes a fixed number of parameters; `*` cannot gather them", "*", 5, nil),
      ("g = fn f(x) = x", "a function inside an expression has no name", "f", 7, "g = fn (x) = x"),
      ("x = else", "`else` without an `if` before it", "else", 4, nil),
      (
        "model.0.bias", "expected an operator or a new line, found `.0`", ".0", 5,
        "an element is written model[0]"
      ),
      ("a == not b", "`not` binds more loosely than `==`", "not", 5, "put it in parentheses: (not x)"),
      ("x[]", "the index is empty", "[", 1, "x[:] takes everything"),
      ("x[1, ..., ...]", "`...` may stand only once in an index", "...", 10, nil),
      ("f(,)", "expected a value after `(`, found `,`", ",", 2, nil),
      ("f(a,,b)", "expected a value after `,`, found `,`", ",", 4, nil),
      ("x = ?", "expected a value after `=`, found `?`", "?", 4, nil),
      ("3?", "expected an operator or a new line, found `?`", "?", 1, nil),
      ("else { }", "`else` without an `if` before it", "else", 0, nil),
      ("if a { } }", "`}` closes nothing", "}", 9, nil),
      ("{ }}", "`}` closes nothing", "}", 3, nil),
      ("|> f", "a statement cannot begin with `|>`", "|>", 0, nil),
      ("* 3", "a statement cannot begin with `*`", "*", 0, nil),
      ("x = [1, 2\ny = 3", "`[` is not closed", "[", 4, nil),
      ("if f(x {\n  y\n}", "expected an operator, `,` or `)`, found `{`", "{", 7, nil),
      (
        "for (a, b) in c { }", "expected a name for the elements, found `(`", "(", 4,
        "for a, b in pairs { … }"
      ),
      ("for a, a in c { }", "`a` stands twice in one `for`", "a", 7, nil),
      ("print x", "expected an operator or a new line, found `x`", "x", 6, "print(x)"),
      (
        "print \"a {x}\"", "expected an operator or a new line, found `\"a {`", "\"a {", 6, "print(\"a {x}\")"
      ),
      (
        "x.shape()[0] = 3", "only a name, or an index or attribute of one, can be assigned to",
        "x.shape()[0]", 0, nil
      ),
      ("y = x +* 2", "expected a value after `+`, found `*`", "*", 7, nil),
      ("x = 5;y =;", "expected a value after `=`, found `;`", ";", 9, nil),
      ("if x { y ) }", "`)` does not close `{`", ")", 9, "close it with `}`"),
      ("a = [1 2 3]", "expected an operator, `,` or `]`, found `2`", "2", 7, nil),
      ("f(x y)", "expected an operator, `,` or `)`, found `y`", "y", 4, nil),
      ("a.3", "expected an operator or a new line, found `.3`", ".3", 1, "an element is written a[3]"),
      ("1.5.2", "expected an operator or a new line, found `.2`", ".2", 3, nil),
      ("f(**k)", "expected a value after `(`, found `**`", "**", 2, "arguments are written one by one"),
      ("1 = 1", "only a name, or an index or attribute of one, can be assigned to", "1", 0, "1 == 1"),
      ("x..y", "expected a name after `.`, found `.`", ".", 2, nil),
      ("f(x)) + 1", "`)` closes nothing", ")", 4, nil),
      ("return", "`return` outside a function", "return", 0, nil),
      ("fn f(a, k==1) = 2", "expected an operator, `,` or `)`, found `==`", "==", 9, "fn f(a, k=1) = 2"),
      ("if not in x { }", "`in` has nothing on its left", "in", 7, nil),
      ("x.0.5", "expected an operator or a new line, found `.0`", ".0", 1, "an element is written x[0]"),
      ("f(x.0)", "expected an operator, `,` or `)`, found `.0`", ".0", 3, "an element is written x[0]"),
      ("a = b; c d", "expected an operator or a new line, found `d`", "d", 9, "c(d)"),
    ] as [Mistaken])
  func whatDoesNotFitIsShown(_ mistaken: Mistaken) throws {
    try check(mistaken.text, mistaken.message, mistaken.caret, mistaken.offset, mistaken.help)
  }
}
