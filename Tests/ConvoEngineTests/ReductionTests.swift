import ConvoTensor
import Testing

@testable import ConvoEngine

/// One output of a reduction in double precision, from its elements in order.
private func exact(_ kind: ReductionKind, _ x: [Float]) -> Double {
  let n = Double(x.count)
  let sum = x.reduce(0) { $0 + Double($1) }
  let squares = x.reduce(0) { $0 + (Double($1) - sum / n) * (Double($1) - sum / n) }
  let firstNaN = x.firstIndex { $0.isNaN }
  switch kind {
  case .sum: return sum
  case .mean: return sum / n
  case .product: return x.reduce(1) { $0 * Double($1) }
  case .variance: return squares / n
  case .standardDeviation: return (squares / n).squareRoot()
  case .norm: return x.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  case .minimum: return firstNaN != nil ? .nan : Double(x.min() ?? 0)
  case .maximum: return firstNaN != nil ? .nan : Double(x.max() ?? 0)
  case .argmin: return Double(firstNaN ?? x.firstIndex(of: x.min() ?? 0) ?? 0)
  case .argmax: return Double(firstNaN ?? x.firstIndex(of: x.max() ?? 0) ?? 0)
  case .any: return x.contains { $0 != 0 } ? 1 : 0
  case .all: return x.contains(0) ? 0 : 1
  }
}

/// The plain definition for a whole tensor.
private func exact(_ kind: ReductionKind, _ input: Tensor, _ axes: [Int]) -> [Double] {
  let kept = (0..<input.rank).filter { !axes.contains($0) }
  let values = input.toArray()
  let strides = input.shape.strides
  return positions(kept.map { input.shape[$0] }).map { outer in
    let base = zip(outer, kept).reduce(0) { $0 + $1.0 * strides[$1.1] }
    return exact(
      kind,
      positions(axes.map { input.shape[$0] }).map { inner in
        values[base + zip(inner, axes).reduce(0) { $0 + $1.0 * strides[$1.1] }]
      })
  }
}

@Suite struct ReductionTests {
  private static let cases: [([Int], [Int])] = [
    ([1], [0]), ([31], [0]), ([32], [0]), ([33], [0]), ([70_001], [0]), ([5, 7], [1]), ([5, 7], [0]),
    ([3, 33, 5], [1]), ([3, 33, 5], [0, 2]), ([2, 3, 40, 7], [2, 3]), ([2, 3, 4, 70], [0, 2, 3]),
    ([200, 3], [0]), ([67, 65, 3], [0, 1]), ([3, 1000], [0]), ([2, 3, 600], [1]), ([4, 1, 5], [1]),
    ([2, 3], []),
    ([300, 3], [1]), ([2, 20_000], [1]), ([130, 2, 90], [0, 1]), ([3, 5, 7], [0, 1, 2]), ([1, 1], [0, 1]),
  ]

  @Test(arguments: cases.indices)
  func everyKindMeetsItsDefinition(index: Int) throws {
    let (extents, axes) = ReductionTests.cases[index]
    var numbers = Numbers(UInt64(index) + 40)
    let input = try numbers.tensor(extents, 0.5...1.5)
    for kind in ReductionKind.allCases {
      let wanted = exact(kind, input, axes)
      var reference: [UInt32]?
      try everywhere("\(kind) \(extents) \(axes)") { settings in
        var operation = Reduction(kind: kind, input: input, axes: axes)
        operation.settings = settings
        return try operation.freshResult()
      } check: { kernels, found in
        #expect(found.shape.extents == extents.indices.filter { !axes.contains($0) }.map { extents[$0] })
        // Nothing cancels here, so double precision leaves only the last rounding; a product of many overflows.
        for (y, z) in zip(found.toArray(), wanted) {
          #expect(ulps(y, z) <= 0.5001, "\(kind) \(extents) \(axes) \(kernels.name): \(y), not \(z)")
        }
        #expect(reference == nil || reference == bits(found), "\(kind) has other bits on \(kernels.name)")
        reference = bits(found)
      }
    }
  }

