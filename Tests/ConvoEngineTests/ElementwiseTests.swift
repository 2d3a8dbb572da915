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
