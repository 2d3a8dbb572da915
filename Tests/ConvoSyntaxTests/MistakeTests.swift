import ConvoSyntax
import Testing

/// A text with the first line of its error, what the caret stands under, where that is, and the help.
typealias Mistaken = (text: String, message: String, caret: String, offset: Int, help: String?)

@Suite struct MistakeTests {
  @Test(
    arguments: [
      ("1__0", "`1__0` is not a number: a `_` stands between two digits", "1__0", 0, nil),
      ("1_", "`1_` is not a number: a `_` stands between two digits", "1_", 0, nil),
      ("0x", "`0x` is not a number: hexadecimal digits are missing after `0x`", "0x", 0, nil),
      ("1e", "`1e` is not a number: the exponent has no digits", "1e", 0, nil),
      ("3px", "`3px` is neither a number nor a name", "3px", 0, nil),
      ("0b101", "`0b101` is not a number: only decimal and `0x` numbers exist", "0b101", 0, nil),
      (
        "1..2", "`1..2` is not a number", "1..2", 0,
        "a slice is written a:b, a sequence range(n) or arange(start, stop, step)"
      ),
      (
        "x[1...]", "`1...` is not a number", "1...", 2,
        "a slice is written a:b, a sequence range(n) or arange(start, stop, step)"
      ),
      ("x $ y", "unexpected character `$`", "$", 2, nil),
      ("\"{}\"", "the braces in the string are empty", "{", 1, "{{}} writes braces in a string"),
      ("\"a } b\"", "`}` in a string has no `{` before it", "}", 3, "}} writes a brace in a string"),
      (
        "\"\\q\"", "`\\q` is not an escape", "\\q", 1,
        "\\n \\t \\\\ \\\" \\' \\u{1F600} are escapes; \\\\ writes a backslash, {{ a brace"
      ),
      (
        "\"\\u{110000}\"", "`\\u{110000}` is not a character", "\\u{110000}", 1,
        "\\u{1F600} has 1 to 8 hexadecimal digits"
      ),
      ("\"\\u{}\"", "`\\u{}` is not a character", "\\u{}", 1, "\\u{1F600} has 1 to 8 hexadecimal digits"),
      ("\"\\u12\"", "`\\u` is not a character", "\\u", 1, "\\u{1F600} has 1 to 8 hexadecimal digits"),
      ("x = “abc”", "unexpected character `“` (U+201C)", "“", 4, "x = \"abc\""),
      ("a − b", "unexpected character `−` (U+2212)", "−", 2, "a - b"),
      ("a × b", "unexpected character `×` (U+00D7)", "×", 2, "a * b"),
      ("x = 3 § 4", "unexpected character `§` (U+00A7)", "§", 6, nil),
      ("😀", "unexpected character `😀` (U+1F600)", "😀", 0, nil),
      ("a\u{7}b", "unexpected control character U+0007", "\u{7}", 1, nil),
      ("a\u{a0}= 3", "unexpected character `\u{a0}` (U+00A0)", "\u{a0}", 1, "a = 3"),
      ("`x`", "unexpected character ```", "`", 0, nil),
      (
        "x \\\n + 1", "unexpected character `\\`", "\\", 2,
        "a line goes on inside brackets, after an operator and before |>"
      ),
      ("x ~ y", "unexpected character `~`", "~", 2, nil),
      ("a ≤ 3", "unexpected character `≤` (U+2264)", "≤", 2, "a <= 3"),
    ] as [Mistaken])
  func whatIsNoTokenIsShown(_ mistaken: Mistaken) throws {
    try check(mistaken.text, mistaken.message, mistaken.caret, mistaken.offset, mistaken.help)
  }

