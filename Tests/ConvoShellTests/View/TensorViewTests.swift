import ConvoTensor
import Testing

@testable import ConvoShell

struct TensorViewTests {
  private func summary(_ values: [Float], _ extents: [Int], axes: Axes? = nil, width: Int = 110) throws
    -> String
  {
    let tensor = try Tensor(values, Shape(extents), axes: axes)
    return TensorView(width: width).summary("x", tensor).string
  }

  @Test func aLineSaysNameAxesBytesRangeMeanAndDeviation() throws {
    let values = (0..<64).map { Float($0) }
    let line = try summary(values, [1, 1, 8, 8], axes: .pictures(rank: 4))
    #expect(line.hasPrefix("x      N1 C1 H8 W8"))
    for part in ["256 B", " 0 ▕", "▏ 63 ", "μ 31.5", "σ 18.5"] { #expect(line.contains(part), "\(line)") }
  }

  @Test func kernelsAndUnnamedAxes() throws {
    #expect(try summary([Float](repeating: 1, count: 18), [2, 1, 3, 3], axes: .weight).contains("O2 I1 3×3"))
    #expect(try summary([Float](repeating: 1, count: 6), [2, 3]).contains("2×3"))
  }

  @Test func specialContentsReplaceTheStatistics() throws {
    #expect(try summary([0, 0], [2]).hasSuffix("all zero"))
    #expect(try summary([1.5, 1.5], [2]).hasSuffix("constant 1.5"))
    #expect(try summary([], [0, 3]).hasSuffix("empty"))
    let odd = try summary([1, 2, .nan, .nan, 5, .infinity], [2, 3])
    #expect(odd.hasSuffix("2 NaN, 1 Inf! first at [0, 2]"))
  }

  @Test func aNarrowTerminalGetsAShorterLine() throws {
    let values = (0..<64).map { Float($0) }
    for width in [10, 20, 30, 40, 50, 60, 70, 80] {
      let line = try summary(values, [1, 1, 8, 8], axes: .pictures(rank: 4), width: width)
      for part in line.split(separator: "\n") { #expect(part.count <= width, "\(width): \(line)") }
    }
  }

  @Test func everyPartThatIsNotEmptyHasABar() {
    #expect(TensorView.bars([0, 1, 1_000_000]) == " ▂█")
  }
}

struct KernelLikenessTests {
  private func guess(_ values: [Float], _ side: Int) -> String? {
    KernelLikeness.guess(values, inputs: 1, height: side, width: side)
  }

  @Test func knownKernelsAreRecognised() {
    #expect(guess([-1, 0, 1, -1, 0, 1, -1, 0, 1], 3) == "vertical edge")
    #expect(guess([1, 0, -1, 2, 0, -2, 1, 0, -1], 3) == "vertical edge")
    #expect(guess([-1, -1, -1, 0, 0, 0, 1, 1, 1], 3) == "horizontal edge")
    #expect(guess([0, 0, 0, 0, 1, 0, 0, 0, 0], 3) == "identity")
    #expect(guess([Float](repeating: 1.0 / 9, count: 9), 3) == "box blur")
    #expect(guess([1, 2, 1, 2, 4, 2, 1, 2, 1], 3) == "blur")
    #expect(guess([0, -1, 0, -1, 5, -1, 0, -1, 0], 3) == "sharpen")
    #expect(guess([0, -1, 0, -1, 4, -1, 0, -1, 0], 3) == "outline")
    #expect(guess([0, 1, 0, 1, -4, 1, 0, 1, 0], 3) == "outline")
  }

  @Test func noiseLooksLikeNothingKnown() {
    #expect(guess([0.3, -0.8, 0.1, 0.9, -0.2, -0.7, -0.4, 0.6, 0.2], 3) == nil)
    #expect(guess([.nan, 0, 0, 0, 0, 0, 0, 0, 0], 3) == nil)
  }
}

struct ColorDepthTests {
  private func depth(_ wish: ColorDepth.Wish, terminal: Bool, _ environment: [String: String]) -> ColorDepth {
    ColorDepth.decide(wish: wish, isTerminal: terminal) { environment[$0] }
  }

  @Test func behaviour8TheOrderOfTheRules() {
    let xterm = ["TERM": "xterm-256color"]
    #expect(depth(.auto, terminal: true, xterm) == .indexed)
    #expect(depth(.auto, terminal: false, xterm) == .none)
    #expect(depth(.auto, terminal: true, ["TERM": "dumb"]) == .none)
    #expect(depth(.auto, terminal: true, [:]) == .none)
    #expect(depth(.auto, terminal: true, xterm.merging(["NO_COLOR": "1"]) { $1 }) == .none)
    #expect(depth(.auto, terminal: true, xterm.merging(["NO_COLOR": ""]) { $1 }) == .indexed)
    #expect(depth(.always, terminal: false, ["NO_COLOR": "1"]) == .theme)
    #expect(depth(.auto, terminal: false, ["CLICOLOR_FORCE": "0"]) == .none)
    #expect(depth(.auto, terminal: true, ["TERM": "xterm", "COLORTERM": "truecolor"]) == .full)
  }

  @Test func pureColoursKeepTheirPlaceInThePalette() {
    #expect(TerminalRenderer.index(255, 0, 0) == 196)
    #expect(TerminalRenderer.index(0, 0, 0) == 16)
    #expect(TerminalRenderer.index(255, 255, 255) == 231)
    #expect(TerminalRenderer.index(128, 128, 128) == 244)
  }

  @Test func plainTextHasNoEscapes() {
    let text = StyledText("a", .error) + StyledText("b")
    #expect(TerminalRenderer(depth: .none).render(text) == "ab")
    #expect(TerminalRenderer(depth: .full).render(text) == "\u{1B}[1;31ma\u{1B}[0mb")
  }
}
