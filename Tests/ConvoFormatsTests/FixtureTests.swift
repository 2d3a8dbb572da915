import ConvoTensor
import Glibc
import Testing

@testable import ConvoFormats

@Suite struct FixtureTests {
  @Test(arguments: Fixtures.manifest)
  func aFileHoldsWhatItsMakerPutIn(expectation: Fixtures.Expectation) throws {
    let all = try loadAll(Fixtures.path(expectation.file), expectation.mode)
    let found = try #require(all.first { $0.key == expectation.key })
    #expect(found.tensor.shape.extents == expectation.extents)
    #expect(Fixtures.hash(found.tensor) == expectation.hash)
  }

  @Test func everyGoodFileIsInTheManifest() {
    let listed = Set(Fixtures.manifest.map(\.file))
    for format in FileFormat.all {
      for name in format.suffixes.flatMap(Fixtures.names) where !name.hasPrefix("bad-") && name != "bomb.npz"
      {
        #expect(listed.contains(name), "\(name) is not tested")
      }
    }
    #expect(listed.count > 80)
  }

  @Test(arguments: [
    ("rgb8.png", "x.jpg"), ("gray.jpg", "x.png"), ("f4-little.npy", "x.npz"), ("stored.npz", "x"),
    ("types.safetensors", "x.npy"), ("table.csv", "x.png"),
  ])
  func theContentAndNotTheNameTellsTheFormat(fixture: String, name: String) throws {
    let directory = TemporaryDirectory()
    let path = directory.write(bytes(of: Fixtures.path(fixture)), name)
    let expected = try loadAll(Fixtures.path(fixture))
    let found = try loadAll(path)
    #expect(found.map(\.key) == expected.map(\.key))
    #expect(found.map { Fixtures.hash($0.tensor) } == expected.map { Fixtures.hash($0.tensor) })
  }

  @Test(arguments: [
    ("f8-little.npy", 12), ("i8-big.npy", 12), ("u4-little.npy", 12), ("f2-big.npy", 0), ("i2-big.npy", 0),
    ("b1-byte.npy", 0), ("f4-big.npy", 0),
  ])
  func valuesThatAreNotExactAreCounted(name: String, most: Int) throws {
    let file = try Files.load(path: Fixtures.path(name))
    var count = 0
    for case .inexact(nil, let inexact, 12, _, true) in file.warnings { count += inexact }
    #expect(most == 0 ? count == 0 : (1...most).contains(count))
  }

  @Test func whatIsPassedOverIsSaid() throws {
    #expect(
      try Files.load(path: Fixtures.path("trailing.npy")).warnings == [.skipped("4 bytes behind the array")])
    #expect(
      try Files.load(path: Fixtures.path("other.npz")).warnings == [
        .skippedMembers("1 of 2 members (readme.txt: no .npy file)")
      ])
    #expect(try Files.load(path: Fixtures.path("header.csv")).warnings == [.skipped("the header in line 1")])
  }

  @Test func aLazyFileThatChangedIsAnError() throws {
    let directory = TemporaryDirectory()
    let content = bytes(of: Fixtures.path("types.safetensors"))
    let path = directory.write(content, "x.safetensors")
    guard case .record(let entries) = try Files.load(path: path).content else {
      Issue.record("not a record")
      return
    }
    _ = try entries[0].value.read()
    let descriptor = open(path, O_WRONLY | O_TRUNC)
    defer { close(descriptor) }
    #expect(write(descriptor, content, content.count) == content.count)
    var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    #expect(futimens(descriptor, &times) == 0)
    _ = try entries[0].value.read()
    #expect(throws: FormatError(path: path, problem: .changed)) { try entries[1].value.read() }
    // A file that was replaced, as `save` does it, is still there for who has opened it.
    guard case .record(let others) = try Files.load(path: path).content else { return }
    directory.write([1, 2, 3], "x.safetensors")
    _ = try others[1].value.read()
  }

  @Test func aTensorOfALazyFileIsReadOnce() throws {
    let file = try Files.load(path: Fixtures.path("types.safetensors"))
    guard case .record(let entries) = file.content else {
      Issue.record("not a record")
      return
    }
    #expect(file.warnings.isEmpty)
    let entry = try #require(entries.first { $0.key == "F64" }).value
    #expect(entry.elementType == .float64)
    let first = try entry.read()
    #expect(!first.warnings.isEmpty)
    let second = try entry.read()
    #expect(second.warnings.isEmpty)
    #expect(first.tensor.identity == second.tensor.identity)
  }
}
