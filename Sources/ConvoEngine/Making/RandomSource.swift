internal import CKernels
public import ConvoTensor

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
    _ shape: Shape, from low: Float = 0, to high: Float = 1, axes: Axes? = nil,
    settings: EngineSettings? = nil
  ) throws(OperationError) -> Tensor {
    let settings = settings ?? .current
    let kernel = settings.kernels.table.pointee.random.uniform
    return try draw(shape, axes, nanoseconds: 0.5, settings) { seed, counter, output, count in
      kernel(seed, counter, output, count, low, high - low)
    }
  }

  /// A tensor of normally distributed numbers, by the transform of Box and Muller in double precision.
  ///
  /// Two words give two numbers: with u = (w₀ + 1) / 2³² and angle 2π · w₁ / 2³², the radius √(−2 ln u) times cosine and
  /// sine of the angle.
  public mutating func normal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1, axes: Axes? = nil,
    settings: EngineSettings? = nil
  ) throws(OperationError) -> Tensor {
    let settings = settings ?? .current
    let kernel = settings.kernels.table.pointee.random.normal
    return try draw(shape, axes, nanoseconds: 2, settings) { seed, counter, output, count in
      kernel(seed, counter, output, count, Double(mean), Double(standardDeviation))
    }
  }

  /// A random word, for the seed of a stream of its own.
  public mutating func next() -> UInt64 {
    let words = RandomSource.words(counter: position, seed: seed)
    position &+= 1
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  private mutating func draw(
    _ shape: Shape, _ axes: Axes?, nanoseconds: Double, _ settings: EngineSettings,
    _ body: (UInt64, UInt64, UnsafeMutablePointer<Float>, Int) -> Void
  ) throws(OperationError) -> Tensor {
    var output: Tensor
    do { output = try Tensor(uninitialized: shape, axes: axes) } catch { throw .memory(error) }
    let (start, seed, count) = (position, seed, shape.count)
    let counters = (count + 3) / 4
    try output.fillAddress { (y) throws(OperationError) in
      try Workers.parallel(
        count: counters, grain: 256, nanoseconds: 4 * nanoseconds, longest: Workers.longestStream,
        threads: settings.threads
      ) { range, _ in
        let first = 4 * range.lowerBound
        body(
          seed, start &+ UInt64(range.lowerBound), y + first, min(count, 4 * range.upperBound) - first)
      }
    }
    position &+= UInt64(counters)
    return output
  }

  /// The plain definition of the generator: four random words for one value of the counter.
  static func words(counter: UInt64, seed: UInt64) -> SIMD4<UInt32> {
    var c = SIMD4(UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), 0, 0)
    var (k0, k1) = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    for _ in 0..<10 {
      let first = UInt64(c[0]) * 0xD251_1F53
      let second = UInt64(c[2]) * 0xCD9E_8D57
      c = SIMD4(
        UInt32(second >> 32) ^ c[1] ^ k0, UInt32(truncatingIfNeeded: second), UInt32(first >> 32) ^ c[3] ^ k1,
        UInt32(truncatingIfNeeded: first))
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return c
  }
}
