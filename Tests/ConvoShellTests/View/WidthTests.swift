import ConvoInterpreter
import Testing

@testable import ConvoShell

/// What is shown fits the terminal, whatever its width: no number and no word is broken.
@Suite(.serialized) struct WidthTests {
  static let widths = [20, 27, 40, 50, 60, 80, 100, 132, 200]

  /// What inputs of a prompt on a terminal of so many columns show, results and diagnostics.
  private func shown(_ inputs: [String], columns: Int) -> String {
    var appearance = Appearance(columns: columns, rows: 60)
    (appearance.wrapsResults, appearance.wrapsDiagnostics) = (true, true)
    let output = CapturedOutput()
    let session = Session(sink: output, appearance: appearance)
    session.tellsTime = false
    for input in inputs { _ = session.enter(input) }
    return output.output + output.diagnostics
  }

  private func words(_ text: String) -> [Substring] {
    text.split { " \n[](){},:".contains($0) }
  }

  /// Values of all kinds, each with a line that echoes or prints it.
  static let values = [
    "linspace(0, 1, 30)", "rand(2, 12)", "rand(2, 3, 7) - 0.5",
    "[1.5, 22, 333, 4444, 55555, 666666, 7.25, 0.125]",
    "[[1, 2, 3, 4, 5, 6, 7, 8, 9], [0.25, -0.5]]", "print(linspace(-1, 1, 17))",
    "print(\"x\", linspace(-1, 1, 17), 3)",
    "[\"one\", \"two words\", \"and, with commas\", \"four\"]",
    "{a: linspace(0, 1, 9), b: [1.25, 2.5], c: \"text\"}",
    "[{first: 1.5, second: [0.125, 0.25]}, {third: \"x\"}]", "[none, true, 12345.6, -1e-12, fn(x) = x]",
    "print([0.1, 0.22, 0.333], {key: [4.4444, 5.55555]})",
  ]

  @Test(arguments: values, widths)
  func `No value breaks inside a number or a word`(code: String, columns: Int) {
    let wide = shown([code], columns: 1000)
    let text = shown([code], columns: columns)
    #expect(words(text) == words(wide) || code.hasPrefix("{"), "\(text)")
    for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= columns, "\(line)") }
  }

  @Test func `Numbers of a list over several lines stand below one another`() {
    let lines = shown(["linspace(0, 1, 30)"], columns: 80).split(separator: "\n")
    #expect(lines.count == 5)
    let commas = lines.dropLast().map { line in
      line.indices.filter { line[$0] == "," }.map { $0.utf16Offset(in: line) }
    }
    #expect(Set(commas.map { $0.prefix(6).count }) == [6])
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") })
  }

  @Test func `A text that is printed keeps its lines`() {
    let text = String(repeating: "word ", count: 30)
    #expect(shown(["print(\"\(text)\")"], columns: 40) == text + "\n")
  }

  @Test func `What is broken reads back as the same value`() {
    let text = shown(["linspace(0, 1, 30)"], columns: 33)
    let again = shown(["linspace(0, 1, 30)", "\(text.trimmed)"], columns: 33)
    #expect(again == text + text)
  }

  /// Pages and messages of words.
  static let pages: [[String]] = [
    ["?maxpool"], ["?conv2d"], ["?set_params"], ["?format"], ["help"], [":keys"], ["maxpool"], ["conv2d(1)"],
    ["whos"], ["x = zeros(1, 1, 8, 8)", "whos", "conv2d(x, zeros(5, 3, 3, 3))"], ["concatt"], [":nothing"],
    ["c = Conv2D(3, 4, 3)", "c", "c.W", "fn half(value, depth=2) = value / depth", "?half", "?c"],
    ["summary(Sequential(Conv2D(3, 8, 3), BatchNorm2D(8), relu, MaxPool2D(2)), [1, 3, 32, 32])"],
    [
      "x = rand(1, 3, 9, 9);", "y = conv2d(x, rand(2, 3, 5, 5));", "explain y[0, 1, 2, 3]", "trace y",
      "info(y)",
    ],
    ["x = rand(1, 1, 99, 99) * 1000;", "y = conv2d(x, rand(1, 1, 15, 15));", "explain y[0, 0, 2, 3]"],
    ["f = 3", "relu = 4", "1e400"], ["stack(zeros(3), zeros(4), 3, 5, 6)"],
  ]

  @Test(arguments: pages, [40, 50, 60, 80, 100, 132, 200])
  func `No page and no message is wider than the terminal`(inputs: [String], columns: Int) {
    for line in shown(inputs, columns: columns).split(separator: "\n") {
      #expect(DisplayWidth.of(line) <= columns, "\(line)")
    }
  }

  @Test(arguments: [80, 100])
  func `explain of a layer of 5×5×3 shows every product in lines of their own`(columns: Int) {
    let text = shown(
      ["x = rand(1, 3, 12, 12);", "c = Conv2D(3, 5, 5);", "y = c(x);", "explain y[0, 0, 5, 5]"],
      columns: columns)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("  ") }
    // Each number of three patches, kernels and products, and nothing else.
    let numbers = rows.joined(separator: " ").split(separator: " ").compactMap { Double($0) }
    #expect(numbers.count == 3 * 3 * 25, "\(text)")
    #expect(rows.allSatisfy { DisplayWidth.of($0) <= columns })
    for channel in ["c0", "c1", "c2"] { #expect(rows.count { $0.hasPrefix("  \(channel)") } == 1) }
  }

  @Test func `Columns that a table has no room for are named`() {
    let text = shown(["summary(Conv2D(3, 8, 3), [1, 3, 32, 32])"], columns: 40)
    #expect(text.contains("no room for"))
    #expect(!shown(["summary(Conv2D(3, 8, 3), [1, 3, 32, 32])"], columns: 100).contains("no room for"))
  }

  @Test func `A table has the width that there is`() {
    let model = "Sequential(Conv2D(3, 16, 7, stride=2, pad=3, dilation=2), relu)"
    let narrow = shown(["summary(\(model), [1, 3, 64, 64])"], columns: 80).split(separator: "\n")
    let wide = shown(["summary(\(model), [1, 3, 64, 64])"], columns: 160).split(separator: "\n")
    #expect(narrow.count > wide.count)
    #expect(wide.contains { $0.contains("Conv2D(3, 16, 7, stride=2, pad=3, dilation=2)") })
  }

  @Test func `An assignment tells no time below ten milliseconds`() {
    #expect(!shown(["x = rand(60, 60)"], columns: 200).contains(" ms"))
  }
}
