import ConvoTensor
import Testing

@testable import ConvoFormats

/// The tensor of a file that holds one.
func loadTensor(_ path: String, _ mode: ColorMode = .color) throws -> Tensor {
  let file = try Files.load(path: path, options: LoadOptions(mode: mode))
  guard case .tensor(let tensor) = file.content else {
    Issue.record("\(path) holds a record")
    return try Tensor(scalar: 0)
  }
  return tensor
}

/// Whole levels without a pattern, from a fixed seed.
func levels(_ count: Int, seed: UInt32 = 1) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(state >> 24)
  }
}

@Suite struct PictureTests {
  let directory = TemporaryDirectory()

  @Test(arguments: [
    [5, 7], [5, 7, 1], [5, 7, 3], [1, 1, 1, 1], [3, 5, 7], [1, 3, 6, 2], [1, 4, 3, 2], [4, 2, 4],
  ])
  func aPNGGivesBackWhatWasSaved(extents: [Int]) throws {
    let shape = try Shape(extents)
    let values = levels(shape.count)
    let path = directory.file("x.png")
    #expect(try Files.save(.tensor(Tensor(values, shape)), to: path).isEmpty)
    let layout = try SavedPicture.layout(of: shape, axes: .unnamed(shape.rank))
    let loaded = try loadTensor(path, .unchanged)
    let expected =
      layout.channels == 1 ? [layout.height, layout.width] : [layout.height, layout.width, layout.channels]
    #expect(loaded.shape.extents == expected)
    #expect(loaded.axes == .image(rank: expected.count))
    var upright: [Float] = []
    for row in 0..<layout.height {
      for column in 0..<layout.width {
        for channel in 0..<layout.channels {
          upright.append(
            values[row * layout.rowStep + column * layout.columnStep + channel * layout.channelStep])
        }
      }
    }
    #expect(loaded.toArray() == upright)
  }

  @Test func aSmoothPictureSurvivesJPEG() throws {
    let shape = try Shape([40, 30, 3])
    let values = (0..<shape.count).map { Float($0 / 90 * 4 + $0 % 90) }
    let path = directory.file("x.JPEG")
    #expect(try Files.save(.tensor(Tensor(values, shape)), to: path).isEmpty)
    let loaded = try loadTensor(path)
    #expect(loaded.shape == shape)
    let error = zip(loaded.toArray(), values).map { abs($0 - $1) }.reduce(0, +) / Float(values.count)
    #expect(error < 4)
  }
}
