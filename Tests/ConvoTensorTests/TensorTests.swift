import Testing

@testable import ConvoTensor

/// Tensors are values: a copy shares its storage until one of the two changes.
@Suite(.serialized) struct TensorTests {
  @Test func changingACopyLeavesTheOriginal() throws {
    let original = try Tensor([1, 2, 3], .vector(3))
    var copy = original
    try copy.withUnsafeMutableFloats { $0[0] = 9 }
    #expect(original.toArray() == [1, 2, 3])
    #expect(copy.toArray() == [9, 2, 3])
  }

  @Test func aTensorNobodySharesChangesInPlace() throws {
    var tensor = try Tensor([1, 2, 3], .vector(3))
    let before = tensor.identity
    try tensor.withUnsafeMutableFloats { $0[0] = 9 }
    #expect(tensor.identity == before)
    let isUnique = tensor.isUniquelyReferenced()
    #expect(isUnique)
  }

  @Test func reshapingSharesTheStorage() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6], Shape([2, 3]))
    let turned = try tensor.reshaped(to: Shape([3, 2]))
    #expect(turned.toArray() == tensor.toArray())
    #expect(turned.shape.extents == [3, 2])
    let wrong = try Shape([4])
    #expect(throws: ShapeError.elementCount(from: tensor.shape, to: [4])) { try tensor.reshaped(to: wrong) }
  }

  @Test func aViewSeesAPartAndKeepsItWhenTheWholeChanges() throws {
    var tensor = try Tensor([1, 2, 3, 4], .vector(4))
    let part = tensor.view(of: 1..<3, shape: .vector(2), axes: .unnamed(1))
    #expect(part.toArray() == [2, 3])
    try tensor.withUnsafeMutableFloats { $0[1] = 9 }
    #expect(part.toArray() == [2, 3])
    var other = part
    try other.withUnsafeMutableFloats { $0[0] = 7 }
    #expect(tensor.toArray() == [1, 9, 3, 4])
    #expect(other.toArray() == [7, 3])
  }

  @Test func derivedFormsGoWhenTheElementsChange() throws {
    var weight = try Tensor([1, 2], .vector(2))
    let key = DerivedKey("sum", [])
    func sum(_ tensor: Tensor) throws -> [Float] {
      try tensor.derivedForm(for: key) { try Tensor(scalar: tensor.toArray().reduce(0, +)) }.toArray()
    }
    #expect(try sum(weight) == [3])
    let copy = weight
    try weight.withUnsafeMutableFloats { $0[0] = 10 }
    #expect(try sum(weight) == [12])
    #expect(try sum(copy) == [3])
    weight = copy
    #expect(try sum(weight) == [3])
  }

  @Test func aWeakTensorNoticesChangesAndTheEnd() throws {
    var tensor: Tensor? = try Tensor([1, 2], .vector(2))
    let weak = WeakTensor(try #require(tensor))
    #expect(weak.tensor?.toArray() == [1, 2])
    try tensor?.withUnsafeMutableFloats { $0[0] = 5 }
    #expect(weak.tensor == nil)
    let again = WeakTensor(try #require(tensor))
    #expect(again.tensor != nil)
    tensor = nil
    #expect(again.tensor == nil)
  }

  @Test func aPhantomTakesNoMemoryAndIsNeverChangedInPlace() throws {
    let huge = try Tensor(phantom: Shape([1 << 20, 1 << 10]))
    #expect(huge.isPhantom)
    var small = try Tensor(phantom: .vector(4))
    let isUnique = small.isUniquelyReferenced()
    #expect(!isUnique)
    try small.withUnsafeMutableFloats { $0[0] = 1 }
    #expect(small.toArray() == [1, 0, 0, 0])
    #expect(!small.isPhantom)
  }

  @Test func originsAreCutWhenTheyGetLong() {
    var origin: Origin?
    for line in 0..<100_000 {
      let operand = Origin.Operand(name: "x", shape: .scalar, axes: .unnamed(0), origin: origin)
      origin = Origin(operation: "+", text: "x + 1", line: line, operands: [operand])
    }
    #expect((origin?.depth ?? .max) <= Origin.maximumDepth)
  }
}
