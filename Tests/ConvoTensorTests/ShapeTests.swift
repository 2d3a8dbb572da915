import Testing

@testable import ConvoTensor

/// Shapes check themselves once, so that everything behind may trust them.
@Suite struct ShapeTests {
  @Test(
    arguments: [
      ([], 1), ([5], 5), ([2, 3], 6), ([2, 0, 3], 0), ([1, 3, 380, 512], 583_680), ([0, 1 << 20], 0),
    ] as [([Int], Int)])
  func countIsTheProduct(extents: [Int], count: Int) throws {
    #expect(try Shape(extents).count == count)
  }

  @Test func extentsThatCannotBeAreRejected() {
    #expect(throws: ShapeError.negativeExtent([2, -1])) { try Shape([2, -1]) }
    #expect(throws: ShapeError.tooLarge([Int.max, 2])) { try Shape([Int.max, 2]) }
    #expect(throws: ShapeError.tooLarge([1 << 32, 1 << 32])) { try Shape([1 << 32, 1 << 32]) }
  }

  @Test func stridesAreRowMajor() throws {
    #expect(try Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect(Shape.scalar.strides == [])
  }

  @Test func axesCountFromBothEnds() throws {
    let shape = try Shape([2, 3, 4])
    #expect(try shape.axis(-1) == 2)
    #expect(try shape.axes([2, -3]) == [0, 2])
    #expect(try shape.axes(nil) == [0, 1, 2])
    #expect(throws: ShapeError.axisOutOfRange(axis: 3, rank: 3)) { try shape.axis(3) }
    #expect(throws: ShapeError.axisOutOfRange(axis: -4, rank: 3)) { try shape.axis(-4) }
    #expect(throws: ShapeError.repeatedAxis(-1)) { try shape.axes([2, -1]) }
  }

  @Test(
    arguments: [
      ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([], [4], [4]), ([], [], []), ([0], [1], [0]),
      ([5, 1, 3], [4, 3], [5, 4, 3]),
    ] as [([Int], [Int], [Int])])
  func broadcastStretchesOnes(left: [Int], right: [Int], result: [Int]) throws {
    #expect(try Shape(left).broadcast(with: Shape(right)).extents == result)
    #expect(try Shape(right).broadcast(with: Shape(left)).extents == result)
  }

  @Test func broadcastOfDifferentExtentsIsAnError() throws {
    let (left, right) = (try Shape([2, 3]), try Shape([4]))
    #expect(throws: ShapeError.broadcast(left, right)) { try left.broadcast(with: right) }
  }

  @Test func axesReadAsUsersWriteThem() throws {
    #expect(Axes.pictures(rank: 4).text(try Shape([1, 3, 380, 512])) == "N1 C3 H380 W512")
    #expect(Axes.weight.text(try Shape([5, 3, 3, 3])) == "O5 I3 3×3")
    #expect(Axes.unnamed(2).text(try Shape([2, 3])) == "2×3")
    #expect(Axes.unnamed(0).text(.scalar) == "number")
  }
}
