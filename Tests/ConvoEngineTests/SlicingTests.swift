import ConvoTensor
import Testing

@testable import ConvoEngine

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
