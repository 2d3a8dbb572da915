import Testing

struct ManualTests {
  /// `scripts/manual` writes the page; this notices when it was forgotten.
  @Test func everyFlagIsInTheManualPage() throws {
    let page = try #require(ProjectFiles.text("docs/convo.1"))
    let help = try ProgramRun(["--help"]).output
    let flags = help.matches(of: /--[a-z][a-z-]+/).map { String($0.0.dropFirst(2)) }
    #expect(flags.count > 10)
    for flag in Set(flags) { #expect(page.contains("Fl -\(flag)"), "--\(flag)") }
  }
}
