import ConvoTensor
import Dispatch
import Testing

@testable import ConvoFormats

@Suite struct PNGEncoderTests {
  let directory = TemporaryDirectory()

  /// One strip, strips of one row, a last strip that is shorter, more strips than are in memory at a time.
  @Test(arguments: [[3, 5], [3, 100_003], [700, 331], [33 * 97 + 1, 1013]])
  func picturesOfManyStripsComeBack(extents: [Int]) throws {
    let shape = try Shape(extents)
    let tensor = try Tensor(levels(shape.count), shape)
    let path = directory.file("x.png")
    #expect(try Files.save(.tensor(tensor), to: path).isEmpty)
    let loaded = try loadTensor(path, .gray)
    #expect(loaded.shape == shape)
    #expect(loaded.toArray() == tensor.toArray())
  }

  @Test func threadsDoNotChangeTheBytes() throws {
    let shape = try Shape([300, 400, 3])
    let tensor = try Tensor(levels(shape.count).map { $0 * 2 - 100 }, shape)
    let alone = try Files.save(.tensor(tensor), to: directory.file("alone.png"))
    var options = SaveOptions()
    options.perform = { count, body in
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: count) { body(count - 1 - $0) }
      return true
    }
    let together = try Files.save(.tensor(tensor), to: directory.file("together.png"), options: options)
    #expect(alone == together)
    #expect(bytes(of: directory.file("alone.png")) == bytes(of: directory.file("together.png")))
  }

  @Test func aSaveThatIsGivenUpLeavesTheOldFile() throws {
    let path = directory.write([1, 2, 3], "x.png")
    var options = SaveOptions()
    options.perform = { _, body in
      body(0)
      return false
    }
    let tensor = try Tensor(repeating: 7, Shape([300, 400, 3]))
    let expected = FormatError(path: path, problem: .interrupted)
    #expect(throws: expected) { try Files.save(.tensor(tensor), to: path, options: options) }
    #expect(bytes(of: path) == [1, 2, 3])
    #expect(directory.names == ["x.png"])
  }
}
