import ConvoTensor
import Testing

@testable import ConvoEngine

/// A tensor whose elements are their own positions.
private func counting(_ extents: [Int], axes: Axes? = nil) throws -> Tensor {
  let shape = try Shape(extents)
  return try Tensor((0..<shape.count).map(Float.init), shape, axes: axes)
}

/// What stands at a position of a tensor of positions.
private func at(_ position: [Int], _ extents: [Int]) -> Float {
  var index = 0
  for (place, extent) in zip(position, extents) { index = index * extent + place }
  return Float(index)
}

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

@Suite struct SlicingTests {
  /// Python's rule for `range(*slice.indices(extent))`.
  private func indices(_ start: Int?, _ stop: Int?, _ step: Int, _ extent: Int) -> [Int] {
    func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int {
      min(max(value < 0 ? value + extent : value, low), high)
    }
    let first =
      step > 0
      ? start.map { clamp($0, 0, extent) } ?? 0 : start.map { clamp($0, -1, extent - 1) } ?? extent - 1
    let last =
      step > 0 ? stop.map { clamp($0, 0, extent) } ?? extent : stop.map { clamp($0, -1, extent - 1) } ?? -1
    return Array(stride(from: first, to: last, by: step))
  }

  @Test func rangesFollowPython() throws {
    let bounds: [Int?] = [nil, -7, -5, -1, 0, 1, 3, 5, 9]
    for extent in [0, 1, 5] {
      let input = try counting([extent])
      for start in bounds {
        for stop in bounds {
          for step in [1, 2, 3, 7, -1, -2, -9] {
            var slice = Slicing(input, [.range(start: start, stop: stop, step: step)])
            #expect(
              try slice.result().toArray() == indices(start, stop, step, extent).map(Float.init),
              "[\(String(describing: start)):\(String(describing: stop)):\(step)] of \(extent)")
          }
        }
      }
    }
  }

  @Test func indicesRangesNewAxesAndEllipsis() throws {
    let extents = [4, 5, 37]
    let input = try counting(extents, axes: .pictures(rank: 3))
    for kernels in KernelSet.supported {
      var slice = Slicing(
        input, [.index(-1), .newAxis, .ellipsis, .range(start: 36, stop: nil, step: -2)])
      slice.settings = EngineSettings(threads: 2, kernels: kernels)
      let found = try slice.result()
      #expect(found.shape.extents == [1, 5, 19])
      #expect(found.axes == Axes([.unnamed, .height, .width]))
      let wanted = positions([5, 19]).map { at([3, $0[0], 36 - 2 * $0[1]], extents) }
      #expect(found.toArray() == wanted)
      for step in [1, 2, 3, -1, -3] {
        var every = Slicing(input, [.ellipsis, .range(start: nil, stop: nil, step: step)])
        every.settings = EngineSettings(threads: 1, kernels: kernels)
        let columns = indices(nil, nil, step, 37)
        #expect(
          try every.result().toArray()
            == positions([4, 5]).flatMap { row in columns.map { at(row + [$0], extents) } })
      }
    }
    var full = Slicing(input, [.index(1), .index(2), .index(3)])
    let one = try full.result()
    #expect(one.shape.extents == [] && one.item == at([1, 2, 3], extents))
  }

  @Test func wrongSlicesAreErrors() throws {
    let input = try counting([2, 3])
    expectShapeError(.indexOutOfRange(index: 3, axis: 1, extent: 3), Slicing(input, [.all, .index(3)]))
    expectShapeError(.indexOutOfRange(index: -3, axis: 0, extent: 2), Slicing(input, [.index(-3)]))
    expectShapeError(.tooManyIndices(count: 3, rank: 2), Slicing(input, [.all, .all, .index(0)]))
    expectShapeError(.ellipses(2), Slicing(input, [.ellipsis, .ellipsis]))
    expectShapeError(
      .tooSmall(parameter: "step", value: 0, minimum: 1),
      Slicing(input, [.range(start: nil, stop: nil, step: 0)]))
    var huge = Slicing(input, [.range(start: Int.min, stop: Int.max, step: Int.max)])
    #expect(try huge.result().toArray() == [0, 1, 2])
    huge = Slicing(input, [.range(start: Int.max, stop: Int.min, step: Int.min)])
    #expect(try huge.result().toArray() == [3, 4, 5])
  }

  @Test func assignmentWritesTheSelectionAndNothingElse() throws {
    var target = try counting([3, 4])
    let before = target
    try SliceAssignment.apply(
      to: &target, items: [.range(start: nil, stop: nil, step: 2), .range(start: 3, stop: 0, step: -1)],
      value: .tensor(try Tensor([10, 20, 30], .vector(3))))
    #expect(target.toArray() == [0, 30, 20, 10, 4, 5, 6, 7, 8, 30, 20, 10])
    #expect(before.toArray() == (0..<12).map(Float.init))
    try SliceAssignment.apply(to: &target, items: [.index(1)], value: .number(-1))
    #expect(target.toArray()[4..<8] == [-1, -1, -1, -1])
    // A part of itself.
    var line = try counting([6])
    var shifted = Slicing(line, [.range(start: 0, stop: 5, step: 1)])
    try SliceAssignment.apply(
      to: &line, items: [.range(start: 1, stop: nil, step: 1)], value: .tensor(try shifted.result()))
    #expect(line.toArray() == [0, 0, 1, 2, 3, 4])
    let kept = line
    #expect(throws: OperationError.self) {
      try SliceAssignment.apply(to: &line, items: [.all], value: .tensor(try counting([4])))
    }
    #expect(line.toArray() == kept.toArray())
    try SliceAssignment.apply(to: &line, items: [.index(0)], value: .tensor(try Tensor([7], Shape([1, 1]))))
    #expect(line.toArray()[0] == 7)
  }
}

