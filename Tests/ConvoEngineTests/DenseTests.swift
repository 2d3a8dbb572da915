import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

@Suite struct MatrixTests {
  /// Compares a product with its definition, within the bound of a sum of k products.
  private func check(
    _ found: Tensor, _ a: [Float], _ b: (Int, Int) -> Float, _ m: Int, _ n: Int, _ k: Int, _ label: String
  ) {
    let y = found.toArray()
    var wrong = 0
    for i in 0..<m {
      for j in 0..<n {
        var (sum, magnitude) = (0.0, 0.0)
        for p in 0..<k {
          let term = Double(a[i * k + p]) * Double(b(p, j))
          sum += term
          magnitude += abs(term)
        }
        if abs(Double(y[i * n + j]) - sum) > Double(k + 2) * 0x1p-24 * magnitude { wrong += 1 }
      }
    }
    #expect(wrong == 0, "\(label): \(wrong) wrong")
  }

  @Test(arguments: [
    (1, 1, 1), (1, 5, 7), (5, 1, 33), (2, 17, 31), (3, 70, 9), (4, 4, 4), (13, 31, 40), (14, 32, 37),
    (15, 33, 41),
    (29, 65, 67), (6, 100, 300), (40, 40, 40), (1, 130, 20), (31, 1, 64), (3, 16, 5), (7, 9, 600),
    (2, 3, 131_111), (1, 300, 1100),
  ])
  func everyShapeMeetsTheDefinition(m: Int, n: Int, k: Int) throws {
    var numbers = Numbers(UInt64(m * 31 + n * 7 + k))
    let left = try numbers.tensor([m, k])
    let right = try numbers.tensor([k, n])
    let weight = try numbers.tensor([n, k])
    let bias = try numbers.tensor([n])
    let (a, b, w) = (left.toArray(), right.toArray(), weight.toArray())
    for kernels in KernelSet.supported {
      let settings = EngineSettings(threads: 1, kernels: kernels)
      var product = MatrixProduct(left: left, right: right)
      product.settings = settings
      let found = try product.result()
      #expect(found.shape.extents == [m, n])
      check(found, a, { b[$0 * n + $1] }, m, n, k, "\(kernels.name) matmul \(m) \(n) \(k)")
      var linear = Linear(input: left, weight: weight)
      linear.settings = settings
      let plain = try linear.result()
      check(plain, a, { w[$1 * k + $0] }, m, n, k, "\(kernels.name) linear \(m) \(n) \(k)")
      linear.bias = bias
      let shifted = try linear.result().toArray()
      for (index, (y, z)) in zip(shifted, plain.toArray()).enumerated() {
        #expect(y == z + bias.toArray()[index % n])
      }
    }
  }

  @Test func threadsGiveTheSameBits() throws {
    var numbers = Numbers(1)
    for (m, n, k) in [
      (131, 300, 270), (1, 3000, 300), (700, 1, 500), (300, 31, 257), (3, 1, 140_000), (1, 50, 9000),
    ] {
      let left = try numbers.tensor([m, k])
      let right = try numbers.tensor([k, n])
      try everywhere("\(m) \(n) \(k)") { settings in
        var product = MatrixProduct(left: left, right: right)
        product.settings = settings
        return try product.freshResult()
      } check: { _, _ in
      }
    }
    let many = try numbers.tensor([40, 20, 30])
    let others = try numbers.tensor([40, 30, 25])
    try everywhere("batch") { settings in
      var product = MatrixProduct(left: many, right: others)
      product.settings = settings
      return try product.freshResult()
    } check: { _, _ in
    }
  }

