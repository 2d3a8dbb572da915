import ConvoTensor
import Testing

@testable import ConvoEngine

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
