import ConvoTensor
import Glibc
import Testing

@testable import ConvoFormats

/// Files that only reading knows: WebP, MNIST's and CIFAR's arrays, and anything behind gzip.
@Suite struct PackedFileTests {
  /// One line of `Fixtures/webp.txt`, which `make_webp.py` writes.
  struct Picture: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let mode: ColorMode
    let extents: [Int]
    let bytes: [UInt8]
    let values: [Float]

    init?(_ line: String) {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 5, let mode = ColorMode(rawValue: fields[1]) else { return nil }
      testDescription = fields[0]
      self.mode = mode
      extents = fields[2].split(separator: ",").compactMap { Int($0) }
      let digits = Array(fields[3])
      bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
      values = fields[4].split(separator: " ").compactMap { Float($0) }
    }
  }

  static let pictures = String(decoding: PackedFileTests.bytes(of: Fixtures.path("webp.txt")), as: UTF8.self)
    .split(separator: "\n").compactMap { Picture(String($0)) }

  private static func bytes(of path: String) -> [UInt8] { (try? Paths.contents(of: path)) ?? [] }

  @Test func fixturesAreThere() { #expect(Self.pictures.count == 5) }

  @Test(.enabled(if: WebP.isInstalled), arguments: pictures)
  func aWebPPictureHoldsWhatPillowReads(picture: Picture) throws {
    let directory = TemporaryDirectory()
    let path = directory.write(picture.bytes, "x.webp")
    let tensor = try tensor(Files.load(path: path, options: LoadOptions(mode: picture.mode)))
    #expect(tensor.shape.extents == picture.extents)
    #expect(tensor.toArray() == picture.values)
  }

  @Test(.enabled(if: WebP.isInstalled)) func aDamagedWebPPictureIsAnError() throws {
    let directory = TemporaryDirectory()
    for picture in Self.pictures {
      for count in stride(from: 12, to: picture.bytes.count, by: 7) where picture.testDescription != "turned"
      {
        let path = directory.write(Array(picture.bytes[..<count]), "x.webp")
        #expect(throws: FormatError.self, "\(count)") { try Files.load(path: path) }
      }
    }
  }

  @Test func anArrayOfMNISTIsRead() throws {
    let directory = TemporaryDirectory()
    let pictures: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]
    let images = try tensor(Files.load(path: directory.write(pictures, "train-images-idx3-ubyte")))
    #expect(images.shape.extents == [2, 1, 3] && images.toArray() == [1, 2, 3, 4, 5, 255])
    #expect(images.axes == Axes([.batch, .height, .width]))
    let numbers: [UInt8] = [0, 0, 0x0C, 1, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFE, 0x01, 0, 0, 1]
    let file = try Files.load(path: directory.write(numbers, "x"))
    #expect(try tensor(file).toArray() == [-2, 16_777_216])
    #expect(file.warnings.count == 1)
    // One byte too few or too many, an unknown type: nothing that is known.
    for bytes in [Array(pictures.dropLast()), pictures + [0], [0, 0, 7, 1, 0, 0, 0, 1, 5]] {
      let path = directory.write(bytes, "x")
      #expect(throws: FormatError.self) { try Files.load(path: path) }
    }
  }

  @Test(arguments: [(["labels"], 3), (["coarse_labels", "labels"], 2)])
  func aBatchOfCIFARIsRead(keys: [String], count: Int) throws {
    let directory = TemporaryDirectory()
    var bytes: [UInt8] = []
    for index in 0..<count {
      bytes += (0..<keys.count).map { UInt8(7 + index + $0) }
      bytes += (0..<3072).map { UInt8(truncatingIfNeeded: $0 + index) }
    }
    guard case .record(let entries) = try Files.load(path: directory.write(bytes, "test_batch.bin")).content
    else {
      Issue.record("no record")
      return
    }
    #expect(entries.map(\.key) == ["images"] + keys)
    let images = try entries[0].value.read().tensor
    #expect(images.shape.extents == [count, 3, 32, 32] && images.axes == .pictures(rank: 4))
    #expect(images.toArray()[3072] == 1 && images.toArray()[3071] == Float(3071 % 256))
    #expect(try entries[1].value.read().tensor.toArray() == (0..<count).map { Float(7 + $0) })
    // Another name, or a label that cannot be.
    bytes[0] = 200
    for (content, name) in [(bytes, "test_batch.bin"), (Array(bytes.dropFirst()), "a.bin")] {
      let path = directory.write(content, name)
      #expect(throws: FormatError.self) { try Files.load(path: path) }
    }
  }

  @Test(arguments: ["rgb8.png", "gray.jpg", "f4-little.npy", "stored.npz", "types.safetensors", "table.csv"])
  func anyFormatIsReadBehindGzip(name: String) throws {
    let directory = TemporaryDirectory()
    let content = Self.bytes(of: Fixtures.path(name))
    let half = content.count / 2
    // Two members one behind the other are one content, and what follows them is passed over.
    let packed = gzip(Array(content[..<half])) + gzip(Array(content[half...])) + [0, 0, 0]
    let found = try Files.load(path: directory.write(packed, name + ".gz"))
    let expected = try Files.load(path: Fixtures.path(name))
    switch (found.content, expected.content) {
    case (.tensor(let a), .tensor(let b)):
      #expect(a.toArray().map(\.bitPattern) == b.toArray().map(\.bitPattern) && a.shape == b.shape)
    case (.record(let a), .record(let b)):
      #expect(a.map(\.key) == b.map(\.key))
      for (one, other) in zip(a, b) {
        let (one, other) = (try one.value.read().tensor, try other.value.read().tensor)
        #expect(one.toArray().map(\.bitPattern) == other.toArray().map(\.bitPattern))
      }
    default: Issue.record("another kind")
    }
  }

  @Test func damagedGzipIsAnError() throws {
    let directory = TemporaryDirectory()
    let packed = gzip(Array("1,2\n3,4\n".utf8))
    var wrong = packed
    wrong[packed.count - 6] ^= 1
    for bytes in [Array(packed.dropLast()), Array(packed.prefix(14)), wrong, gzip([]), gzip(packed)] {
      let path = directory.write(bytes, "x.csv.gz")
      #expect(throws: FormatError.self) { try Files.load(path: path) }
    }
    #expect(try tensor(Files.load(path: directory.write(packed, "x.csv.gz"))).toArray() == [1, 2, 3, 4])
  }

  @Test(arguments: ["1 2\n3 4\n", "1.0e+00 2.0e+00\n3e0 4e0\n", "# numbers\n1\t2\n3\t4"])
  func numbersInATextAreATable(text: String) throws {
    let directory = TemporaryDirectory()
    let table = try tensor(Files.load(path: directory.write(Array(text.utf8), "x.txt")))
    #expect(table.shape.extents == [2, 2] && table.toArray() == [1, 2, 3, 4])
  }

  @Test func aFolderTellsItsFiles() throws {
    let directory = TemporaryDirectory()
    for name in ["b.png", "a.png", "B.png", ".hidden.png", "x.txt"] { directory.write([1], name) }
    let path = Paths.directory(of: directory.write([1], "z"))
    try Folder.make(path + "/sub/deep.png")
    try Folder.make(path + "/sub/deep.png")
    #expect(try Folder.files(in: path, matching: "*.png") == ["B.png", "a.png", "b.png"])
    #expect(try Folder.files(in: path, matching: ".*") == [".hidden.png"])
    #expect(try Folder.files(in: path + "/sub") == [])
    #expect(throws: FormatError.self) { try Folder.files(in: path + "/x.txt") }
    #expect(throws: FormatError.self) { try Folder.files(in: path + "/nowhere") }
    #expect(throws: FormatError.self) { try Folder.make(path + "/x.txt/sub") }
    rmdir(path + "/sub/deep.png")
    rmdir(path + "/sub")
  }

  @Test(arguments: [
    ("a/b.tar.gz", "b.tar", ".gz"), (".bashrc", ".bashrc", ""), ("a.b/c", "c", ""), ("x.JPG", "x", ".JPG"),
    ("a/.b.c", ".b", ".c"), ("x.", "x", "."), ("", "", ""),
  ])
  func aPathHasAStemAndASuffix(path: String, stem: String, suffix: String) {
    #expect(Paths.stem(of: path) == stem && Paths.suffix(of: path) == suffix)
  }

  @Test func picturesOfAFolderAreReadWhenTheyAreUsed() throws {
    let directory = TemporaryDirectory()
    let names = [
      "rgb8.png", "gray.jpg", "exif6.jpg", "baseline420.jpg", "rgb16.png", "palette8.png", "rgb8-exif6.png",
    ].filter {
      Paths.exists(Fixtures.path($0))
    }
    #expect(names.count == 7)
    for name in names { directory.write(Self.bytes(of: Fixtures.path(name)), name) }
    directory.write(Array("notes".utf8), "notes.txt")
    // The pixels are cut off, the header is there.
    let whole = Self.bytes(of: Fixtures.path("rgb8.png"))
    directory.write(Array(whole.prefix(whole.count / 2)), "short.png")
    for mode in [ColorMode.color, .gray, .unchanged] {
      let file = try Files.load(path: directory.path, options: LoadOptions(mode: mode))
      guard case .record(let entries) = file.content else {
        Issue.record("no record")
        return
      }
      let keys = mode == .unchanged ? names : names + ["short.png"]
      #expect(entries.map(\.key).sorted() == keys.sorted())
      #expect(file.warnings.count == 1)
      for entry in entries {
        if entry.key == "short.png" {
          #expect(throws: FormatError.self) { try entry.value.read() }
          continue
        }
        let expected = try tensor(
          Files.load(path: Fixtures.path(entry.key), options: LoadOptions(mode: mode)))
        let found = try entry.value.read().tensor
        #expect(entry.value.shape == expected.shape && found.toArray() == expected.toArray())
        #expect(entry.value.loaded == nil, "a loop over many pictures holds one at a time")
      }
    }
  }

  @Test func aFolderWithoutPicturesIsAnError() {
    let directory = TemporaryDirectory()
    #expect(throws: FormatError.self) { try Files.load(path: directory.path) }
    directory.write(Array("notes".utf8), "notes.txt")
    #expect(throws: FormatError.self) { try Files.load(path: directory.path) }
  }

  private func tensor(_ file: LoadedFile) throws -> Tensor {
    guard case .tensor(let tensor) = file.content else { return .empty }
    return tensor
  }

  /// A gzip member with its content stored.
  private func gzip(_ content: [UInt8]) -> [UInt8] {
    func little(_ number: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
    }
    var check = ~UInt32(0)
    for byte in content {
      check ^= UInt32(byte)
      for _ in 0..<8 { check = check & 1 == 1 ? check >> 1 ^ 0xEDB8_8320 : check >> 1 }
    }
    var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let count = min(65535, content.count - start)
      let length = [UInt8(count & 255), UInt8(count >> 8)]
      packed += [start + count == content.count ? 1 : 0] + length + length.map { ~$0 }
      packed += content[start..<start + count]
      start += count
    } while start < content.count
    return packed + little(~check) + little(UInt32(content.count))
  }
}
