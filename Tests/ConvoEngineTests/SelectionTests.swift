import ConvoTensor
import Testing

@testable import ConvoEngine

/// Choosing elements by places and masks, and writing to them.
@Suite struct SelectionTests {
  @Test func gatheringTakesPartsByTheirPlaces() throws {
    var numbers = Numbers(13)
    for _ in 0..<300 {
      let extents = (0..<numbers.next(1...4)).map { _ in numbers.next(1...5) }
      let axis = numbers.next(0...(extents.count - 1))
      let x = try counting(extents)
      let indexExtents = (0..<numbers.next(0...2)).map { _ in numbers.next(0...4) }
      var index = try numbers.tensor(indexExtents)
      index.fill { floats in
        for i in floats.indices { floats[i] = Float(numbers.next(-extents[axis]...(extents[axis] - 1))) }
      }
      var gathering = Gathering(input: x, index: index, axis: axis)
      let found = try gathering.result()
      let shape = Array(extents[..<axis]) + indexExtents + Array(extents[(axis + 1)...])
      #expect(found.shape.extents == shape)
      guard found.count > 0 else { continue }
      for place in positions(shape) {
        let inner = Array(place[axis..<(axis + indexExtents.count)])
        let choice = Int(index[inner])
        let source =
          Array(place[..<axis]) + [choice < 0 ? choice + extents[axis] : choice]
          + Array(place[(axis + indexExtents.count)...])
        #expect(found[place] == x[source])
      }
    }
  }

  @Test func whatIsGatheredCanBeWritten() throws {
    var numbers = Numbers(14)
    for _ in 0..<200 {
      let extents = [numbers.next(2...4), numbers.next(2...5), numbers.next(1...4)]
      let axis = numbers.next(0...2)
      let count = numbers.next(1...4)
      let places = (0..<count).map { _ in Float(numbers.next(0...(extents[axis] - 1))) }
      let index = try Tensor(places, .vector(count))
      var items = [SliceItem](repeating: .all, count: 3)
      let sliced = (axis + 1) % 3
      items[sliced] = .range(start: nil, stop: nil, step: -1)
      var target = try counting(extents)
      let before = target
      var valueExtents = extents
      valueExtents[axis] = count
      let value = try numbers.tensor(valueExtents)
      try GatherAssignment.apply(to: &target, items: items, index: index, axis: axis, value: .tensor(value))
      #expect(haveSameBits(before, try counting(extents)), "the other holder keeps its elements")
      for place in positions(extents) {
        // The last of equal places stays.
        let last = places.lastIndex(of: Float(place[axis]))
        var source = place
        source[sliced] = extents[sliced] - 1 - place[sliced]
        if let last { source[axis] = last }
        #expect(target[place] == (last == nil ? before[place] : value[source]))
      }
    }
  }

  @Test func aMaskSelectsAndWrites() throws {
    var numbers = Numbers(15)
    for _ in 0..<200 {
      let extents = (0..<numbers.next(1...3)).map { _ in numbers.next(1...5) }
      let rank = numbers.next(1...extents.count)
      let x = try counting(extents)
      var mask = try numbers.tensor(Array(extents[..<rank]))
      mask.fill { floats in for i in floats.indices { floats[i] = numbers.next(0...1) == 0 ? 0 : 1 } }
      var selection = MaskSelection(input: x, mask: mask)
      let found = try selection.result()
      let chosen = positions(Array(extents[..<rank])).filter { mask[$0] != 0 }
      #expect(found.shape.extents == [chosen.count] + extents[rank...])
      var target = x
      let value = try numbers.tensor([chosen.count] + extents[rank...])
      try MaskAssignment.apply(to: &target, mask: mask, value: .tensor(value))
      for place in positions(extents) {
        let row = chosen.firstIndex(of: Array(place[..<rank]))
        let rest = Array(place[rank...])
        if let row { #expect(found[[row] + rest] == x[place]) }
        #expect(target[place] == (row.map { value[[$0] + rest] } ?? x[place]))
      }
      try MaskAssignment.apply(to: &target, mask: mask, value: .number(-7))
      for place in positions(extents) where mask[Array(place[..<rank])] != 0 { #expect(target[place] == -7) }
    }
  }

  @Test func whatDoesNotFitIsToldBeforeAnythingChanges() throws {
    let x = try counting([2, 3])
    let index = try Tensor([0, 5], .vector(2))
    let mistake = ShapeError.elementOutOfRange(index: 5, at: [1], axis: 1, extent: 3)
    #expect(
      shapeError {
        var gathering = Gathering(input: x, index: index, axis: 1)
        _ = try gathering.result()
      } == mistake)
    var target = x
    #expect(
      shapeError {
        try GatherAssignment.apply(to: &target, index: index, axis: 1, value: .number(1))
      } == mistake)
    expectShapeError(.mask(.vector(3), of: x.shape), MaskSelection(input: x, mask: try counting([3])))
    let (mask, value) = (try counting([2, 3]), try counting([4]))
    #expect(
      shapeError { try MaskAssignment.apply(to: &target, mask: mask, value: .tensor(value)) }
        == .assignment(target: .vector(5), value: .vector(4)))
    #expect(haveSameBits(target, x))
  }

  @Test func orderIsTheSameForAnyNumberOfThreads() throws {
    var numbers = Numbers(16)
    for extents in [[3, 700], [700, 3], [5, 511, 2], [1, 5000], [64, 33]] {
      // Few levels, so that many are equal.
      var x = try numbers.tensor(extents, -1...1)
      x.fill { floats in for i in floats.indices { floats[i] = (floats[i] * 20).rounded() / 4 } }
      for axis in extents.indices {
        for isDescending in [false, true] {
          try everywhere { settings in
            var sorting = Sorting(input: x, axis: axis, isDescending: isDescending, givesPositions: true)
            sorting.settings = settings
            return try sorting.result()
          } check: { _, order in
            let (extent, step) = (extents[axis], x.shape.strides[axis])
            let (values, places) = (x.toArray(), order.toArray())
            for line in 0..<(x.count / extent) {
              let start = line / step * step * extent + line % step
              let row = (0..<extent).map { values[start + $0 * step] }
              let expected = row.indices.sorted {
                row[$0] == row[$1] ? $0 < $1 : (row[$0] < row[$1]) != isDescending
              }
              #expect((0..<extent).map { Int(places[start + $0 * step]) } == expected)
            }
          }
        }
      }
    }
  }

  @Test func choicesAreEven() throws {
    var source = RandomSource(seed: 5)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 { counts[Int(source.below(6))] += 1 }
    // Four deviations of a binomial distribution around its mean.
    #expect(counts.allSatisfy { abs($0 - 1000) < 116 }, "\(counts)")
    for (wanted, count) in [(5, 5), (3, 1000), (900, 1000), (0, 4)] {
      let places = try source.places(wanted, of: count)
      #expect(places.count == wanted && Set(places).count == wanted)
      #expect(places.allSatisfy { $0 >= 0 && $0 < count })
    }
  }

  private func shapeError(_ body: () throws -> Void) -> ShapeError? {
    do { try body() } catch {
      if case .shape(let found)? = error as? OperationError { return found }
    }
    return nil
  }
}
