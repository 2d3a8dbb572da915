public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random numbers from a seed: the same stream on every machine and for any number of threads.
///
/// The generator is Philox4×32-10: ten rounds of multiplication turn a 128-bit counter and the seed into four words, so
/// that any part of the stream can be made alone. A fill takes whole counters, one for four numbers.
///
/// - Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public struct RandomSource: Sendable, Hashable {
  /// Where the stream began.
  public let seed: UInt64
  /// How many counters have been used.
  public private(set) var position: UInt64

  /// A stream at its beginning, or at a known place.
  public init(seed: UInt64, position: UInt64 = 0) {
    self.seed = seed
    self.position = position
  }

  /// A tensor of numbers drawn evenly from `low ..< high`.
  ///
  /// Each is `low + (high − low) · m / 2²⁴` for a whole m of 24 random bits.
  public mutating func uniform(
    _ shape: Shape, from low: Float = 0, to high: Float = 1, axes: Axes? = nil
  ) throws(OperationError) -> Tensor {
    try draw(shape, axes) { y, count, start, seed in
      var i = 0
      var counter = start
      while i < count {
        let words = RandomSource.block(counter: counter, seed: seed)
        for lane in 0..<min(4, count - i) {
          let fraction = Float(words[lane] >> 8) * 0x1p-24
          y[i + lane] = low + (high - low) * fraction
        }
        counter &+= 1
        i += 4
      }
    }
  }

  /// A tensor of normally distributed numbers, by the transform of Box and Muller in double precision.
  ///
  /// Two words give two numbers: with u = (w₀ + 1) / 2³² and angle 2π · w₁ / 2³², the radius √(−2 ln u) times cosine and
  /// sine of the angle.
  public mutating func normal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1, axes: Axes? = nil
  ) throws(OperationError) -> Tensor {
    try draw(shape, axes) { y, count, start, seed in
      var i = 0
      var counter = start
      while i < count {
        let words = RandomSource.block(counter: counter, seed: seed)
        var numbers = SIMD4<Double>()
        for pair in 0..<2 {
          let radius = (-2 * log((Double(words[2 * pair]) + 1) * 0x1p-32)).squareRoot()
          let angle = 2 * Double.pi * Double(words[2 * pair + 1]) * 0x1p-32
          numbers[2 * pair] = radius * cos(angle)
          numbers[2 * pair + 1] = radius * sin(angle)
        }
        for lane in 0..<min(4, count - i) {
          y[i + lane] = Float(Double(mean) + Double(standardDeviation) * numbers[lane])
        }
        counter &+= 1
        i += 4
      }
    }
  }

  /// A random word, for the seed of a stream of its own.
  public mutating func next() -> UInt64 {
    let words = RandomSource.block(counter: position, seed: seed)
    position &+= 1
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  private mutating func draw(
    _ shape: Shape, _ axes: Axes?,
    _ body: (UnsafeMutablePointer<Float>, Int, UInt64, UInt64) -> Void
  ) throws(OperationError) -> Tensor {
    var output: Tensor
    do { output = try Tensor(uninitialized: shape, axes: axes) } catch { throw .memory(error) }
    let (start, seed) = (position, seed)
    output.fillAddress { y in body(y, shape.count, start, seed) }
    position &+= UInt64((shape.count + 3) / 4)
    return output
  }

  /// Four random words for one value of the counter.
  @inline(__always)
  static func block(counter: UInt64, seed: UInt64) -> SIMD4<UInt32> {
    var c0 = UInt32(truncatingIfNeeded: counter)
    var c1 = UInt32(truncatingIfNeeded: counter >> 32)
    var c2: UInt32 = 0
    var c3: UInt32 = 0
    var k0 = UInt32(truncatingIfNeeded: seed)
    var k1 = UInt32(truncatingIfNeeded: seed >> 32)
    for _ in 0..<10 {
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      let high0 = UInt32(truncatingIfNeeded: p0 >> 32)
      let high1 = UInt32(truncatingIfNeeded: p1 >> 32)
      c0 = high1 ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: p1)
      c2 = high0 ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: p0)
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }
}
