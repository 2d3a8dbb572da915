import ConvoSyntax
import Testing

@testable import ConvoInterpreter

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The table of builtins keeps its promises: unique names, a sentence each, examples that give what they say.
@Suite struct BuiltinTableTests {
  static let table = BuiltinTable.standard

  @Test func namesAreUnique() {
    #expect(Set(Self.table.names).count == Self.table.names.count)
  }

  @Test(arguments: table.names) func entryIsComplete(name: String) throws {
    let builtin = try #require(Self.table[name])
    #expect(builtin.summary.hasSuffix("."), "a summary is a sentence")
    #expect(!builtin.examples.isEmpty)
    for parameter in builtin.parameters { #expect(!parameter.note.isEmpty, "\(parameter.name)") }
    for other in builtin.seeAlso { #expect(Self.table[other] != nil, "\(name) names \(other)") }
  }

  @Test(arguments: table.names) func examplesGiveWhatTheySay(name: String) throws {
    let builtin = try #require(Self.table[name])
    try inTemporaryDirectory { directory in
      for example in builtin.examples {
        let output = try TestSession(directory: directory).run(example.code)
        if let expected = example.output { #expect(output == expected, "\(example.code)") }
      }
    }
  }

  @Test(arguments: table.names) func mistakesAreErrors(name: String) throws {
    let builtin = try #require(Self.table[name])
    try inTemporaryDirectory { directory in
      for example in builtin.mistakes {
        let diagnostic = TestSession(directory: directory).mistake(example.code)
        let message = try #require(diagnostic?.message, "\(example.code) must fail")
        #expect(message.hasPrefix(example.output ?? ""), "\(example.code) gave: \(message)")
      }
    }
  }

  /// Examples write files; they go to a directory that is removed afterwards.
  private func inTemporaryDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/convo-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    let directory = try #require(made)
    defer {
      if let handle = opendir(directory) {
        while let entry = readdir(handle) {
          let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          }
          if name != ".", name != ".." { unlink(directory + "/" + name) }
        }
        closedir(handle)
      }
      rmdir(directory)
    }
    try body(directory)
  }
}