  @Test(
    arguments: [
      ("a && b || !c", "there is no operator `&&`", "&&", 2, "a and b or not c"),
      ("if a && b {\n}", "there is no operator `&&`", "&&", 5, "if a and b {"),
      ("!x", "there is no operator `!`", "!", 0, "not x"),
      ("x++", "there is no operator `++`", "++", 1, "x = x + 1"),
      ("x += 1", "there is no operator `+=`", "+=", 2, "x = x + 1"),
      ("y = x--", "there is no operator `--`", "--", 5, "x = x - 1"),
      ("def f(x): return x + 1", "there is no `def`", "def", 0, "fn f(x) = x + 1"),
      ("def f(x):\n  return x", "there is no `def`", "def", 0, "fn f(x) {"),
      ("f = lambda x, y: x + y", "there is no `lambda`", "lambda", 4, "f = fn(x, y) = x + y"),
      ("map(lambda x: x + 1, y)", "there is no `lambda`", "lambda", 4, "map(fn(x) = x + 1, y)"),
      (
        "import numpy as np", "there is no `import`", "import", 0,
        "every builtin is there from the start: help() lists them"
      ),
      (
        "from a import b", "there is no `from`", "from", 0,
        "every builtin is there from the start: help() lists them"
      ),
      ("let x = 3", "there is no `let`", "let", 0, "x = 3"),
      ("if a { b } elif c { d }", "there is no `elif`", "elif", 11, "if a { b } else if c { d }"),
      ("elif c { d }", "there is no `elif`", "elif", 0, "else if c { … }"),
      (
        "if x: y", "a block stands in braces: expected `{` after the condition, found `:`", ":", 4,
        "if x { y }"
      ),
      (
        "for i in range(3):\n  i", "a block stands in braces: expected `{` after the values, found `:`", ":",
        17, "for i in range(3) {"
      ),
      (
        "while x:", "a block stands in braces: expected `{` after the condition, found `:`", ":", 7,
        "while x {"
      ),
      (
        "{a = 1}", "expected `:` after the key `a`, found `=`", "=", 3,
        "a record is written {name: value}; a block stands only after if, for, while, else and fn(…)"
      ),
      ("(1, 2)", "there are no tuples: expected `)`, found `,`", ",", 2, "[1, 2]"),
      ("fn f(a): a", "expected `=` or `{` after the parameters, found `:`", ":", 7, "fn f(a) = a"),
      (
        "x if c else y", "`if` cannot stand after a value", "if", 2,
        "where(condition, a, b) chooses a value; if c { } is a statement"
      ),
      (
        "[x for x in y]", "`for` cannot stand after a value", "for", 3,
        "there are no comprehensions: for v in values { … }"
      ),
      ("f\"abc\"", "a string has no prefix", "f", 0, "\"abc\""),
      (
        "'''doc'''", "expected an operator or a new line, found `'doc'`", "'doc'", 2,
        "a string may span lines; one quote opens it and one closes it"
      ),
      (
        "x = 3 // set three", "expected an operator or a new line, found `three`", "three", 13,
        "// divides; # begins a comment"
      ),
      ("// comment", "a statement cannot begin with `//`", "//", 0, "# begins a comment"),
      ("x := 3", "there is no operator `:=`", ":=", 2, "x = 3"),
      (
        "x: int = 3", "expected an operator or a new line, found `:`", ":", 1,
        "a name has no type; {a: 1} is a record"
      ),
      (
        "\"{x:.2f}\"", "expected `}`, found `:`", ":", 3,
        "numbers have no format here; round(100 * x) / 100 keeps two digits"
      ),
      ("\"{x!r}\"", "there is no operator `!`", "!", 3, "write `not`"),
      ("a ? b : c", "there is no operator `?`", "?", 2, "where(condition, a, b) chooses a value"),
      ("x[0] += 1", "there is no operator `+=`", "+=", 5, "x[0] = x[0] + 1"),
      ("a is none", "there is no operator `is`", "is", 2, "a == none"),
      (
        "a = {\nb = 3\n}", "expected `:` after the key `b`, found `=`", "=", 8,
        "a record is written {name: value}; a block stands only after if, for, while, else and fn(…)"
      ),
      (
        "\"\"\"doc\"\"\"", "expected an operator or a new line, found `\"doc\"`", "\"doc\"", 2,
        "a string may span lines; one quote opens it and one closes it"
      ),
      ("x--", "there is no operator `--`", "--", 1, "x = x - 1"),
    ] as [Mistaken])
  func habitsOfOtherLanguagesAreAnswered(_ mistaken: Mistaken) throws {
    try check(mistaken.text, mistaken.message, mistaken.caret, mistaken.offset, mistaken.help)
  }

  func check(
    _ text: String, _ message: String, _ caret: String, _ offset: Int, _ help: String?,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let error = try #require(mistake(in: text), "\(text) has no error", sourceLocation: location)
    let span = try #require(error.labels.first?.span, sourceLocation: location)
    #expect(error.message == message, sourceLocation: location)
    #expect(span == Span(offset, offset + caret.utf8.count), sourceLocation: location)
    #expect(error.source.text(of: span) == caret, sourceLocation: location)
    #expect(error.helps.first?.text == help, sourceLocation: location)
    #expect(!error.isIncomplete, sourceLocation: location)
  }
}
