import ConvoSyntax
import Testing

@Suite struct SpanTests {
  private func statements(_ text: String) throws -> (SourceText, [Statement]) {
    let source = SourceText(name: "test", text)
    return (source, try Parser.parse(source))
  }

  @Test func statementsSpanFromTheirFirstToTheirLastToken() throws {
    let (source, statements) = try statements(" a = f(x) ; b # c\n\nif a { b }\nfn f(x) = x + 1 ")
    #expect(
      statements.map { source.text(of: $0.span) } == ["a = f(x)", "b", "if a { b }", "fn f(x) = x + 1"])
  }

  @Test(
    arguments: [
      ("a + b * c", ["a", "+", "b * c"]), ("(a + b) - c", ["(a + b)", "-", "c"]),
      ("x |> f(1)[0] |> g", ["x", "|>", "f(1)[0]", "|>", "g"]),
      ("a and not b", ["a", "and", "not b"]), ("größe - (b)", ["größe", "-", "(b)"]),
    ] as [(String, [String])])
  func chainsKeepThePlacesOfTheirParts(text: String, parts: [String]) throws {
    let (source, statements) = try statements(text)
    guard case .expression(let expression)? = statements.first?.kind,
      case .chain(let first, let links) = expression.kind
    else { throw Unexpected() }
    #expect(source.text(of: expression.span) == text)
    var found = [source.text(of: first.span)]
    for link in links { found += [source.text(of: link.operatorSpan), source.text(of: link.operand.span)] }
    #expect(found == parts)
  }

  @Test func callsAndIndicesKeepThePlacesOfTheirParts() throws {
    let (source, statements) = try statements("f(x, key = y + 1)[0, a:b, :, ...].W")
    guard case .expression(let expression)? = statements.first?.kind,
      case .attribute(let base, "W", let nameSpan) = expression.kind,
      case .index(let callee, let items) = base.kind,
      case .call(let function, let arguments) = callee.kind
    else { throw Unexpected() }
    #expect(source.text(of: nameSpan) == "W")
    #expect(source.text(of: callee.span) == "f(x, key = y + 1)")
    #expect(source.text(of: function.span) == "f")
    #expect(items.map { source.text(of: $0.span) } == ["0", "a:b", ":", "..."])
    #expect(arguments.map { source.text(of: $0.nameSpan) } == ["x", "key"])
    #expect(arguments.map { source.text(of: $0.value.span) } == ["x", "y + 1"])
  }

  @Test func interpolationsHaveTheirTruePlacesInTheText() throws {
    let (source, statements) = try statements("s = \"a {x.shape} b {\"c {y + 1}\"}\"")
    guard case .assignment(_, let value)? = statements.first?.kind, case .string(let parts) = value.kind,
      case .interpolation(let first) = parts[1], case .interpolation(let second) = parts[3],
      case .string(let inner) = second.kind, case .interpolation(let deepest) = inner[1]
    else { throw Unexpected() }
    #expect(source.text(of: first.span) == "x.shape")
    #expect(source.text(of: second.span) == "\"c {y + 1}\"")
    #expect(source.text(of: deepest.span) == "y + 1")
  }

  @Test func functionsKnowTheirPlaceAndTheirText() throws {
    let (source, statements) = try statements("a = 1\nfn f(x, k=2) {\n  x\n}\n")
    guard case .definition("f", let nameSpan, let function)? = statements.last?.kind else {
      throw Unexpected()
    }
    #expect(source.text(of: nameSpan) == "f")
    #expect(source.text(of: function.span) == "fn f(x, k=2) {\n  x\n}")
    #expect(function.parameters.map { source.text(of: $0.span) } == ["x", "k"])
    #expect(function.source === source)
  }

  @Test func targetsCommandsAndRecordsKeepTheirPlaces() throws {
    let source = SourceText(name: "test", "a, x[0], m.b = {W: 1, 'k': 2}\nwhos  k* # c")
    let statements = try Parser.parse(source, options: .init(allowsCommands: true))
    guard case .assignment(let targets, let value) = statements[0].kind,
      case .record(let entries) = value.kind,
      case .command("whos", let word, let arguments) = statements[1].kind
    else { throw Unexpected() }
    #expect(targets.map { source.text(of: $0.span) } == ["a", "x[0]", "m.b"])
    #expect(entries.map { source.text(of: $0.keySpan) } == ["W", "'k'"])
    #expect(source.text(of: word) == "whos")
    #expect(arguments.map { source.text(of: $0.span) } == ["k*"])
    #expect(source.text(of: statements[1].span) == "whos  k*")
  }

  @Test func theByteOrderMarkCountsInPlacesButNotInLines() throws {
    let error = try #require(mistake(in: "\u{FEFF}a = 1\r\nb c\r\n"))
    let span = try #require(error.labels.first?.span)
    #expect(error.source.location(of: span.start) == (line: 2, column: 2))
  }

  @Test func invalidEncodingIsShownByItsByte() throws {
    let source = SourceText(name: "test", bytes: Array("a = \"é".utf8) + [0xFF] + Array("\"".utf8))
    do {
      _ = try Parser.parse(source)
      Issue.record("the text is accepted")
    } catch {
      #expect(error.message == "the text is not UTF-8 here")
      #expect(error.labels.map(\.span) == [Span(7, 8)])
    }
  }

  @Test func aNumberThatBecomesInfiniteIsAWarning() throws {
    var warnings: [Diagnostic] = []
    let source = SourceText(name: "test", "a = 1e400 + 1e308")
    _ = try Parser.parse(source, warnings: &warnings)
    #expect(warnings.map { $0.labels.map(\.span) } == [[Span(4, 9)]])
  }

  @Test(arguments: [
    "0x" + String(repeating: "f", count: 300), "1" + String(repeating: "0", count: 400), "1e400",
  ])
  func hugeNumbersOfEveryKindAreInfinite(text: String) throws {
    var warnings: [Diagnostic] = []
    let statements = try Parser.parse(SourceText(name: "test", text), warnings: &warnings)
    #expect(statements.map(\.description) == ["inf"])
    #expect(warnings.count == 1)
  }

  private struct Unexpected: Error {}
}
