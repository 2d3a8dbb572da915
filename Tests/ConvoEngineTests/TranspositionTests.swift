import ConvoTensor
import Testing

@testable import ConvoEngine

@Suite struct TranspositionTests {
  @Test func everyOrderOfAxesMovesEveryElement() throws {
    let cases: [([Int], [Int])] = [
      ([5], [0]), ([3, 4], [1, 0]), ([16, 16], [1, 0]), ([17, 33], [1, 0]), ([31, 15], [1, 0]),
      ([100, 3], [1, 0]),
      ([3, 100], [1, 0]), ([2, 67], [1, 0]), ([67, 4], [1, 0]), ([5, 7, 3], [2, 0, 1]),
      ([3, 5, 7], [1, 2, 0]),
      ([2, 3, 4, 5], [0, 2, 3, 1]), ([2, 3, 4, 5], [3, 2, 1, 0]), ([2, 17, 3, 19], [2, 1, 0, 3]),
      ([4, 1, 18, 20], [1, 3, 0, 2]), ([3, 0, 2], [2, 1, 0]), ([2, 3, 4, 5], [0, 3, 1, 2]),
      ([18, 1, 1, 19], [3, 1, 2, 0]),
    ]
    for (extents, order) in cases {
      let input = try counting(extents)
      let output = order.map { extents[$0] }
      let wanted = positions(output).map { position in
        var source = [Int](repeating: 0, count: extents.count)
        for (axis, place) in zip(order, position) { source[axis] = place }
        return at(source, extents)
      }
      try everywhere("\(extents) \(order)") { settings in
        var operation = Transposition(input: input, axes: order)
        operation.settings = settings
        return try operation.freshResult()
      } check: { kernels, found in
        #expect(found.shape.extents == output)
        #expect(found.toArray() == wanted, "\(extents) \(order) \(kernels.name)")
      }
    }
  }

  @Test func largeTranspositionsAreSharedOut() throws {
    for (extents, order) in [([301, 307], [1, 0]), ([40_001, 3], [1, 0]), ([4, 30_011], [1, 0])] {
      let input = try counting(extents)
      try everywhere { settings in
        var operation = Transposition(input: input, axes: order)
        operation.settings = settings
        return try operation.freshResult()
      } check: { _, found in
        let values = found.toArray()
        for j in stride(from: 0, to: extents[1], by: 7) {
          for i in stride(from: 0, to: extents[0], by: 11)
          where values[j * extents[0] + i] != at([i, j], extents) {
            Issue.record("\(extents) at \(i), \(j)")
            return
          }
        }
      }
    }
  }

  @Test func namesMoveWithTheirAxes() throws {
    let image = try counting([4, 5, 3], axes: .image(rank: 3))
    #expect(Transposition(input: image, axes: [2, 0, 1]).outputAxes() == .pictures(rank: 3))
    #expect(Transposition(input: image, axes: []).outputAxes() == Axes([.channel, .width, .height]))
    expectShapeError(.axisCount(expected: 3, found: 2), Transposition(input: image, axes: [0, 1]))
    expectShapeError(.repeatedAxis(-3), Transposition(input: image, axes: [0, 1, -3]))
    expectShapeError(.axisOutOfRange(axis: 3, rank: 3), Transposition(input: image, axes: [0, 1, 3]))
  }
}
