import ConvoTensor
import Glibc
import Testing

@testable import ConvoFormats

@Suite struct AtomicSaveTests {
  let directory = TemporaryDirectory()
  let old: [UInt8] = Array("what was there before".utf8)

  func save(_ path: String, _ extents: [Int] = [2, 2]) -> FormatProblem? {
    do throws(FormatError) {
      guard let shape = try? Shape(extents), let tensor = try? Tensor(repeating: 1, shape) else {
        return .empty
      }
      _ = try Files.save(.tensor(tensor), to: path)
      return nil
    } catch {
      return error.problem
    }
  }

  func status(_ path: String) -> stat {
    var status = stat()
    lstat(path, &status)
    return status
  }

  @Test(arguments: ["png", "jpg", "csv"])
  func aSaveThatFailsLeavesTheOldFile(suffix: String) {
    let path = directory.write(old, "x." + suffix)
    #expect(save(path, [2, 2, 2, 2, 2]) != nil)
    #expect(bytes(of: path) == old)
    #expect(directory.names == ["x." + suffix])
  }

  @Test func anUnfinishedFileDisappears() throws {
    let path = directory.write(old, "x.npy")
    do {
      let file = try OutputFile(path: path)
      try file.write([1, 2, 3])
      #expect(directory.names.count == 2)
      #expect(bytes(of: path) == old)
    }
    #expect(directory.names == ["x.npy"])
    #expect(bytes(of: path) == old)
  }

  @Test func aFullDiskIsAnErrorOfEveryWriter() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    defer { close(full) }
    for (format, values) in [(FileFormat.png, 1), (.jpeg, 1), (.npy, 1), (.csv, 1)] {
      let file = try OutputFile(path: directory.file("x"))
      dup2(full, file.descriptor)
      let tensor = try Tensor(repeating: Float(values), Shape([300, 300]))
      #expect(throws: FormatProblem.system(doing: "writing", number: ENOSPC)) {
        _ = try format.write(.tensor(tensor), file, SaveOptions())
      }
    }
    #expect(directory.names.isEmpty)
    #expect(
      FormatProblem.system(doing: "writing", number: ENOSPC).message == "writing failed: the disk is full")
  }

  @Test func permissionsOfTheOldFileAreKept() {
    let path = directory.write(old, "x.npy")
    chmod(path, 0o640)
    #expect(save(path) == nil)
    #expect(status(path).st_mode & 0o7777 == 0o640)
    let new = directory.file("y.npy")
    #expect(save(new) == nil)
    let mask = umask(0)
    umask(mask)
    #expect(status(new).st_mode & 0o7777 == 0o666 & ~mask)
  }

  @Test func linksAreFollowed() {
    let target = directory.write(old, "target.npy")
    symlink("target.npy", directory.file("link.npy"))
    symlink(directory.file("link.npy"), directory.file("second.npy"))
    #expect(save(directory.file("second.npy")) == nil)
    #expect(status(directory.file("second.npy")).st_mode & S_IFMT == S_IFLNK)
    #expect(status(directory.file("link.npy")).st_mode & S_IFMT == S_IFLNK)
    #expect(bytes(of: target) != old)
    symlink("new.npy", directory.file("dangling.npy"))
    #expect(save(directory.file("dangling.npy")) == nil)
    #expect(status(directory.file("new.npy")).st_mode & S_IFMT == S_IFREG)
    symlink("loop.npy", directory.file("loop.npy"))
    #expect(save(directory.file("loop.npy")) == .system(doing: "opening the file", number: ELOOP))
  }

  @Test func whatIsNoFileIsRefused() {
    symlink("/dev/null", directory.file("null.npy"))
    #expect(save(directory.file("null.npy")) == .notRegular(.device))
    mkdir(directory.file("x.npy"), 0o700)
    #expect(save(directory.file("x.npy")) == .notRegular(.directory))
    rmdir(directory.file("x.npy"))
    mkfifo(directory.file("pipe.npy"), 0o600)
    #expect(save(directory.file("pipe.npy")) == .notRegular(.pipe))
    #expect(save(directory.file("nowhere/x.npy")) == .missingDirectory(directory.file("nowhere/")))
    #expect(save(directory.file("a\0b.npy")) != nil)
    #expect(save(directory.file(String(repeating: "x", count: 300) + ".npy")) != nil)
    #expect(directory.names == ["null.npy", "pipe.npy"])
  }

  @Test func aLongNameThatFitsIsSaved() {
    let name = String(repeating: "x", count: 251) + ".npy"
    #expect(save(directory.file(name)) == nil)
    #expect(directory.names == [name])
  }

  @Test func whatMayNotBeWrittenIsRefused() {
    if geteuid() == 0 { return }
    let path = directory.write(old, "x.npy")
    chmod(path, 0o444)
    #expect(save(path) == .forbidden(.write))
    chmod(directory.path, 0o500)
    #expect(save(directory.file("y.npy")) == .forbidden(.write))
    chmod(directory.path, 0o700)
  }
}
