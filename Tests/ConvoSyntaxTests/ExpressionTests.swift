import ConvoSyntax
import Testing

@Suite struct ExpressionTests {
  @Test(
    arguments: [
      ("1 + 2 * 3", "(+ 1.0 (* 2.0 3.0))"),
      ("a - b - c", "(- (- a b) c)"),
      ("a - (b - c)", "(- a (- b c))"),
      ("a * b / c // d % e @ f", "(@ (% (// (/ (* a b) c) d) e) f)"),
      ("-2**2", "(- (** 2.0 2.0))"),
      ("2**-1", "(** 2.0 (- 1.0))"),
      ("2**3**2", "(** 2.0 (** 3.0 2.0))"),
      ("2 ** -3 ** 2", "(** 2.0 (- (** 3.0 2.0)))"),
      ("-a * b", "(* (- a) b)"),
      ("a * -b + +c", "(+ (* a (- b)) (+ c))"),
      ("- - a", "(- (- a))"),
      ("a--b", "(- a (- b))"),
      ("not a == b", "(not (== a b))"),
      ("not not a", "(not (not a))"),
      ("not a and b or c", "(or (and (not a) b) c)"),
      ("a or b and not c", "(or a (and b (not c)))"),
      ("a + 1 < b * 2", "(< (+ a 1.0) (* b 2.0))"),
      ("(a < b) == (c >= d)", "(== (< a b) (>= c d))"),
      ("a != b or c <= d", "(or (!= a b) (<= c d))"),
      ("x |> f |> g(1, k=2)", "(|> (|> x f) (g 1.0 k=2.0))"),
      ("a or b |> f", "(|> (or a b) f)"),
      ("a == b |> f", "(|> (== a b) f)"),
      ("f(x)(y)[0].W", "(. (at ((f x) y) 0.0) W)"),
      ("-x.W[0]", "(- (at (. x W) 0.0))"),
      ("x.a ** y.b", "(** (. x a) (. y b))"),
      ("x[1:2]", "(at x 1.0:2.0:)"),
      ("x[:]", "(at x ::)"),
      ("x[::-1]", "(at x ::(- 1.0))"),
      ("x[a:b:c, ..., newaxis, 0]", "(at x a:b:c ... none 0.0)"),
      ("x[0, :, 10:20]", "(at x 0.0 :: 10.0:20.0:)"),
      ("x[:, 1:]", "(at x :: 1.0::)"),
      ("m[\"conv1/W\"]", "(at m \"conv1/W\")"),
      ("[]", "[]"), ("[1, [2, 3,],]", "[1.0 [2.0 3.0]]"),
      ("{}", "{}"), ("{W: conv1.W, \"a/b\": 1,}", "{W: (. conv1 W) a/b: 1.0}"),
      ("{in: 1}.in", "(. {in: 1.0} in)"),
      ("f()", "(f)"), ("f(a, k=1,)", "(f a k=1.0)"), ("f(a == b, (c))", "(f (== a b) c)"),
      ("true and false", "(and true false)"), ("none", "none"), ("newaxis", "none"),
      ("fn(x) = x + 1 |> f", "(fn (x) (|> (+ x 1.0) f))"),
      ("f(fn(x, k=2) = x, 3)", "(f (fn (x k=2.0) x) 3.0)"),
      ("fn() { 1 }(2)", "((fn () {1.0}) 2.0)"),
      ("bild_größe + ΔE", "(+ bild_größe ΔE)"),
      ("fnord + index + nota + truey + format", "(+ (+ (+ (+ fnord index) nota) truey) format)"),
    ] as [(String, String)])
  func expressionsTakeTheirShape(text: String, tree: String) throws {
    #expect(try parsed(text) == [tree])
  }

  @Test(
    arguments: [
      ("3", 3), ("1_000", 1000), ("0.5", 0.5), (".5", 0.5), ("3.", 3), ("1e-3", 0.001), ("1E+3", 1000),
      ("0xff", 255),
      ("0XAb_c", 2748), ("3.e2", 300), ("1_0.2_5e1_0", 10.25e10), ("007", 7), ("0", 0), ("0.0", 0),
      ("1e22", 1e22),
      ("1e23", 1e23), ("9007199254740993", 9_007_199_254_740_992), ("0.1", 0.1),
      ("123456789012345678", 123_456_789_012_345_680),
      ("2.2250738585072014e-308", 2.2250738585072014e-308), ("5e-324", .leastNonzeroMagnitude), ("1e-400", 0),
      ("1e400", .infinity), ("1e99999999999", .infinity), ("0e99999999999", 0),
      ("12345678901234567890.", 12_345_678_901_234_567_168), ("3.e30", 3e30), (".5e-30", 5e-31),
      ("12345678901234567.e1", 123_456_789_012_345_664),
      ("0xffffffffffffffffff", 4_722_366_482_869_645_213_696),
      ("0.000000000000000000000000000001", 1e-30), ("3.14159265358979323846", 3.14159265358979323846),
    ] as [(String, Double)])
  func numbersAreTheNearestFloats(text: String, value: Double) throws {
    let statements = try Parser.parse(SourceText(name: "test", text))
    guard case .expression(let expression)? = statements.first?.kind,
      case .number(let number) = expression.kind
    else {
      Issue.record("\(text) is no number")
      return
    }
    #expect(number == value)
    #expect(expression.span == Span(0, text.utf8.count))
  }

  @Test(
    arguments: [
      (#""""#, #""""#), (#"'a"b'"#, #""a\"b""#), (#""a\n\t\\\"\'\u{1F600}""#, #""a\n\t\\\"\'😀""#),
      (#""size {x.shape}""#, #""size "~{(. x shape)}"#), (#""{a}{b}""#, "{a}~{b}"), (#""{{}}""#, #""{}""#),
      (#""{{{x}}}""#, #""{"~{x}~"}""#), (#""a {"b {c} d"} e""#, #""a "~{"b "~{c}~" d"}~" e""#),
      (#""a {'b'} c""#, #""a "~{"b"}~" c""#), (#""{m["k"]}""#, #"{(at m "k")}"#),
      (#""{ {a: 1}.a }""#, "{(. {a: 1.0} a)}"), ("'two\nlines'", #""two\nlines""#),
      ("'two\r\nlines'", #""two\nlines""#),
      ("\"{a +\n b}\"", "{(+ a b)}"), (#""é{x}ü""#, #""é"~{x}~"ü""#),
      (#""{f(x, k="}}")}""#, #"{(f x k="}")}"#),
    ] as [(String, String)])
  func stringsResolveTheirEscapesAndBraces(text: String, tree: String) throws {
    #expect(try parsed(text) == [tree])
  }
}
