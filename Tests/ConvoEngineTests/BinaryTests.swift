import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

@Suite struct BinaryTests {
  /// NumPy's rules in double precision.
  private func exact(_ kind: BinaryKind, _ a: Double, _ b: Double) -> Double {
    switch kind {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .floorDivide:
      if b == 0 || a.isNaN || b.isNaN { return a / b }
      if a.isInfinite { return .nan }
      if b.isInfinite { return a == 0 || (a < 0) == (b < 0) ? 0 : -1 }
      var rest = fmod(a, b)
      if rest != 0 && (rest < 0) != (b < 0) { rest += b }
      return ((a - rest) / b).rounded()
    case .remainder:
      let rest = fmod(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    case .power: return pow(a, b)
    case .minimum: return a.isNaN || b.isNaN ? .nan : min(a, b)
    case .maximum: return a.isNaN || b.isNaN ? .nan : max(a, b)
    case .equal: return a == b ? 1 : 0
    case .notEqual: return a != b ? 1 : 0
    case .less: return a < b ? 1 : 0
    case .lessOrEqual: return a <= b ? 1 : 0
    case .greater: return a > b ? 1 : 0
    case .greaterOrEqual: return a >= b ? 1 : 0
    }
  }

  @Test(arguments: BinaryKind.allCases)
  func everyPairOfSpecialNumbers(kind: BinaryKind) throws {
    var values: [Float] = [
      0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 7, -7, 0.1, 1e-3, .infinity, -.infinity, .nan, 1e30, -1e30,
      1e-30,
      16_777_216, -5.25, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1_000_003, 0.333,
    ]
    var numbers = Numbers(21)
    for _ in 0..<14 { values.append(numbers.next(-100...100)) }
    let n = values.count
    let left = try Tensor(values, Shape([n, 1]))
    let right = try Tensor(values, Shape([n]))
    for kernels in KernelSet.supported {
      var operation = Binary(kind: kind, left: .tensor(left), right: .tensor(right))
      operation.settings = EngineSettings(threads: 1, kernels: kernels)
      let found = try operation.freshResult().toArray()
      for (i, a) in values.enumerated() {
        for (j, b) in values.enumerated() {
          let wanted = exact(kind, Double(a), Double(b))
          let bound = kind == .power ? 1.5 : kind == .floorDivide ? 1.0 : 0.51
          #expect(
            ulps(found[i * n + j], wanted) <= bound,
            "\(kernels.name): \(a) \(kind) \(b) = \(found[i * n + j]), not \(wanted)")
        }
      }
    }
  }

  @Test func broadcastingVisitsTheRightElements() throws {
    let pairs: [([Int], [Int])] = [
      ([1], [1]), ([], [5]), ([17], [1]), ([5, 1], [1, 7]), ([4, 3], [3]), ([3], [50, 3]),
      ([50, 3], [50, 1]),
      ([2, 3, 4, 5], [3, 1, 1]), ([2, 3, 4, 5], [2, 1, 4, 1]), ([2, 1, 4, 1], [3, 1, 5]), ([0, 3], [3]),
      ([40, 1, 3], [1, 60, 3]), ([3, 1, 200], [4, 1]), ([2, 130], [2, 1]), ([2, 130], [130]),
    ]
    var numbers = Numbers(8)
    for (a, b) in pairs {
      let (left, right) = (try numbers.tensor(a), try numbers.tensor(b))
      let shape = try left.shape.broadcast(with: right.shape)
      let (x, y) = (left.toArray(), right.toArray())
      let (sx, sy) = (
        LoopNest.strides(of: a, stretchedTo: shape.extents),
        LoopNest.strides(of: b, stretchedTo: shape.extents)
      )
      let wanted = positions(shape.extents).map { position in
        x[zip(position, sx).reduce(0) { $0 + $1.0 * $1.1 }]
          - y[zip(position, sy).reduce(0) { $0 + $1.0 * $1.1 }]
      }
      for kernels in KernelSet.supported {
        for inPlace in [false, true] {
          var operation = Binary(
            kind: .subtract, left: .tensor(inPlace ? try Tensor(x, left.shape) : left),
            right: .tensor(inPlace ? try Tensor(y, right.shape) : right))
          operation.settings = EngineSettings(threads: 1, kernels: kernels)
          let found = try operation.result()
          #expect(found.shape == shape)
          #expect(found.toArray() == wanted, "\(a) − \(b) \(kernels.name)")
        }
        var choice = Select(condition: .tensor(left), first: .tensor(right), second: .number(9))
        choice.settings = EngineSettings(threads: 1, kernels: kernels)
        let chosen = try choice.result()
        #expect(chosen.count == shape.count && !chosen.toArray().contains(9))
      }
    }
  }

  @Test func selectTakesTheSecondOnlyAtZero() throws {
    var operation = Select(
      condition: .tensor(try Tensor([0, 1, .nan, -0.0], .vector(4))), first: .number(1), second: .number(2))
    #expect(try operation.result().toArray() == [2, 1, 1, 2])
  }

  @Test func shapesThatDoNotFitAreErrors() throws {
    let (a, b) = (try Shape([2, 3]), try Shape([4]))
    let left = try Tensor(repeating: 0, a)
    let right = try Tensor(repeating: 0, b)
    expectShapeError(.broadcast(a, b), Binary(kind: .add, left: .tensor(left), right: .tensor(right)))
    expectShapeError(
      .broadcast(a, b), Select(condition: .tensor(left), first: .tensor(right), second: .number(0)))
    let tall = try Tensor.wide([1 << 30, 1])
    let wide = try Tensor.wide([1, 1 << 30])
    expectShapeError(
      .tooLarge([1 << 30, 1 << 30]), Binary(kind: .add, left: .tensor(tall), right: .tensor(wide)))
  }
}
