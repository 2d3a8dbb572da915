import ConvoInterpreter
import Testing

/// `docs/reference.md` says what the table says. `RECORD=1 swift test --filter ReferencePageTests` writes it anew.
@Suite struct ReferencePageTests {
  static let path = "docs/reference.md"
  static let page = ReferencePage.markdown(.standard)

  @Test func pageIsUpToDate() throws {
    if ProjectFiles.isRecording { #expect(ProjectFiles.write(Self.page, to: Self.path)) }
    let kept = try #require(ProjectFiles.text(Self.path))
    #expect(
      kept == Self.page, "docs/reference.md is out of date: RECORD=1 swift test --filter ReferencePageTests")
  }

  @Test(arguments: BuiltinTable.standard.names) func everyBuiltinHasItsEntry(name: String) throws {
    let builtin = try #require(BuiltinTable.standard[name])
    #expect(Self.page.contains("\n### \(name)\n\n`\(builtin.signature)`\n"))
  }

  /// `shape` is a chapter and a function, `conv2d` and `Conv2D` differ in case only: all need anchors of their own.
  @Test func anchorsDistinguishHeadingsThatReadAlike() {
    #expect(Self.page.contains("[Shape](#shape)"))
    #expect(Self.page.contains("[`shape`](#shape-1)"))
    #expect(Self.page.contains("[`conv2d`](#conv2d)"))
    #expect(Self.page.contains("[`Conv2D`](#conv2d-1)"))
  }
}
