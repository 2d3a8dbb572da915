import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

/// Lengths around the vectors of every variant, and primes.
private let lengths = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 97]

/// What a function is in double precision, and how many units in the last place the kernels may be away from it.
private let definitions: [(UnaryKind, Double, @Sendable (Double) -> Double)] = [
  (.negate, 0, { -$0 }),
  (.abs, 0, { Swift.abs($0) }),
  (.sign, 0, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }),
  (.exp, 2, { exp($0) }),
  (.log, 2, { $0 < 0 ? .nan : log($0) }),
  (.sqrt, 0.5, { $0.squareRoot() }),
  (.sin, 1, { sin($0) }),
  (.cos, 1, { cos($0) }),
  (.floor, 0, { floor($0) }),
  (.ceil, 0, { ceil($0) }),
  (.round, 0, { $0.rounded(.toNearestOrEven) }),
  (.relu, 0, { $0 < 0 ? 0 : $0 }),
  (.leakyRelu(0.25), 0.5, { $0 < 0 ? 0.25 * $0 : $0 }),
  (.elu(1), 3, { $0 < 0 ? expm1($0) : $0 }),
  (.gelu, 6, { $0 == -.infinity ? 0 : 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) }),
  (.silu, 4, { $0 < -1000 ? 0 : $0 / (1 + exp(-$0)) }),
  (.sigmoid, 3, { 1 / (1 + exp(-$0)) }),
  (.tanh, 3, { tanh($0) }),
  (.softplus, 4, { $0.isNaN ? .nan : max($0, 0) + log1p(exp(-Swift.abs($0))) }),
  (.clip(-0.5, 2), 0, { $0 < -0.5 ? -0.5 : $0 > 2 ? 2 : $0 }),
  (.not, 0, { $0 == 0 ? 1 : 0 }),
]

/// A dense sweep: everything that is special, then magnitudes from denormals to the largest number.
private let sweep: [Float] = {
  var values: [Float] = [
    0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    0x1p23,
    -0x1p23, 8_388_607.5, 88.722839, 88.72284, -87.33655, -103.97208, -104, 1e6, 123_456_792,
  ]
  var numbers = Numbers(11)
  for _ in 0..<700 { values.append(numbers.next(-20...20)) }
  for _ in 0..<300 { values.append(numbers.next(-110...100)) }
  for exponent in stride(from: -148, through: 127, by: 3) {
    for sign in [Float(1), -1] {
      values.append(sign * numbers.next(1...2) * Float(sign: .plus, exponent: exponent, significand: 1))
    }
  }
  return values
}()

@Suite struct ElementwiseTests {
  @Test(arguments: definitions.indices)
  func functionsKeepTheirBoundOverTheWholeRange(index: Int) throws {
    let (kind, bound, exact) = definitions[index]
    let input = try Tensor(sweep, .vector(sweep.count))
    for kernels in KernelSet.supported {
      var operation = Unary(kind: kind, input: input)
      operation.settings = EngineSettings(threads: 1, kernels: kernels)
      let found = try operation.freshResult().toArray()
      var worst = (0.0, Float(0))
      for (x, y) in zip(sweep, found) {
        let error = ulps(y, exact(Double(x)))
        if error > worst.0 { worst = (error, x) }
      }
      #expect(worst.0 <= bound, "\(kind) \(kernels.name) is \(worst.0) ulp off at \(worst.1)")
    }
  }

  @Test func lanesAndRestsAgreeAndInPlaceEqualsFresh() throws {
    var numbers = Numbers(3)
    for (kind, _, _) in definitions {
      for length in lengths {
        let input = try numbers.tensor([length], -3...3)
        for kernels in KernelSet.supported {
          let settings = EngineSettings(threads: 1, kernels: kernels)
          var operation = Unary(kind: kind, input: input)
          operation.settings = settings
          let fresh = bits(try operation.freshResult())
          // Each element alone, as the only lane of a vector.
          var alone: [UInt32] = []
          for value in input.toArray() {
            var single = Unary(kind: kind, input: try Tensor([value], .vector(1)))
            single.settings = settings
            alone.append(contentsOf: bits(try single.result()))
          }
          #expect(fresh == alone, "\(kind) \(kernels.name) \(length)")
          operation.input = try Tensor(input.toArray(), input.shape)
          #expect(bits(try operation.result()) == fresh, "\(kind) \(kernels.name) \(length) in place")
        }
      }
    }
  }

  @Test func aSharedOperandIsNotOverwritten() throws {
    let input = try Tensor([-1, 2, -3], .vector(3))
    var operation = Unary(kind: .relu, input: input)
    #expect(try operation.result().toArray() == [0, 2, 0])
    #expect(input.toArray() == [-1, 2, -3])
    var sum = Binary(kind: .add, left: .tensor(input), right: .tensor(input))
    #expect(try sum.result().toArray() == [-2, 4, -6])
    #expect(input.toArray() == [-1, 2, -3])
  }

  @Test func threadsGiveTheSameBits() throws {
    var numbers = Numbers(5)
    let input = try numbers.tensor([300_007])
    let other = try numbers.tensor([300_007])
    try everywhere { settings in
      var operation = Unary(kind: .tanh, input: input)
      operation.settings = settings
      return try operation.freshResult()
    } check: { _, _ in
    }
    try everywhere { settings in
      var operation = Binary(kind: .add, left: .tensor(input), right: .tensor(other))
      operation.settings = settings
      return try operation.freshResult()
    } check: { _, sum in
      #expect(sum.toArray()[300_006] == input.toArray()[300_006] + other.toArray()[300_006])
    }
  }

  @Test func axesNamesSurvive() throws {
    let picture = try Tensor(repeating: 1, Shape([2, 3, 4]), axes: Axes([.height, .width, .channel]))
    let row = try Tensor(repeating: 1, Shape([4]))
    #expect(Unary(kind: .exp, input: picture).outputAxes() == picture.axes)
    #expect(Binary(kind: .add, left: .tensor(row), right: .tensor(picture)).outputAxes() == picture.axes)
    #expect(Binary(kind: .add, left: .number(1), right: .tensor(picture)).outputAxes() == picture.axes)
    #expect(
      Select(condition: .tensor(picture), first: .number(1), second: .tensor(row)).outputAxes()
        == picture.axes)
  }
}

@Suite struct BinaryTests {
  /// NumPy's rules in double precision.
  private func exact(_ kind: BinaryKind, _ a: Double, _ b: Double) -> Double {
    switch kind {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .floorDivide:
      if b == 0 || a.isNaN || b.isNaN || a.isInfinite { return a / b }
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

extension Tensor {
  /// A tensor that has a large shape and no memory.
  static func wide(_ extents: [Int]) throws -> Tensor { try Tensor(phantom: Shape(extents)) }
}