  @Test func batchesAreBroadcastAndVectorsLoseTheirAxis() throws {
    let cases: [([Int], [Int], [Int])] = [
      ([4], [4], []), ([3, 4], [4], [3]), ([4], [4, 5], [5]), ([2, 3, 4], [4, 5], [2, 3, 5]),
      ([2, 1, 3, 4], [6, 4, 5], [2, 6, 3, 5]), ([3, 4], [2, 4, 5], [2, 3, 5]), ([2, 0], [0, 3], [2, 3]),
      ([2, 3, 4], [2, 4], [2, 2, 3]),
    ]
    var numbers = Numbers(2)
    for (a, b, output) in cases where b != [2, 4] {
      let (left, right) = (try numbers.tensor(a), try numbers.tensor(b))
      var product = MatrixProduct(left: left, right: right)
      let found = try product.result()
      #expect(found.shape.extents == output, "\(a) @ \(b)")
      let k = a[a.count - 1]
      let wanted = positions(output).map { position -> Double in
        var batch = position
        let j = b.count > 1 ? batch.removeLast() : 0
        let i = a.count > 1 ? batch.removeLast() : 0
        func element(_ tensor: Tensor, _ extents: [Int], _ last: [Int]) -> Double {
          let own = extents.dropLast(last.count)
          let place = zip(batch.suffix(own.count), own).map { $1 == 1 ? 0 : $0 }
          return Double(tensor[Array(place) + last])
        }
        return (0..<k).reduce(0.0) { sum, p in
          sum + element(left, a, a.count > 1 ? [i, p] : [p]) * element(right, b, b.count > 1 ? [p, j] : [p])
        }
      }
      for (y, z) in zip(found.toArray(), wanted) { #expect(abs(Double(y) - z) <= 1e-6, "\(a) @ \(b)") }
    }
  }

  @Test func factorsThatDoNotFitAreErrors() throws {
    let (a, b) = (try Shape([2, 3]), try Shape([4, 5]))
    let (left, right) = (try Tensor(repeating: 0, a), try Tensor(repeating: 0, b))
    expectShapeError(.inner(a, b), MatrixProduct(left: left, right: right))
    expectShapeError(
      .rank(operand: "b", expected: "at least one axis", found: .scalar),
      MatrixProduct(left: left, right: try Tensor(scalar: 1)))
    let (tall, wide) = (
      try Tensor(repeating: 0, Shape([2, 3, 4])), try Tensor(repeating: 0, Shape([3, 4, 5]))
    )
    expectShapeError(.broadcast(tall.shape, wide.shape), MatrixProduct(left: tall, right: wide))
    expectShapeError(.inner(a, b), Linear(input: left, weight: right))
    expectShapeError(
      .rank(operand: "W", expected: "out×in", found: .vector(3)),
      Linear(input: left, weight: try Tensor(repeating: 0, .vector(3))))
    expectShapeError(
      .bias(expected: 2, found: .vector(3)),
      Linear(input: left, weight: left, bias: try Tensor(repeating: 0, .vector(3))))
    let flat = Linear(input: try Tensor(repeating: 1, Shape([2, 3, 1, 1])), weight: left)
    #expect(try flat.outputShape().extents == [2, 2] && flat.outputAxes() == Axes([.batch, .feature]))
    #expect(
      try Linear(input: try Tensor(repeating: 1, .vector(3)), weight: left).outputShape().extents == [1, 2])
  }
}

@Suite struct NormalizationTests {
  @Test func aLongRowMeetsTheDefinitionToo() throws {
    var numbers = Numbers(41)
    let input = try numbers.tensor([1, (1 << 18) + 40_003], -9...9)
    let x = input.toArray()
    let largest = Double(x.max() ?? 0)
    let sum = x.reduce(0.0) { $0 + exp(Double($1) - largest) }
    for logarithmic in [false, true] {
      try everywhere("long \(logarithmic)") { settings in
        var operation = Softmax(input: input, axis: 1, logarithmic: logarithmic)
        operation.settings = settings
        return try operation.freshResult()
      } check: { kernels, found in
        var wrong = 0
        for (index, y) in found.toArray().enumerated() {
          let difference = Double(x[index]) - largest
          let exact = logarithmic ? difference - log(sum) : exp(difference) / sum
          let bound =
            logarithmic
            ? 0x1p-23 * (abs(difference) + log(sum)) + 1e-7
            : exact * 0x1p-24 * (6 + 2 * abs(difference)) + 1e-44
          if abs(Double(y) - exact) > bound { wrong += 1 }
        }
        #expect(wrong == 0, "\(kernels.name) \(logarithmic)")
      }
    }
    var odd = x
    odd[200_000] = .nan
    var operation = Softmax(input: try Tensor(odd, input.shape), axis: 1)
    #expect(try operation.result().toArray().allSatisfy(\.isNaN))
  }

