import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

/// Numbers from a fixed seed.
struct Numbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number in `range`, with 24 random bits.
  mutating func next(_ range: ClosedRange<Float> = -1...1) -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let fraction = Float(state >> 40) * 0x1p-24
    return range.lowerBound + (range.upperBound - range.lowerBound) * fraction
  }

  /// A whole number in `range`.
  mutating func next(_ range: ClosedRange<Int>) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Int((state >> 33) % UInt64(range.count))
  }

  /// A tensor of random numbers.
  mutating func tensor(_ extents: [Int], _ range: ClosedRange<Float> = -1...1) throws -> Tensor {
    let shape = try Shape(extents)
    var result = try Tensor(uninitialized: shape)
    result.fill { target in
      for i in target.indices { target[i] = next(range) }
    }
    return result
  }
}

/// Runs an operation on every CPU variant that the machine has, with 1, 2, 3 and 7 threads, expects the same bits for
/// any number of threads, and hands each variant's result to `check`.
func everywhere(
  _ label: String = "", _ run: (EngineSettings) throws -> Tensor, check: (KernelSet, Tensor) throws -> Void
) throws {
  for kernels in KernelSet.supported {
    let one = try run(EngineSettings(threads: 1, kernels: kernels))
    for threads in [2, 3, 7] {
      let several = try run(EngineSettings(threads: threads, kernels: kernels))
      #expect(
        one.shape == several.shape && bits(one) == bits(several),
        "\(label) \(kernels.name) \(threads) threads")
    }
    try check(kernels, one)
  }
}

/// Whether two tensors of one shape hold the same bits.
func haveSameBits(_ a: Tensor, _ b: Tensor) -> Bool {
  a.withUnsafeFloats { x in
    b.withUnsafeFloats { y in memcmp(x.baseAddress!, y.baseAddress!, 4 * x.count) == 0 }
  }
}

/// The elements as bit patterns, so that NaN equals NaN and 0 is not −0.
func bits(_ tensor: Tensor) -> [UInt32] { tensor.toArray().map(\.bitPattern) }

/// Whether two numbers are the same, NaN being the same as NaN.
func same(_ a: Float, _ b: Float) -> Bool { a == b || (a.isNaN && b.isNaN) }

/// How many units in the last place of `exact`, rounded to Float, a result is away from it.
func ulps(_ found: Float, _ exact: Double) -> Double {
  let rounded = Float(exact)
  if same(found, rounded) { return 0 }
  if !found.isFinite || !rounded.isFinite {
    // The largest number and infinity are neighbours.
    let limit = Double(Float.greatestFiniteMagnitude)
    let clamped =
      found.isNaN
      ? .nan : Double(found).magnitude > limit ? Double(found.sign == .minus ? -1 : 1) * limit : Double(found)
    let error = abs(clamped - exact) / Double(Float.greatestFiniteMagnitude.ulp)
    return error.isNaN ? .infinity : error
  }
  let unit = Double(max(rounded.ulp, Float.leastNonzeroMagnitude))
  return abs(Double(found) - exact) / unit
}

/// The indices of every element of a shape, in row-major order.
func positions(_ extents: [Int]) -> [[Int]] {
  var result: [[Int]] = [[]]
  for extent in extents {
    result = result.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
  }
  return result
}

extension Tensor {
  /// One element, slowly.
  subscript(_ position: [Int]) -> Float {
    toArray()[zip(position, shape.strides).reduce(0) { $0 + $1.0 * $1.1 }]
  }
}

/// Expects an operation to fail with a shape error, in its shape rule and when it runs.
func expectShapeError(
  _ error: ShapeError, _ operation: some TensorOperation, _ location: SourceLocation = #_sourceLocation
) {
  #expect(throws: error, sourceLocation: location) { try operation.outputShape() }
  var copy = operation
  do {
    _ = try copy.result()
    Issue.record("no error", sourceLocation: location)
  } catch OperationError.shape(let found) {
    #expect(found == error, sourceLocation: location)
  } catch {
    Issue.record("another error: \(error)", sourceLocation: location)
  }
}

/// A tensor whose elements are their own positions.
func counting(_ extents: [Int], axes: Axes? = nil) throws -> Tensor {
  let shape = try Shape(extents)
  return try Tensor((0..<shape.count).map(Float.init), shape, axes: axes)
}

/// What stands at a position of a tensor of positions.
func at(_ position: [Int], _ extents: [Int]) -> Float {
  var index = 0
  for (place, extent) in zip(position, extents) { index = index * extent + place }
  return Float(index)
}

extension Tensor {
  /// A tensor that has a large shape and no memory.
  static func wide(_ extents: [Int]) throws -> Tensor { try Tensor(phantom: Shape(extents)) }
}
