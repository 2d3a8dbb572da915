import ConvoTensor
import Glibc
import Testing

@testable import ConvoFormats

/// The problem of a file that does not load, nil if it loads whole.
func problem(loading path: String, _ mode: ColorMode = .color) -> FormatProblem? {
  do throws(FormatError) {
    let file = try Files.load(path: path, options: LoadOptions(mode: mode))
    if case .record(let entries) = file.content {
      for entry in entries { _ = try entry.value.read() }
    }
    return nil
  } catch {
    return error.problem
  }
}

@Suite(.serialized) struct BadInputTests {
  let directory = TemporaryDirectory()

  @Test(arguments: FileFormat.all.flatMap(\.suffixes).flatMap(Fixtures.names).filter { $0.hasPrefix("bad-") })
  func aBadFileIsAnErrorThatNamesIt(name: String) throws {
    let error = try #require(throws: FormatError.self) {
      let file = try Files.load(path: Fixtures.path(name))
      if case .record(let entries) = file.content {
        for entry in entries { _ = try entry.value.read() }
      }
    }
    #expect(error.path == Fixtures.path(name))
    #expect(error.message.hasPrefix(Fixtures.path(name) + ": "))
  }

  static let reasons: [(String, String)] = [
    ("bad-object.npy", "Python objects"), ("bad-complex.npy", "complex numbers (<c8)"),
    ("bad-text.npy", "texts"),
    ("bad-date.npy", "dates"), ("bad-structure.npy", "structured"),
    ("bad-huge.npy", "needs more than the 64 bytes"),
    ("bad-short.npy", "needs more than the 63 bytes"), ("bad-negative.npy", "whole number"),
    ("bad-tuple.npy", "no tuple"), ("bad-key.npy", "'more'"), ("bad-missing.npy", "no 'fortran_order'"),
    ("bad-version.npy", "version 4.0"), ("bad-twice.npz", "a: damaged NPZ file: the name appears twice"),
    ("bad-long.npz", "a: damaged NPY file: 4 bytes follow"), ("bad-member.npz", "a: damaged NPY"),
    ("bad-lie.npz", "needs more than the 64 bytes"), ("bad-checksum.npz", "CRC"),
    ("bad-encrypted.npz", "ZIP file with nothing that can be read: readme.txt: no .npy file; a: encrypted"),
    ("bad-text.npz", "ZIP file with nothing that can be read: readme.txt: no .npy file"),
    ("bad-strange.npz", "names: Python objects (pickled); words: texts (<U3); c: complex numbers (<c16)"),
    ("bad-overlap.safetensors", "\"b\" at data_offsets 8 overlaps"),
    ("bad-hole.safetensors", "\"b\" at data_offsets 8 leaves a hole"),
    ("bad-start.safetensors", "leaves a hole"),
    ("bad-beyond.safetensors", "take 20 bytes, but 16 follow"),
    ("bad-rest.safetensors", "take 12 bytes, but 16 follow"),
    ("bad-size.safetensors", "takes 12 bytes, its data_offsets 16"),
    ("bad-reversed.safetensors", "lacks its"),
    ("bad-type.safetensors", "nothing that can be read: a: F8_E4M3"),
    ("bad-huge.safetensors", "impossible shape"),
    ("bad-negative.safetensors", "whole number"), ("bad-fraction.safetensors", "lacks a ]"),
    ("bad-field.safetensors", "\"dtype\" twice"), ("bad-lacking.safetensors", "lacks its"),
    ("bad-twice.safetensors", "\"a\" appears twice"), ("bad-metadata.safetensors", "lacks a \""),
    ("bad-json.safetensors", "lacks a {"), ("bad-trailing.safetensors", "goes on"),
    ("bad-utf8.safetensors", "UTF-8"), ("bad-surrogate.safetensors", "surrogate"),
    ("bad-long.safetensors", "longer than the format allows"),
    ("bad-length.safetensors", "ends behind the file"),
    ("bad-ragged.csv", "the row has 1 cells, the first row has 2, at line 3"),
    ("bad-word.csv", "\"four\" in column 2 is no number, at line 2"),
    ("bad-nothing.csv", "no numbers"),
  ]

  @Test(arguments: reasons)
  func theReasonIsInTheMessage(name: String, reason: String) throws {
    let message = try #require(problem(loading: Fixtures.path(name))).message
    #expect(message.contains(reason), "\(message)")
  }

  @Test func whatIsNoFileIsAnError() {
    #expect(problem(loading: directory.file("nowhere.png")) == .missing)
    #expect(problem(loading: Fixtures.path("gray8.png/x")) == .missing)
    #expect(problem(loading: "/dev/zero") == .notRegular(.device))
    mkfifo(directory.file("pipe"), 0o600)
    #expect(problem(loading: directory.file("pipe")) == .notRegular(.pipe))
    #expect(problem(loading: directory.write([], "empty.png")) == .empty)
    #expect(problem(loading: "a\0b") != nil)
    symlink("loop", directory.file("loop"))
    #expect(problem(loading: directory.file("loop")) == .system(doing: "opening the file", number: ELOOP))
  }

  @Test func aFileThatMayNotBeReadIsAnError() throws {
    let path = directory.write([1, 2, 3], "secret.png")
    chmod(path, 0)
    // Root may read everything.
    if geteuid() != 0 { #expect(problem(loading: path) == .forbidden(.read)) }
  }

  @Test func aTextIsNoPicture() throws {
    let path = directory.write(Array("Dear reader, this is no picture.".utf8), "x.png")
    let found = try #require(problem(loading: path))
    #expect(found == .unknownContent(Array("Dear reader, thi".utf8)))
    let supported = "supported: PNG, JPEG, WebP, NPY, NPZ, safetensors, IDX, CIFAR and CSV"
    #expect(
      found.message == "not a picture or weight file; its first bytes are \"Dear reader, thi\"; "
        + supported)
    #expect(FormatProblem.unknownContent([0, 0xFF]).message.contains("00 ff"))
    let table = directory.write(Array("Dear reader\n".utf8), "x.csv")
    #expect(problem(loading: table)?.message.contains("damaged CSV") == true)
  }

  /// A PNG header of 24-bit colour and nothing behind it.
  static func header(size: [UInt8], checksum: [UInt8]) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + size + [
      8, 2, 0, 0, 0,
    ]
      + checksum + [0, 0, 0, 0] + Array("IDAT".utf8) + [0x35, 0xAF, 0x06, 0x1E]
  }

  @Test func aDeclaredSizeIsCheckedBeforeAnythingIsAllocated() throws {
    let before = MemoryBudget.inUse
    let path = directory.write(
      Self.header(size: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60], checksum: [0x0F, 0xB0, 0xE2, 0x15]), "huge.png")
    let limit = MemoryBudget.limit
    defer { MemoryBudget.limit = limit }
    MemoryBudget.limit = 40 << 30
    guard
      case .memory(.overLimit(requested: 43_200_000_000, _, limit: 42_949_672_960), _)? = problem(
        loading: path)
    else {
      Issue.record("\(String(describing: problem(loading: path)))")
      return
    }
    #expect(problem(loading: path)?.message.contains("nothing was allocated") == true)
    // Where the memory would do, the file is too short to hold as much.
    let wide = directory.write(
      Self.header(size: [0, 0, 0x4E, 0x20, 0, 0, 0x10, 0], checksum: [0x18, 0x54, 0x46, 0xB2]), "wide.png")
    #expect(problem(loading: wide)?.message.contains("20000×4096 pixels cannot be in 45 bytes") == true)
    var jpeg = bytes(of: Fixtures.path("progressive420.jpg"))
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC2 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x4E, 0x20, 0x10, 0])
    let tall = directory.write(jpeg, "tall.jpg")
    #expect(
      problem(loading: tall)?.message.contains("4096×20000 pixels cannot be in \(jpeg.count) bytes") == true)
    // 256 MB of float32 in a file of 65 kB.
    MemoryBudget.limit = before + 200 << 20
    #expect(problem(loading: Fixtures.path("bomb.npz"))?.message.contains("a: the array") == true)
  }
}
