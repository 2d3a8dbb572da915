import ConvoSyntax
import Testing

@testable import ConvoShell

struct DiagnosticRendererTests {
  private func render(_ diagnostic: Diagnostic, width: Int = 110) -> String {
    DiagnosticRenderer(width: width).render(diagnostic).string
  }

  @Test func theLayoutOfTheDesign() {
    let source = SourceText(name: "repl", "y = conv2d(g, w, stride=2)", firstLine: 12)
    let diagnostic = Diagnostic(
      "conv2d: the input has 1 channel, the kernel wants 3", source: source,
      labels: [
        .init(Span(11, 12), "N1 C1 H380 W512   C = 1"), .init(Span(14, 15), "O5 I3 3×3   I = 3"),
      ],
      notes: ["g = gray(x) on line 4 made C 3 → 1"],
      helps: [.init("conv2d(x, w, stride=2)", gives: "N1 C5 H189 W255")])
    #expect(
      render(diagnostic) == """
        error: conv2d: the input has 1 channel, the kernel wants 3
         --> repl:12
          | y = conv2d(g, w, stride=2)
          |            ^  ^ O5 I3 3×3    I = 3
          |            N1 C1 H380 W512   C = 1
          = note: g = gray(x) on line 4 made C 3 → 1
          = help: conv2d(x, w, stride=2)      gives N1 C5 H189 W255

        """)
  }

  @Test func aTerminalGetsWholeWords() {
    let source = SourceText(name: "repl", "y = f(x)")
    let diagnostic = Diagnostic(
      "zeros: 36 TiB are wanted, the limit is 8 GiB; nothing was allocated", source: source,
      labels: [.init(Span(4, 5))],
      notes: ["x = load(\"a-name-without-blanks-that-is-longer-than-a-line.png\") on line 4 gave it"],
      helps: [.init("conv2d(x, w, stride=2, pad=1)", gives: "N1 C5 H189 W255")])
    let wrapping = DiagnosticRenderer(width: 40, wraps: true)
    #expect(
      wrapping.render(diagnostic).string == """
        error: zeros: 36 TiB are wanted, the
               limit is 8 GiB; nothing was
               allocated
         --> repl:1
          | y = f(x)
          |     ^
          = help: conv2d(x, w, stride=2, pad=1)
                  gives N1 C5 H189 W255

        """)
    let note = Diagnostic("what", source: source, labels: [.init(Span(4, 5))], notes: diagnostic.notes)
    #expect(
      wrapping.render(note).string == """
        error: what
         --> repl:1
          | y = f(x)
          |     ^
          = note: x =
                  load("a-name-without-blanks-that-is-longer-than-a-line.png")
                  on line 4 gave it

        """)
    let short = Diagnostic(
      "what", source: source, labels: [], helps: [.init("conv2d(x, w, stride=2, pad=1)", gives: "C5 H189")])
    #expect(
      wrapping.render(short).string == """
        error: what
          = help: conv2d(x, w, stride=2, pad=1)
                  gives C5 H189

        """)
  }

  @Test func wordsKeepTheirLooksWhereALineIsBroken() {
    let text = StyledText("one ", .strong) + StyledText("two", .faint) + StyledText("three  four")
    let lines = text.wrapped(to: 12, indent: 2)
    #expect(
      lines == [StyledText("one ", .strong) + StyledText("two", .faint) + StyledText("three"), "  four"])
  }

  @Test func aFileShowsItsColumnInCharacters() {
    let source = SourceText(name: "a.cnn", "x = 1\n\"日本\" + nothing\n")
    let start = "x = 1\n\"日本\" + ".utf8.count
    let text = render(Diagnostic("what", source: source, labels: [.init(Span(start, start + 7))]))
    #expect(text.contains(" --> a.cnn:2:8\n"))
    // Two wide letters take four columns, so the caret stands two further to the right.
    #expect(text.contains("\n  |          ^\n"))
  }

  @Test func tabsAndControlCharactersKeepTheCaretInPlace() {
    let source = SourceText(name: "repl", "\tx\u{1}y")
    let text = render(Diagnostic("what", source: source, labels: [.init(Span(3, 4))]))
    #expect(text.contains("  |     x␁y\n  |       ^\n"))
  }

  @Test func aLongLineIsCutAroundItsCaret() {
    let source = SourceText(
      name: "repl", String(repeating: "a", count: 5000) + "!" + String(repeating: "b", count: 5000))
    let text = render(
      Diagnostic("what", source: source, labels: [.init(Span(5000, 5001), "here")]), width: 60)
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 64 })
    let caret = lines[3].firstIndex(of: "^").map { lines[3].distance(from: lines[3].startIndex, to: $0) }
    #expect(caret.map { Array(lines[2])[$0] } == "!")
  }

  @Test func noErrorIsLongerThanNineLines() {
    let source = SourceText(name: "repl", "abcdef\nghijkl\nmnop")
    let labels = (0..<6).map { Diagnostic.Label(Span($0, $0 + 1), "label \($0)") }
    let diagnostic = Diagnostic(
      "one\ntwo\nthree\nfour", source: source, labels: labels + [.init(Span(8, 9), "below")],
      notes: ["a", "b", "c", "d"], helps: [.init("e")])
    let lines = render(diagnostic).split(separator: "\n")
    #expect(lines.count <= 9)
    #expect(lines.contains { $0.contains("= note: a") })
  }

  @Test func labelsAtOnePlaceAreJoined() {
    let source = SourceText(name: "repl", "x")
    let text = render(
      Diagnostic("what", source: source, labels: [.init(Span(0, 1), "one"), .init(Span(0, 1), "two")]))
    #expect(text.contains("^ one; two\n"))
  }

  @Test func damagedTextIsShown() {
    let source = SourceText(name: "repl", bytes: [0x78, 0xFF, 0xFE, 0x79])
    #expect(render(Diagnostic("what", source: source, labels: [.init(Span(3, 4))])).contains("error: what"))
  }
}
