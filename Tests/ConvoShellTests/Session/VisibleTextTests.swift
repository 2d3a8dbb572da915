import ConvoFormats
import ConvoInterpreter
import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoShell

/// Text of files, keys and names never controls the terminal.
@Suite struct VisibleTextTests {
  static let hostile = [
    "\u{1B}[31mred\u{7}", "a\nb\rc", "\u{9B}2J", "\u{202E}txt", "\u{0}", "\u{7F}\u{8}\u{8}",
    "x\u{1B}]0;title\u{7}",
    "a\u{2066}b\u{85}c",
  ]

  /// Whether a terminal would obey something in a text.
  private func controls(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.controls && $0 != "\n" }
  }

  private func session(onTerminal: Bool = true) -> (Session, CapturedOutput) {
    let output = CapturedOutput()
    var appearance = Appearance(columns: 80)
    appearance.wrapsResults = onTerminal
    return (Session(sink: output, appearance: appearance), output)
  }

  @Test(arguments: hostile)
  func aKeyIsShownWithoutItsControlCharacters(key: String) throws {
    let scratch = try Scratch()
    let path = scratch.path + "/x.safetensors"
    _ = try Files.save(.record([(key: key, tensor: Tensor(repeating: 1, Shape([2, 3])))]), to: path)
    let (session, output) = session()
    let written = ValueText.quoted(key)
    for line in [
      "r = load(\"\(path)\")", "r", "print(r)", "keys(r)", "whos", "r[\(written)]", "r2 = {a: r}", "r2",
      "str(r)",
      "c = Linear(3, 2)", "set_params(c, r)", "r.missing", "r[\"nothing\"]", "x = r[\(written)] @ ones(2, 2)",
      "trace(r[\(written)])",
      "plan(r[\(written)] + 1)", "\(written)", "print(\(written))", "load(\(written))", "exists(\(written))",
      "import(\(written))", "save(r, \(written))", "[\(written)]", "bars([1], names=[\(written)])",
      "plot([1, 2], title=\(written))",
      "show(zeros(4, 4), scale=\(written))", "help(\(written))", "number(\(written))", ":run \(key)",
      ":save /nonexistent/\(key)",
    ] {
      _ = session.enter(line)
      #expect(!controls(output.output), "\(line.visible)")
      #expect(!controls(output.diagnostics), "\(line.visible)")
    }
    let shown = key.visible
    #expect(output.output.contains(shown) && !controls(shown) && !shown.contains("\n"))
  }

  @Test(arguments: hostile)
  func anErrorTakesNineLinesWhateverAKeyHolds(key: String) {
    let (session, output) = session()
    let many = String(repeating: key + "\n", count: 30)
    for name in [key, many, String(repeating: key, count: 2000)] {
      for line in [
        "set_params(Linear(3, 2), {\(ValueText.quoted(name)): 1})", "load(\(ValueText.quoted(name)))",
        "{\(ValueText.quoted(name)): 1}.nothing", "error_of_\(name)",
      ] {
        let before = output.diagnostics.utf8.count
        _ = session.feed(line)
        let text = output.diagnostics.utf8.dropFirst(before)
        #expect(text.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } <= 9, "\(line.visible)")
      }
    }
    #expect(!controls(output.diagnostics))
  }

  @Test func textIsWrittenAsItIsWhereNoTerminalIs() {
    let (session, output) = session(onTerminal: false)
    _ = session.feed(#"print("\u{1B}[1m\ta\nb")"#)
    #expect(output.output == "\u{1B}[1m\ta\nb\n")
    let (other, seen) = self.session()
    _ = other.feed(#"print("\u{1B}[1m\ta\nb")"#)
    #expect(seen.output == "\\u{1B}[1m\ta\nb\n")
  }

  @Test func everyCharacterThatControlsIsEscapedAndNoOther() {
    for value in (0...0x2100 as ClosedRange<UInt32>) + [0x10FE80, 0x10FEFF, 0x1F600] {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "a\(scalar)b"
      let isByte = PathText.byte(scalar) != nil
      #expect((text.visible == text) == !(scalar.controls || isByte))
      #expect((text.visibleLines == text) == !((scalar.controls && value != 9 && value != 10) || isByte))
      #expect(!text.visible.unicodeScalars.contains { $0.controls })
    }
    #expect("\u{1B}".visible == "\\u{1B}" && "a\nb".visible == "a\\nb")
  }
}