  @Test func nanAndTiesFollowTheRules() throws {
    for length in [1, 5, 31, 32, 33, 100, 20_000] {
      for place in Set([0, length / 2, length - 1]) {
        var values = [Float](repeating: 1, count: length)
        values[place] = .nan
        if place + 1 < length { values[place + 1] = .infinity }
        for rows in [1, 3] {
          // As a row, and as a column of three.
          let input = try Tensor(
            rows == 1 ? values : values.flatMap { [$0, $0, $0] }, Shape(rows == 1 ? [length] : [length, 3]))
          for kind in [ReductionKind.maximum, .minimum, .argmax, .argmin, .sum] {
            var operation = Reduction(kind: kind, input: input, axes: [0])
            let found = try operation.result().toArray()
            for value in found {
              #expect(
                kind == .argmax || kind == .argmin ? value == Float(place) : value.isNaN, "\(kind) \(length)")
            }
          }
        }
      }
    }
    var first = Reduction(kind: .argmax, input: try Tensor([1, 3, 3, 2, 3], .vector(5)))
    #expect(try first.result().item == 1)
    var all = Reduction(kind: .all, input: try Tensor([1, .nan, -0.0], .vector(3)))
    #expect(try all.result().item == 0)
    var lowest = Reduction(
      kind: .argmax, input: try Tensor(repeating: -.infinity, Shape([2, 40])), axes: [0])
    #expect(try lowest.result().toArray() == [Float](repeating: 0, count: 40))
  }

  @Test func aLargeMeanDoesNotSpoilTheVariance() throws {
    var numbers = Numbers(9)
    let input = try numbers.tensor([50_000], 10_000...10_001)
    for (shape, axes) in [([50_000], [0]), ([25_000, 2], [0])] {
      let reshaped = try input.reshaped(to: Shape(shape))
      var operation = Reduction(kind: .variance, input: reshaped, axes: axes)
      for (found, wanted) in zip(try operation.result().toArray(), exact(.variance, reshaped, axes)) {
        #expect(abs(Double(found) - wanted) <= 1e-6 * wanted)
      }
    }
  }

  @Test func nothingHasASumButNoMaximum() throws {
    let nothing = try Tensor([], Shape([2, 0, 3]))
    let results: [(ReductionKind, Float)] = [(.sum, 0), (.product, 1), (.any, 0), (.all, 1), (.norm, 0)]
    for (kind, value) in results {
      var operation = Reduction(kind: kind, input: nothing, axes: [1])
      #expect(try operation.result().toArray() == [Float](repeating: value, count: 6))
    }
    for kind in [ReductionKind.mean, .variance, .standardDeviation] {
      var operation = Reduction(kind: kind, input: nothing)
      #expect(try operation.result().item?.isNaN == true)
    }
    for (kind, name) in [
      (ReductionKind.maximum, "max"), (.minimum, "min"), (.argmax, "argmax"), (.argmin, "argmin"),
    ] {
      expectShapeError(.empty(operation: name), Reduction(kind: kind, input: nothing))
      // No output, no complaint.
      var operation = Reduction(kind: kind, input: nothing, axes: [0])
      #expect(try operation.result().count == 0)
    }
  }

  @Test func axesAndTheirNames() throws {
    let input = try Tensor(repeating: 1, Shape([2, 3, 4, 5]), axes: .pictures(rank: 4))
    let kept = Reduction(kind: .sum, input: input, axes: [-1, 0], keepsDimensions: true)
    #expect(try kept.outputShape().extents == [1, 3, 4, 1] && kept.outputAxes() == input.axes)
    let dropped = Reduction(kind: .sum, input: input, axes: [-1, 0])
    #expect(dropped.outputAxes() == Axes([.channel, .height]))
    expectShapeError(.axisOutOfRange(axis: 4, rank: 4), Reduction(kind: .sum, input: input, axes: [4]))
    expectShapeError(.repeatedAxis(-4), Reduction(kind: .sum, input: input, axes: [0, -4]))
  }
}
