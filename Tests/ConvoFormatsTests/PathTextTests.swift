import ConvoTensor
import Glibc
import Testing

@testable import ConvoFormats

/// Names of files are bytes.
@Suite struct PathTextTests {
  @Test func everyNameSurvivesTheWayThroughText() {
    var random = DamageTests.Generator(state: 3)
    for _ in 0..<5000 {
      let pieces: [[UInt8]] = (0..<Int(random.next() % 6)).map { _ in
        [
          [UInt8(truncatingIfNeeded: random.next() | 1)], Array("é".utf8), Array("😀".utf8),
          [0xF4, 0x8F, 0xBA, 0xA9],
          [0xED, 0xA0, 0x80], [0xC3], [0xF4, 0x8F], Array("a/b".utf8),
        ][Int(random.next() % 8)]
      }
      let bytes = Array(pieces.joined())
      #expect(PathText.bytes(PathText.text(bytes)) == bytes)
      let back = PathText.text(bytes).withPath { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
      #expect(back == bytes)
    }
    #expect(PathText.text(Array("caf\u{E9}".utf8)) == "caf\u{E9}")
    #expect(PathText.text([0x63, 0xE9]).visible == "c\\xE9")
  }

  @Test func aFileWhoseNameIsNoTextIsSavedFoundAndRead() throws {
    let directory = TemporaryDirectory()
    let name = PathText.text(Array("caf".utf8) + [0xE9] + Array(".npy".utf8))
    let path = directory.file(name)
    let tensor = try Tensor(repeating: 3, Shape([2]))
    _ = try Files.save(.tensor(tensor), to: path)
    #expect(Paths.exists(path))
    #expect(Paths.matching(directory.path + "/*") == [path])
    #expect(Paths.name(of: path) == name && Paths.directory(of: path) == directory.path)
    #expect(try loadAll(path)[0].tensor.toArray() == [3, 3])
    #expect(!Paths.exists(directory.file("caf\u{FFFD}.npy")))
    _ = path.withPath { unlink($0) }
  }

  @Test func aTildeIsTheHomeFolder() {
    let home = getenv("HOME").map { PathText.text($0) } ?? ""
    #expect(Paths.expandingHome("~/a.png") == home + "/a.png" && Paths.expandingHome("~") == home)
    #expect(Paths.expandingHome("a~/b") == "a~/b" && Paths.expandingHome("./~") == "./~")
    #expect(Paths.expandingHome("~nobody-of-this-name/x") == "~nobody-of-this-name/x")
    #expect(Paths.expandingHome("~root/x") == "/root/x")
  }
}

/// Archives as convo writes them itself.
@Suite struct ZipWriterTests {
  let directory = TemporaryDirectory()

  @Test(arguments: [0, 1, 5, 70_000])
  func anArchiveOfAnyNumberOfMembersComesBack(count: Int) throws {
    let path = directory.file("x.npz")
    let entries = try (0..<count).map {
      (key: "k\u{FC}\($0)", tensor: try Tensor(repeating: Float($0), Shape([count > 100 ? 0 : $0 + 1])))
    }
    _ = try Files.save(.record(entries), to: path)
    let loaded = try loadAll(path)
    #expect(loaded.map(\.key) == entries.map(\.key))
    #expect(loaded.map { $0.tensor.toArray() } == entries.map { $0.tensor.toArray() })
    #expect(directory.names == ["x.npz"])
  }

  @Test func theBytesOfAnArchiveAreAsTheFormatSays() throws {
    let path = directory.file("x.npz")
    _ = try Files.save(.record([(key: "a", tensor: Tensor(repeating: 1, Shape([1])))]), to: path)
    let all = bytes(of: path)
    // Local header, name, an NPY header of 128 bytes and a float; then the entry of the directory and its end.
    #expect(all.count == 30 + 5 + 132 + 46 + 5 + 22)
    #expect(Array(all[..<14]) == [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0])
    #expect(Array(all[18..<26]) == [132, 0, 0, 0, 132, 0, 0, 0])
    #expect(Array(all[167..<171]) == [0x50, 0x4B, 1, 2] && Array(all[218..<222]) == [0x50, 0x4B, 5, 6])
    #expect(Array(all[234..<238]) == [167, 0, 0, 0])
  }
}
