import ConvoTensor
import Testing

@testable import ConvoFormats

@Suite struct RoundTripTests {
  let directory = TemporaryDirectory()

  /// Values that need all bits, and the special ones.
  static func values(_ count: Int) -> [Float] {
    let special: [Float] = [
      0, -0.0, 1, -1, .pi, .leastNonzeroMagnitude, 3.4e38, -3.4e38, .infinity, -.infinity, 0.1, 16_777_215,
    ]
    return (0..<count).map { special[$0 % special.count] * ($0 < special.count ? 1 : 1 + Float($0)) }
  }

  static let shapes = [[], [1], [7], [0], [3, 5], [2, 0, 3], [2, 3, 4, 5], [1, 1, 1, 1, 1, 1]]

  @Test(arguments: shapes)
  func anNPYFileGivesBackEveryBit(extents: [Int]) throws {
    let shape = try Shape(extents)
    let tensor = try Tensor(Self.values(shape.count), shape)
    let path = directory.file("x.npy")
    #expect(try Files.save(.tensor(tensor), to: path).isEmpty)
    let loaded = try loadTensor(path)
    #expect(loaded.shape == shape)
    #expect(loaded.toArray().map(\.bitPattern) == tensor.toArray().map(\.bitPattern))
  }

  @Test(arguments: [[1, 1], [7, 1], [3, 5], [40, 12]])
  func aCSVFileGivesBackEveryNumber(extents: [Int]) throws {
    let shape = try Shape(extents)
    let tensor = try Tensor(Self.values(shape.count), shape)
    let path = directory.file("x.csv")
    #expect(try Files.save(.tensor(tensor), to: path).isEmpty)
    let loaded = try loadTensor(path)
    #expect(loaded.shape == shape)
    #expect(loaded.toArray() == tensor.toArray())
  }

  @Test(arguments: ["npz", "safetensors"])
  func anEmptyRecordGivesBackNothing(suffix: String) throws {
    let path = directory.file("x." + suffix)
    #expect(try Files.save(.record([]), to: path).isEmpty)
    guard case .record(let loaded) = try Files.load(path: path).content else {
      Issue.record("not a record")
      return
    }
    #expect(loaded.isEmpty)
  }

  @Test(arguments: ["npz", "safetensors"])
  func aRecordGivesBackEveryBitInItsOrder(suffix: String) throws {
    let entries = try Self.shapes.enumerated().map { index, extents in
      let shape = try Shape(extents)
      return (key: "conv\(9 - index)/W ä\"\\", tensor: try Tensor(Self.values(shape.count), shape))
    }
    let path = directory.file("x." + suffix)
    #expect(try Files.save(.record(entries), to: path).isEmpty)
    let file = try Files.load(path: path)
    guard case .record(let loaded) = file.content else {
      Issue.record("not a record")
      return
    }
    #expect(file.warnings.isEmpty)
    #expect(loaded.map(\.key) == entries.map(\.key))
    for (entry, (_, tensor)) in zip(loaded, entries) {
      let value = try entry.value.read().tensor
      #expect(value.shape == tensor.shape)
      #expect(entry.value.shape == tensor.shape)
      #expect(value.toArray().map(\.bitPattern) == tensor.toArray().map(\.bitPattern))
    }
    #expect(directory.names == ["x." + suffix])
  }
}
