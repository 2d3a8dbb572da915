public import ConvoTensor

/// What one look at a tensor tells: its range, mean, spread, odd values and the distribution of the others.
///
/// NaN and infinite elements are counted and left out of everything else. A tensor of more than ``sampleThreshold``
/// elements is sampled in evenly spaced runs, and ``isSampled`` says so.
public struct Statistics: Sendable, Hashable {
  /// The most elements that are all looked at.
  public static let sampleThreshold = 1 << 24

  /// How many elements were looked at.
  public private(set) var count = 0
  /// Whether that was only a part of them.
  public private(set) var isSampled = false
  /// The smallest finite element; NaN if there is none.
  public private(set) var minimum = Float.nan
  /// The largest finite element; NaN if there is none.
  public private(set) var maximum = Float.nan
  /// The mean of the finite elements; NaN if there are none.
  public private(set) var mean = Double.nan
  /// The standard deviation of the finite elements, their squared differences divided by their number.
  public private(set) var standardDeviation = Double.nan
  /// How many are not a number.
  public private(set) var nanCount = 0
  /// How many are infinite.
  public private(set) var infinityCount = 0
  /// Where the first NaN is, as a position in row-major order.
  public private(set) var firstNaN: Int?
  /// Where the first infinite element is, as a position in row-major order.
  public private(set) var firstInfinity: Int?
  /// Where the first of the smallest elements is, as a position in row-major order.
  public private(set) var minimumIndex: Int?
  /// Where the first of the largest elements is, as a position in row-major order.
  public private(set) var maximumIndex: Int?
  /// How many finite elements fall into each of equally wide bins from ``minimum`` to ``maximum``.
  public private(set) var histogram: [Int] = []

  /// How many finite elements were seen.
  public var finiteCount: Int { count - nanCount - infinityCount }

  /// Looks at a tensor.
  ///
  /// - Parameter bins: the number of bins of the histogram, 0 for none.
  public init(_ tensor: Tensor, bins: Int = 16) {
    tensor.withUnsafeFloats { floats in
      guard let x = floats.baseAddress, floats.count > 0 else { return }
      let runs = Statistics.runs(floats.count)
      isSampled = runs.count > 1
      var total = 0.0
      for run in runs { scan(x, run, &total) }
      guard finiteCount > 0 else {
        histogram = [Int](repeating: 0, count: max(0, bins))
        return
      }
      mean = total / Double(finiteCount)
      tally(x, runs, bins: max(0, bins))
    }
  }

  /// Position of an element as one index for each axis.
  public static func indices(of position: Int, in shape: Shape) -> [Int] {
    var rest = position
    return zip(shape.strides, shape.extents).map { step, _ in
      defer { rest %= max(step, 1) }
      return rest / max(step, 1)
    }
  }

  /// The ranges to look at: everything, or 1024 runs spread over the whole.
  private static func runs(_ count: Int) -> [Range<Int>] {
    if count <= sampleThreshold { return [0..<count] }
    let runs = 1024
    let length = sampleThreshold / runs
    return (0..<runs).map { run in
      // The last run ends at the last element.
      let start = Int((Double(count - length) * Double(run) / Double(runs - 1)).rounded(.down))
      return start..<(start + length)
    }
  }

  private mutating func scan(_ x: UnsafePointer<Float>, _ run: Range<Int>, _ total: inout Double) {
    var low = minimumIndex == nil ? Float.infinity : minimum
    var high = maximumIndex == nil ? -Float.infinity : maximum
    for i in run {
      let value = x[i]
      if !value.isFinite {
        if value.isNaN {
          nanCount += 1
          if firstNaN == nil { firstNaN = i }
        } else {
          infinityCount += 1
          if firstInfinity == nil { firstInfinity = i }
        }
        continue
      }
      total += Double(value)
      if value < low { (low, minimumIndex) = (value, i) }
      if value > high { (high, maximumIndex) = (value, i) }
    }
    count += run.count
    if minimumIndex != nil { (minimum, maximum) = (low, high) }
  }

  private mutating func tally(_ x: UnsafePointer<Float>, _ runs: [Range<Int>], bins: Int) {
    histogram = [Int](repeating: 0, count: bins)
    let width = Double(maximum) - Double(minimum)
    let scale = width > 0 ? Double(bins) / width : 0
    let (mean, low, last) = (mean, Double(minimum), bins - 1)
    var squares = 0.0
    histogram.withUnsafeMutableBufferPointer { counts in
      for run in runs {
        for i in run where x[i].isFinite {
          let value = Double(x[i])
          squares += (value - mean) * (value - mean)
          if last >= 0 { counts[min(last, Int((value - low) * scale))] += 1 }
        }
      }
    }
    standardDeviation = (squares / Double(finiteCount)).squareRoot()
  }
}
