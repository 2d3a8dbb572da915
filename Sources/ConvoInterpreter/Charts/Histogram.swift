internal import ConvoEngine
internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many values of a tensor fall into each of equally wide bins.
public struct Histogram: Sendable {
  /// Where the first bin begins.
  public let low: Double
  /// Where the last bin ends; a value equal to it belongs to that bin.
  public let high: Double
  /// The number of values in each bin.
  public let counts: [Int]
  /// How many values the tensor has.
  public let count: Int
  /// How many of them are below or above the range.
  public let outsideCount: Int
  /// How many are not a number, or infinite.
  public let oddCount: Int

  /// About how many bins there are where nobody says.
  static let usualBins = 32
  /// The most bins.
  static let mostBins = 1000

  /// Counts the values of a tensor.
  ///
  /// - Parameters:
  ///   - bins: their number; `nil` for about 32, with whole numbers not cut apart.
  ///   - range: the first and the last edge; `nil` for the smallest and the largest value.
  /// - Throws: ``Interruption`` after Ctrl-C.
  init(_ tensor: Tensor, bins: Int?, range: ClosedRange<Double>?) throws {
    let extremes = try Histogram.extremes(tensor)
    var low = range?.lowerBound ?? extremes.low
    var high = range?.upperBound ?? extremes.high
    var count = bins ?? Histogram.usualBins
    // Of numbers beyond 2⁵⁰ the half that would be added is lost.
    let isFine = max(abs(low), abs(high)) < 0x1p50
    if bins == nil, range == nil, extremes.isWhole, isFine, high - low < 1e6 {
      // Bins as wide as whole numbers of levels: else some hold one level more than others, and the picture has teeth.
      let levels = high - low + 1
      let width = max(1, (levels / Double(Histogram.usualBins)).rounded(.up))
      low -= 0.5
      count = Int((levels / width).rounded(.up))
      high = low + Double(count) * width
    } else if low == high {
      (low, high) = (low - max(0.5, abs(low) * 0.05), high + max(0.5, abs(high) * 0.05))
    }
    var counts = [Int](repeating: 0, count: count)
    let scale = Double(count) / (high - low)
    var outside = 0
    try Histogram.walk(tensor) { value in
      let value = Double(value)
      if value < low || value > high {
        outside += 1
      } else {
        counts[min(count - 1, Int((value - low) * scale))] += 1
      }
    }
    (self.low, self.high, self.counts, self.count) = (low, high, counts, tensor.count)
    outsideCount = outside
    oddCount = extremes.oddCount
  }

  /// The range of a bin.
  public func edges(of bin: Int) -> (low: Double, high: Double) {
    let width = (high - low) / Double(counts.count)
    return (low + Double(bin) * width, low + Double(bin + 1) * width)
  }

  private static func extremes(
    _ tensor: Tensor
  ) throws -> (low: Double, high: Double, isWhole: Bool, oddCount: Int) {
    var (low, high) = (Float.infinity, -Float.infinity)
    var isWhole = true
    var finite = 0
    try walk(tensor) { value in
      low = min(low, value)
      high = max(high, value)
      isWhole = isWhole && value == value.rounded(.down)
      finite += 1
    }
    return finite == 0
      ? (0, 1, false, tensor.count) : (Double(low), Double(high), isWhole, tensor.count - finite)
  }

  /// Calls `body` with each finite value.
  private static func walk(_ tensor: Tensor, _ body: (Float) -> Void) throws {
    let block = 1 << 20
    for start in Swift.stride(from: 0, to: tensor.count, by: block) {
      if Cancellation.isRequested { throw Interruption() }
      unsafe tensor.withUnsafeFloats { floats in
        for index in start..<min(start + block, floats.count) {
          let value = unsafe floats[index]
          if value.isFinite { body(value) }
        }
      }
    }
  }
}