@Suite struct JoiningTests {
  @Test func concatenationJoinsAlongItsAxis() throws {
    let a = try counting([2, 3], axes: Axes([.height, .width]))
    let b = try counting([2, 2], axes: Axes([.height, .channel]))
    var along = Concatenation([a, b, try counting([2, 0])], axis: -1)
    let joined = try along.result()
    #expect(joined.shape.extents == [2, 5] && joined.toArray() == [0, 1, 2, 0, 1, 3, 4, 5, 2, 3])
    #expect(Concatenation([a, b], axis: 1).outputAxes() == Axes([.height, .unnamed]))
    expectShapeError(.mismatch(axis: 1, a.shape, b.shape), Concatenation([a, b], axis: 0))
    expectShapeError(
      .mismatch(axis: 0, a.shape, try Shape([2])), Concatenation([a, try counting([2])], axis: 0))
    expectShapeError(.empty(operation: "concat"), Concatenation([], axis: 0))
    expectShapeError(.axisOutOfRange(axis: 2, rank: 2), Concatenation([a], axis: 2))
  }

  @Test func stackingMakesANewAxis() throws {
    let a = try counting([2, 3])
    for axis in [0, 1, 2, -1] {
      var stack = Stacking([a, a], axis: axis)
      let found = try stack.result()
      let place = axis < 0 ? 2 : axis
      var extents = [2, 3]
      extents.insert(2, at: place)
      #expect(found.shape.extents == extents)
      #expect(
        found.toArray()
          == positions(extents).map { position in
            var rest = position
            rest.remove(at: place)
            return at(rest, [2, 3])
          })
    }
    expectShapeError(
      .mismatch(axis: 1, a.shape, try Shape([2, 4])), Stacking([a, try counting([2, 4])], axis: 0))
    expectShapeError(.empty(operation: "stack"), Stacking([], axis: 0))
    expectShapeError(.axisOutOfRange(axis: 3, rank: 3), Stacking([a], axis: 3))
  }

  @Test func flipTileAndBroadcast() throws {
    let a = try counting([2, 19])
    for kernels in KernelSet.supported {
      let settings = EngineSettings(threads: 1, kernels: kernels)
      var flip = Flip(input: a, axes: [-1])
      flip.settings = settings
      #expect(try flip.result().toArray() == positions([2, 19]).map { at([$0[0], 18 - $0[1]], [2, 19]) })
      var all = Flip(input: a, axes: nil)
      all.settings = settings
      #expect(try all.result().toArray() == (0..<38).reversed().map(Float.init))
      var tile = Tiling(input: a, repetitions: [3, 1, 2])
      tile.settings = settings
      let tiled = try tile.result()
      #expect(tiled.shape.extents == [3, 2, 38])
      #expect(tiled.toArray() == positions([3, 2, 38]).map { at([$0[1], $0[2] % 19], [2, 19]) })
      var wide = Broadcasting(input: try counting([2, 1]), shape: try Shape([3, 2, 21]))
      wide.settings = settings
      #expect(try wide.result().toArray() == positions([3, 2, 21]).map { Float($0[1]) })
    }
    expectShapeError(.axisOutOfRange(axis: 2, rank: 2), Flip(input: a, axes: [2]))
    expectShapeError(.tooSmall(parameter: "reps", value: -1, minimum: 0), Tiling(input: a, repetitions: [-1]))
    expectShapeError(.tooLarge([19, Int.max]), Tiling(input: a, repetitions: [Int.max]))
    let target = try Shape([3, 1])
    expectShapeError(.broadcast(a.shape, target), Broadcasting(input: a, shape: target))
    expectShapeError(.broadcast(a.shape, .vector(19)), Broadcasting(input: a, shape: .vector(19)))
  }

  @Test func paddingPutsTheRightElementsAround() throws {
    func source(_ place: Int, _ extent: Int, _ mode: PaddingMode) -> Int? {
      if place >= 0 && place < extent { return place }
      switch mode {
      case .constant: return nil
      case .edge: return min(max(place, 0), extent - 1)
      case .reflect: return place < 0 ? -place : 2 * (extent - 1) - place
      }
    }
    let extents = [3, 4, 5]
    let input = try counting(extents, axes: .pictures(rank: 3))
    for mode in [PaddingMode.constant(-7), .reflect, .edge] {
      for widths in [[(0, 0), (0, 0), (0, 0)], [(2, 1), (0, 3), (4, 0)], [(1, 2), (3, 3)], [(3, 4)]] {
        if mode == .reflect && widths.count == 3 && widths[0].0 > 2 { continue }
        let all = Array(repeating: (0, 0), count: 3 - widths.count) + widths
        let output = zip(extents, all).map { $0 + $1.0 + $1.1 }
        var pad = PaddingOperation(
          input: input, widths: widths.map { (before: $0.0, after: $0.1) }, mode: mode)
        let found = try pad.result()
        #expect(found.shape.extents == output && found.axes == input.axes)
        let wanted = positions(output).map { position in
          let places = zip(zip(position, all), extents).map { source($0.0 - $0.1.0, $1, mode) }
          return places.contains(nil) ? -7 : at(places.compactMap { $0 }, extents)
        }
        #expect(found.toArray() == wanted, "\(mode) \(widths)")
      }
    }
    expectShapeError(
      .tooSmall(parameter: "widths", value: -1, minimum: 0), PaddingOperation(input: input, widths: [(-1, 0)])
    )
    expectShapeError(
      .axisCount(expected: 3, found: 4),
      PaddingOperation(input: input, widths: [(0, 0), (0, 0), (0, 0), (0, 0)]))
    expectShapeError(
      .reflection(width: 5, extent: 5), PaddingOperation(input: input, widths: [(5, 0)], mode: .reflect))
    expectShapeError(
      .tooLarge([5, Int.max, 1]), PaddingOperation(input: input, widths: [(Int.max, 1)]))
    expectShapeError(
      .empty(operation: "pad"), PaddingOperation(input: try counting([0]), widths: [(1, 0)], mode: .edge))
  }
}
