import ConvoInterpreter
import Testing

@testable import ConvoShell

/// Pages of help fit the terminal.
@Suite struct HelpPageTests {
  @Test(arguments: BuiltinTable.standard.names) func parametersAreBrokenBetweenWords(name: String) throws {
    let builtin = try #require(BuiltinTable.standard[name])
    let narrow = HelpPage.lines(builtin, width: 60).map { line in line.runs.map(\.text).joined() }
    let wide = HelpPage.lines(builtin, width: 10_000).map { line in line.runs.map(\.text).joined() }
    let words = { (lines: [String]) in lines.joined(separator: " ").split(separator: " ") }
    #expect(words(narrow) == words(wide))
    guard !builtin.parameters.isEmpty else { return }
    let parameters = narrow.dropFirst(3).prefix { !$0.isEmpty }
    for line in parameters { #expect(line.count <= 60, "\(line)") }
  }
}