  @Test func softmaxMeetsItsDefinition() throws {
    var numbers = Numbers(4)
    for (extents, axis) in [
      ([1], 0), ([7], 0), ([16], 0), ([33], 0), ([5, 100], 1), ([100, 5], 0), ([3, 10, 37], 1),
      ([2, 300], 0),
      ([2, 3, 1], 2), ([2, 3, 300], 1),
    ] {
      let input = try numbers.tensor(extents, -30...30)
      let x = input.toArray()
      let (length, step) = (extents[axis], input.shape.strides[axis])
      for logarithmic in [false, true] {
        try everywhere("\(extents) \(axis)") { settings in
          var operation = Softmax(input: input, axis: axis, logarithmic: logarithmic)
          operation.settings = settings
          return try operation.freshResult()
        } check: { kernels, found in
          var own = Softmax(input: try Tensor(x, input.shape), axis: axis, logarithmic: logarithmic)
          own.settings = EngineSettings(threads: 1, kernels: kernels)
          #expect(haveSameBits(try own.result(), found))
          var wrong = 0
          for (index, y) in found.toArray().enumerated() {
            let start = index - index / step % length * step
            let line = (0..<length).map { x[start + $0 * step] }
            let largest = line.max() ?? 0
            // Differences are rounded before the exponential: by 2⁻²⁴ · |d|, a relative error of as much.
            let sum = line.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
            let difference = Double(x[index]) - Double(largest)
            let exact = logarithmic ? difference - log(sum) : exp(difference) / sum
            let bound =
              logarithmic
              ? 0x1p-23 * (abs(difference) + log(sum)) + 1e-7
              : exact * 0x1p-24 * (6 + 2 * abs(difference)) + 1e-44
            if abs(Double(y) - exact) > bound { wrong += 1 }
          }
          #expect(wrong == 0, "\(kernels.name) \(extents) \(axis) \(logarithmic)")
        }
      }
    }
    expectShapeError(
      .axisOutOfRange(axis: 1, rank: 1), Softmax(input: try Tensor(repeating: 0, .vector(3)), axis: 1))
    var nan = Softmax(input: try Tensor([1, .nan, 2], .vector(3)))
    #expect(try nan.result().toArray().allSatisfy(\.isNaN))
  }

  @Test func batchNormalizationMeetsItsDefinition() throws {
    var numbers = Numbers(14)
    for extents in [[2, 3, 4, 5], [3, 5, 7], [4, 3], [2, 3, 17]] {
      let channels = extents.count == 3 ? extents[0] : extents[1]
      let input = try numbers.tensor(extents, -4...4)
      let (scale, shift, mean) = (
        try numbers.tensor([channels]), try numbers.tensor([channels]), try numbers.tensor([channels])
      )
      let variance = try numbers.tensor([channels], 0.1...2)
      try everywhere { settings in
        var operation = BatchNormalization(
          input: input, scale: scale, shift: shift, mean: mean, variance: variance)
        operation.settings = settings
        return try operation.freshResult()
      } check: { kernels, found in
        let step = input.shape.strides[extents.count == 3 ? 0 : 1]
        for (index, y) in found.toArray().enumerated() {
          let c = index / step % channels
          let factor =
            Double(scale.toArray()[c]) / (Double(variance.toArray()[c]) + Double(Float(1e-5))).squareRoot()
          let exact =
            (Double(input.toArray()[index]) - Double(mean.toArray()[c])) * factor + Double(shift.toArray()[c])
          let magnitude = abs(factor) * 5 + 2
          #expect(abs(Double(y) - exact) <= 4 * 0x1p-24 * magnitude, "\(kernels.name) \(extents)")
        }
      }
    }
    let three = try Tensor(repeating: 1, .vector(3))
    let two = try Tensor(repeating: 1, .vector(2))
    let input = try Tensor(repeating: 1, Shape([1, 3, 2, 2]))
    expectShapeError(
      .length(operand: "mean", expected: 3, found: .vector(2)),
      BatchNormalization(input: input, scale: three, shift: three, mean: two, variance: three))
    expectShapeError(
      .rank(operand: "x", expected: "N×C×H×W, C×H×W or N×C", found: .vector(3)),
      BatchNormalization(input: three, scale: three, shift: three, mean: three, variance: three))
  }

  @Test func topKSortsWithNaNFirst() throws {
    var top = TopK(input: try Tensor([3, 1, .nan, 3, -2, 5], .vector(6)), k: 4)
    let (values, indices) = try top.pair()
    #expect(bits(values) == [Float.nan, 5, 3, 3].map(\.bitPattern))
    #expect(indices.toArray() == [2, 5, 0, 3])
    var numbers = Numbers(3)
    let input = try numbers.tensor([3, 50])
    var every = TopK(input: input, k: 50)
    let sorted = try every.pair().values.toArray()
    for row in 0..<3 {
      #expect(
        Array(sorted[row * 50..<row * 50 + 50]) == input.toArray()[row * 50..<row * 50 + 50].sorted(by: >))
    }
    expectShapeError(.tooBig(parameter: "k", value: 51, maximum: 50), TopK(input: input, k: 51))
    expectShapeError(.tooSmall(parameter: "k", value: 0, minimum: 1), TopK(input: input, k: 0))
  }
}
