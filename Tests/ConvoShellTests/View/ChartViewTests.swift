import Testing

@testable import ConvoShell

/// Charts in the terminal: they fit the screen, and stand where the values say.
@Suite struct ChartViewTests {
  private func lines(
    _ code: String, columns: Int = 40, rows: Int = 14, color: ColorDepth = .none, glyphs: ChartGlyphs = .fine
  ) -> [String] {
    let sink = CapturedOutput()
    var appearance = Appearance(output: color, columns: columns, rows: rows)
    appearance.glyphs = glyphs
    let session = Session(sink: sink, appearance: appearance)
    let outcome = session.feed("nan = log(-1)\ninf = -log(0)\n" + code, mode: .script)
    #expect(outcome == .finished, "\(code): \(sink.diagnostics)")
    return sink.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test func aLineRunsThroughItsValues() {
    #expect(
      lines("plot(range(20))") == [
        "20 ┤                                ⢀⡠⠤", "   │                           ⢀⡠⠤⠒⠊⠁  ",
        "   │                       ⣀⠤⠒⠊⠁       ", "10 ┤                  ⢀⡠⠔⠊⠉            ",
        "   │             ⢀⣀⠤⠒⠊⠁                ", "   │         ⣀⠤⠔⠊⠁                     ",
        "   │    ⣀⠤⠔⠒⠉                          ", " 0 ┤⡠⠔⠒⠉                               ",
        "   └┬─────────────────┬────────────────", "    0                10",
      ])
  }

  @Test func barsHaveNamesAndNumbers() {
    #expect(
      lines("bars([1, 2, -1], names=[\"a\", \"bb\", \"c\"])", columns: 30) == [
        " a │       ███████▋ 1", "bb │       ███████████████ 2", " c │███████ -1",
      ])
  }

  @Test func numbersBesideBarsHaveTheSameDecimals() {
    let drawn = lines("bars([1, 0.8, 12.25, 237, 0.012])")
    #expect(drawn.map { $0.split(separator: " ").last ?? "" } == ["1.00", "0.80", "12.3", "237", "0.012"])
  }

  @Test func seriesWithoutColoursHaveSigns() {
    let drawn = lines("plot([1, 1, 1], [2, 2, 2], labels=[\"low\", \"high\"])")
    #expect(drawn.contains { $0.contains("●●●") } && drawn.contains { $0.contains("○○○") })
    #expect(drawn.last == "     ● low  ○ high")
  }

  @Test func aHistogramIsAsHighAsItsCounts() {
    let drawn = lines("hist([1, 2, 2, 3, 3, 3, 3], title=\"Threes\")", columns: 20, rows: 12)
    #expect(drawn.first == "   Threes")
    let heights = [5, 10, 15].map { column in drawn.dropFirst().count { Array($0)[safe: column] == "█" } }
    #expect(heights == [1, 3, 6], "a quarter of six rows is one and a half")
  }

  @Test func aChartIsAValue() {
    #expect(lines("c = plot([1, 2])\n[c, 1]") == ["[a line chart of 2 values, 1]"])
    #expect(lines("print(hist([1, 2]))") == lines("hist([1, 2])"))
    #expect(lines("show(bars([1, 2]))") == lines("bars([1, 2])"))
    #expect(lines("plot(1, 2, 3)") == lines("plot([1, 2, 3])"))
    #expect(lines("plot([[1, 2], [3, 4]])") == lines("plot([1, 2], [3, 4])"))
  }

  @Test func theMarkIsAcross() {
    #expect(lines("plot([0, 2], mark=1)").contains { $0.contains("┈┈┈┈") })
    #expect(lines("bars([0.1, 2], mark=1)")[0].hasSuffix("┊"))
  }

  @Test func whatIsLeftOutIsTold() {
    #expect(lines("plot([])").last?.trimmed == "no values")
    #expect(lines("plot([1, nan, inf, 2])").last?.trimmed == "2 values left out: NaN or infinite")
    #expect(
      lines("hist([1, nan, 7], range=[0, 2])", columns: 80).last?.trimmed
        == "1 value left out: NaN or infinite, 1 value outside the range")
  }

  static let codes = [
    "plot([])", "plot([1])", "plot([nan, nan])", "plot([inf, -inf])", "plot([3, 3, 3])",
    "plot(sin(range(1000)))",
    "plot(randn(5, 300), labels=[\"a\", \"b\", \"c\", \"d\", \"e\"], title=\"Wave\", xlabel=\"t\", ylabel=\"volt\")",
    "plot(exp(linspace(-30, 30, 50)), log=true)", "plot([1e30, -1e30], kind=\"points\")",
    "plot([1e-40, 1e-41])",
    "plot([0, 1, 2], x=[5, 1, 3], mark=1)", "hist([])", "hist([nan])", "hist(randn(1000000))",
    "hist(zeros(9))",
    "hist(randn(1000), bins=1000, log=true, title=\"Many bins\", xlabel=\"value\")", "bars([])",
    "bars([nan, 0])",
    "bars(rand(500))",
    "bars(randn(4, 30), labels=[\"a\", \"b\", \"c\", \"d\"], title=\"Bars\", xlabel=\"level\")",
    "bars([1, 2], names=[\"a name that is far too long for a narrow terminal\", \"短い\"], mark=1.5)",
    "bars([1, 10, 1000, 0], log=true)",
  ]

  @Test(arguments: codes) func everyChartFitsTheScreen(code: String) {
    for (columns, rows) in [(10, 5), (10, 24), (20, 10), (40, 12), (80, 24), (200, 50)] {
      for color in [ColorDepth.none, .full] {
        for glyphs in [ChartGlyphs.fine, .plain] {
          let drawn = lines(code, columns: columns, rows: rows, color: color, glyphs: glyphs).map(
            withoutEscapes)
          #expect(!drawn.isEmpty)
          #expect(drawn.count < rows, "\(drawn.count) lines of \(rows) at \(columns)")
          let widest = drawn.map { DisplayWidth.of($0) }.max() ?? 0
          #expect(widest <= columns, "\(widest) columns of \(columns)")
          if glyphs == .plain, !code.contains("短") {
            #expect(drawn.joined().utf8.allSatisfy { $0 < 0x80 }, "\(drawn)")
          }
        }
      }
    }
  }

  private func withoutEscapes(_ line: String) -> String { line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
