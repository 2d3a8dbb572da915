import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The shell's behaviours are numbered from 1 to 26; a test's name begins with the number of what it shows.
struct BehaviourListTests {
  @Test func everyNumberedBehaviourHasATest() throws {
    var found = Set<Int>()
    for folder in ["Behaviours", "Session"] {
      for name in ProjectFiles.names(in: "Tests/ConvoShellTests/" + folder) {
        let text = try #require(ProjectFiles.text("Tests/ConvoShellTests/\(folder)/\(name)"))
        found.formUnion(text.matches(of: /func `([0-9]+):/).compactMap { Int($0.1) })
      }
    }
    #expect(found == Set(1...26))
  }
}
