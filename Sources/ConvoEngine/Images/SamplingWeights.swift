import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// For each output position along one axis, the neighbouring input positions that it is a weighted sum of.
struct SamplingWeights: Sendable {
  /// The first input position of each output.
  private(set) var first: [Int32] = []
  /// How many follow it, itself included.
  private(set) var counts: [Int32] = []
  /// Their weights, `taps` for each output, 0 behind the last.
  private(set) var weights: [Float] = []
  /// The same in units of 2⁻²², as Pillow rounds them.
  private(set) var fixed: [Int32] = []
  /// The most positions that an output has.
  private(set) var taps = 1

  /// Takes the weights of each output as pairs of position and weight, positions ascending without a gap.
  private init(_ lines: [(first: Int, weights: [Double])]) {
    taps = lines.reduce(1) { max($0, $1.weights.count) }
    for line in lines {
      first.append(Int32(line.first))
      counts.append(Int32(line.weights.count))
      weights += line.weights.map { Float($0) }
      weights += [Float](repeating: 0, count: taps - line.weights.count)
      fixed += line.weights.map { Int32(($0 * 0x1p22).rounded(.toNearestOrAwayFromZero)) }
      fixed += [Int32](repeating: 0, count: taps - line.weights.count)
    }
  }

  /// A filter that is as wide as the outputs are apart, and never narrower than on the inputs; what would lie outside is
  /// left out.
  ///
  /// - Source: Pillow, `precompute_coeffs`; PyTorch, `_compute_indices_weights_aa`.
  static func antialiased(input: Int, output: Int, _ filter: SamplingFilter) -> SamplingWeights {
    let scale = Double(input) / Double(output)
    let width = max(scale, 1)
    let support = filter.support * width
    return SamplingWeights(
      (0..<output).map { i in
        let center = (Double(i) + 0.5) * scale
        let start = max(Int(center - support + 0.5), 0)
        let end = max(min(Int(center + support + 0.5), input), start + 1)
        let shares = (start..<end).map { filter((Double($0) - center + 0.5) / width) }
        return (min(start, input - 1), normalized(shares))
      })
  }

  /// A filter on the input pixels around the place of each output; the outermost pixels go on beyond the edge.
  static func interpolating(input: Int, output: Int, _ filter: SamplingFilter) -> SamplingWeights {
    let scale = Double(input) / Double(output)
    let radius = Int(filter.support)
    return SamplingWeights(
      (0..<output).map { i in
        let place = (Double(i) + 0.5) * scale - 0.5
        let base = Int(place.rounded(.down))
        let positions = (base - radius + 1)...(base + radius)
        let shares = normalized(positions.map { filter(place - Double($0)) })
        let (low, high) = (clamp(base - radius + 1, input), clamp(base + radius, input))
        var gathered = [Double](repeating: 0, count: high - low + 1)
        for (position, share) in zip(positions, shares) { gathered[clamp(position, input) - low] += share }
        return (low, gathered)
      })
  }

  /// The mean over the part of the input that each output covers, pixels at its border in part.
  static func overlapping(input: Int, output: Int) -> SamplingWeights {
    let scale = Double(input) / Double(output)
    return SamplingWeights(
      (0..<output).map { i in
        let (low, high) = (Double(i) * scale, min(Double(i + 1) * scale, Double(input)))
        let start = clamp(Int(low), input)
        let end = max(min(Int(high.rounded(.up)), input), start + 1)
        return (
          start, normalized((start..<end).map { max(0, min(high, Double($0 + 1)) - max(low, Double($0))) })
        )
      })
  }

  /// The mean over whole pixels: from the one that holds the first edge of an output to the one that holds its last.
  ///
  /// - Source: PyTorch, `adaptive_avg_pool2d`.
  static func adaptive(input: Int, output: Int) -> SamplingWeights {
    SamplingWeights(
      (0..<output).map { i in
        let (start, end) = (i * input / output, ((i + 1) * input + output - 1) / output)
        return (start, [Double](repeating: 1 / Double(end - start), count: end - start))
      })
  }

  /// The straight lines that OpenCV draws for `INTER_AREA` where a side does not shrink.
  static func stretched(input: Int, output: Int) -> SamplingWeights {
    let scale = Double(input) / Double(output)
    return SamplingWeights(
      (0..<output).map { i in
        let start = Int(Double(i) * scale)
        let reach = Double(i + 1) - Double(start + 1) / scale
        let share = reach <= 0 ? 0 : reach - reach.rounded(.down)
        return start >= input - 1 ? (input - 1, [1]) : (start, [1 - share, share])
      })
  }

  private static func clamp(_ position: Int, _ count: Int) -> Int { min(max(position, 0), count - 1) }

  private static func normalized(_ shares: [Double]) -> [Double] {
    let sum = shares.reduce(0, +)
    return sum == 0 ? shares.map { _ in 1 / Double(shares.count) } : shares.map { $0 / sum }
  }
}

/// How much a pixel counts at a distance, in pixels.
enum SamplingFilter: Sendable {
  /// 1 within half a pixel.
  case box
  /// A straight line down to the next pixel.
  case triangle
  /// Keys' cubic with the given slope at the next pixel.
  case cubic(Double)
  /// A sinc that a wider sinc lets fade out.
  case lanczos(Double)

  /// Beyond this distance a pixel does not count.
  var support: Double {
    switch self {
    case .box: 0.5
    case .triangle: 1
    case .cubic: 2
    case .lanczos(let lobes): lobes
    }
  }

  /// The weight at a distance.
  ///
  /// - Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE ASSP 29(6), 1981.
  func callAsFunction(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .box: return distance > -0.5 && distance <= 0.5 ? 1 : 0
    case .triangle: return max(0, 1 - x)
    case .cubic(let a):
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    case .lanczos(let lobes):
      if x >= lobes { return 0 }
      if x < 1e-9 { return 1 }
      let t = Double.pi * x
      return lobes * sin(t) * sin(t / lobes) / (t * t)
    }
  }
}
