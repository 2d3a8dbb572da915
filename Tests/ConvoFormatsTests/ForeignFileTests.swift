import ConvoTensor
import Testing

@testable import ConvoFormats

/// Files that are not read, and files that are sound but for something that takes nothing from their content.
@Suite struct ForeignFileTests {
  let directory = TemporaryDirectory()

  static let kinds: [(String, [UInt8], String)] = [
    ("x.png", Array("GIF89a".utf8) + [1, 0, 1, 0], "a GIF picture"),
    ("x.png", [0x49, 0x49, 42, 0, 8, 0, 0, 0], "a TIFF picture"),
    ("x", [0x4D, 0x4D, 0, 42, 0, 0], "a TIFF picture"),
    ("x.bmp", [0x42, 0x4D, 0x46, 0, 0, 0], "a BMP picture"),
    ("x.jpg", [0, 0, 0, 24] + Array("ftypheic".utf8), "a HEIC picture"),
    ("x.npy", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0], "an HDF5 file"),
    ("x.csv", [0xFF, 0xFE, 0x31, 0, 0x2C, 0, 0x32, 0], "text in UTF-16"),
    ("x.csv", [0xFE, 0xFF, 0, 0x31, 0, 0x2C, 0, 0x32], "text in UTF-16"),
    ("x.csv", [0x31, 0, 0x2C, 0, 0x32, 0, 0x0A, 0], "text in UTF-16"),
    ("x", [0, 0x31, 0, 0x0A], "text in UTF-16"),
    ("x.csv", [0xFF, 0xFE, 0, 0, 0x31, 0, 0, 0], "text in UTF-32"),
    ("x.npz", Array("version https://git-lfs.github.com/spec/v1\noid".utf8), "a Git LFS pointer"),
    ("x.png", Array("<!DOCTYPE html><title>404".utf8), "an HTML page"),
    ("x.pgm", Array("P5 1 1 255\n".utf8) + [0, 1], "a PGM picture"),
    ("x.tar", [UInt8](repeating: 0, count: 257) + Array("ustar".utf8), "a tar archive"),
  ]

  @Test(arguments: kinds)
  func aFileOfAKnownKindIsNamedByItsKind(name: String, content: [UInt8], kind: String) throws {
    let message = try #require(problem(loading: directory.write(content, name))).message
    #expect(message.hasPrefix("\(kind), which"), "\(message)")
  }

  @Test(arguments: [
    ("archive/data.pkl", "a PyTorch file"), ("xl/workbook.xml", "an Excel workbook"),
    ("model.weights.h5", "a Keras model"),
  ])
  func anArchiveOfAKnownKindIsNamedByItsKind(member: String, kind: String) throws {
    // An archive of an array under another name of the same length of bytes.
    let path = directory.file("x.npz")
    let stand = String(repeating: "m", count: member.utf8.count - 4)
    _ = try Files.save(.record([(key: stand, tensor: Tensor(repeating: 1, Shape([2])))]), to: path)
    var content = bytes(of: path)
    let name = Array((stand + ".npy").utf8)
    for start in 0..<content.count - name.count where Array(content[start..<start + name.count]) == name {
      content.replaceSubrange(start..<start + name.count, with: member.utf8)
    }
    let message = try #require(problem(loading: directory.write(content, "y.zip"))).message
    #expect(message.hasPrefix("\(kind), which is not read"), "\(message)")
  }

  @Test func aHeaderThatBeginsAsAnotherKindIsStillItsOwn() throws {
    // The length of a safetensors header may read as any two letters.
    let length = 0x4D42
    var header = Array("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".utf8)
    header += [UInt8](repeating: 0x20, count: length - header.count)
    let content = [0x42, 0x4D, 0, 0, 0, 0, 0, 0] + header + [0, 0, 0x80, 0x3F]
    #expect(try loadAll(directory.write(content, "x")).map { $0.tensor.toArray() } == [[1]])
  }

  @Test func membersThatCannotBeReadHideNoOthers() throws {
    let strange = try Files.load(path: Fixtures.path("strange.npz"))
    let words = "names: Python objects (pickled); words: texts (<U3); c: complex numbers (<c16)"
    #expect(strange.warnings == [.skippedMembers("3 of 4 members (\(words))")])
    #expect(
      strange.warnings.map(\.message) == ["3 of 4 members (\(words)) were passed over"])
    let unread = try Files.load(path: Fixtures.path("unread.safetensors"))
    #expect(unread.warnings == [.skippedMembers("2 of 3 members (c: C64; d: F4)")])
    #expect(try Files.load(path: Fixtures.path("mac.npz")).warnings.isEmpty)
    #expect(try Files.load(path: Fixtures.path("fields.safetensors")).warnings.isEmpty)
  }

  @Test func damageOfAMemberThatIsNotReadRefusesTheFile() throws {
    var archive = bytes(of: Fixtures.path("strange.npz"))
    // A letter of the text array.
    let place = try #require(
      archive.indices.dropLast(12).first {
        Array(archive[$0..<$0 + 12]) == Array("c\0\0\0a\0\0\0t\0\0\0".utf8)
      })
    archive[place] ^= 1
    #expect(problem(loading: directory.write(archive, "x.npz"))?.message.contains("CRC") == true)
    var tensors = bytes(of: Fixtures.path("unread.safetensors"))
    let offset = try #require(
      tensors.indices.dropLast(4).first { Array(tensors[$0..<$0 + 4]) == Array("[8, ".utf8) })
    tensors[offset + 1] = UInt8(ascii: "4")
    #expect(problem(loading: directory.write(tensors, "x.safetensors")) != nil)
  }

  @Test func keysAreBytes() throws {
    let entry = { (key: String, range: String) in
      "\"\(key)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\(range)]}"
    }
    let header = Array("{\(entry("\u{FC}", "0,4")),\(entry("u\u{308}", "4,8"))}".utf8)
    let content = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    let all = try loadAll(directory.write(content, "x.safetensors"))
    #expect(all.map { Array(($0.key ?? "").utf8) } == [[0xC3, 0xBC], [0x75, 0xCC, 0x88]])
    #expect(all.map { $0.tensor.toArray() } == [[1], [2]])
    for suffix in ["npz", "safetensors"] {
      let path = directory.file("both." + suffix)
      let entries = all.map { (key: $0.key ?? "", tensor: $0.tensor) }
      _ = try Files.save(.record(entries), to: path)
      #expect(try loadAll(path).map { Array(($0.key ?? "").utf8) } == [[0xC3, 0xBC], [0x75, 0xCC, 0x88]])
    }
  }

  @Test(arguments: ["baseline420.jpg", "progressive420.jpg", "restart.jpg", "gray.jpg", "cmyk-adobe.jpg"])
  func aPictureWhoseRowsAreAllThereNeedsNoEndMark(name: String) throws {
    let whole = bytes(of: Fixtures.path(name))
    let expected = try loadTensor(Fixtures.path(name))
    let rows = Array(whole.dropLast(2))
    let samsung: [UInt8] = [0, 0] + Array("SEFHk".utf8) + [0, 0, 0, 1, 0, 0, 0] + Array("SEFT".utf8)
    for ending in [[], samsung, [0xFF], [0, 0xFF, 0]] {
      let file = try Files.load(path: directory.write(rows + ending, "x.jpg"))
      guard case .tensor(let tensor) = file.content else { continue }
      #expect(tensor.toArray() == expected.toArray(), "\(ending)")
      #expect(file.warnings == [.flaw("the end of the picture is not marked")])
    }
    // What stands behind the mark does not matter at all.
    let file = try Files.load(path: directory.write(whole + samsung + whole, "x.jpg"))
    #expect(file.warnings.isEmpty)
    // Where one pixel is missing, the picture is damaged.
    #expect(problem(loading: directory.write(Array(whole.dropLast(12)), "x.jpg")) != nil)
  }

  @Test(arguments: ["baseline444.jpg", "progressive420.jpg", "gray-progressive.jpg"])
  func aPictureInTheMarksPlaceIsATrailer(name: String) throws {
    let whole = bytes(of: Fixtures.path(name))
    let file = try Files.load(path: directory.write(Array(whole.dropLast(2)) + whole, "x.jpg"))
    guard case .tensor(let tensor) = file.content else { return }
    #expect(try tensor.toArray() == loadTensor(Fixtures.path(name)).toArray())
    #expect(file.warnings == [.flaw("the end of the picture is not marked")])
    // Where scans are missing, what follows makes the picture no less damaged.
    let cut = Array(whole.dropLast(whole.count / 3)) + whole
    #expect(problem(loading: directory.write(cut, "x.jpg")) != nil)
  }

  /// An Exif block of one entry.
  static func exif(_ orientation: UInt8, kind: UInt8, isBigEndian: Bool) -> [UInt8] {
    if isBigEndian {
      let value: [UInt8] =
        kind == 4 ? [0, 0, 0, orientation] : kind == 3 ? [0, orientation, 0, 0] : [orientation, 0, 0, 0]
      return [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, kind, 0, 0, 0, 1] + value + [0, 0, 0, 0]
    }
    return [
      0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, kind, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
    ]
  }

  @Test(arguments: [1, 3, 4] as [UInt8], 0...2)
  func theOrientationIsFoundHoweverItIsStored(kind: UInt8, names: Int) throws {
    let name = Array("Exif\0\0".utf8)
    for orientation in 1...8 as ClosedRange<UInt8> {
      for isBigEndian in [false, true] {
        let block = Self.exif(orientation, kind: kind, isBigEndian: isBigEndian)
        let expected = ExifOrientation(tag: Int(orientation))
        let found = (repeatElement(name, count: names).joined() + block).withUnsafeBytes {
          ExifOrientation(exif: $0)
        }
        #expect(found == expected)
      }
    }
  }

  @Test func theOrientationOfAPNGMayStandBehindItsPixels() throws {
    let whole = bytes(of: Fixtures.path("rgb8.png"))
    let plain = try loadTensor(Fixtures.path("rgb8.png"))
    let block = Self.exif(6, kind: 4, isBigEndian: true)
    // libpng passes the chunk over, checksum and all.
    let chunk = [0, 0, 0, UInt8(block.count)] + Array("eXIf".utf8) + block + [0, 0, 0, 0]
    let turned = try loadTensor(directory.write(whole.dropLast(12) + chunk + whole.suffix(12), "x.png"))
    #expect(turned.shape.extents == [plain.shape[1], plain.shape[0], 3])
  }
}
