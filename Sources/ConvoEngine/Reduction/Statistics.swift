internal import CKernels
public import ConvoTensor

/// What one look at a tensor tells: its range, mean, spread, odd values and the distribution of the others.
///
/// NaN and infinite elements are counted and left out of everything else. A tensor of more than ``sampleThreshold``
/// elements is sampled in evenly spaced runs, and ``isSampled`` says so.
public struct Statistics: Sendable, Hashable {
  /// The most elements that are all looked at.
  public static let sampleThreshold = 1 << 22

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
  /// - Parameter bins: the number of bins of the histogram, 1 or more.
  public init(_ tensor: Tensor, bins: Int = 16) {
    let bins = max(1, min(bins, 1 << 16))
    let table = KernelSet.current.table.pointee
    tensor.withUnsafeFloats { floats in
      guard let x = floats.baseAddress, floats.count > 0 else { return }
      let runs = Statistics.runs(floats.count)
      isSampled = runs.count > 1
      let total = scan(x, runs, table)
      guard finiteCount > 0 else {
        histogram = [Int](repeating: 0, count: bins)
        return
      }
      mean = total / Double(finiteCount)
      tally(x, runs, bins: bins, table)
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

  /// The elements between two looks at the sums: 16 KiB.
  private static let block = 4096

  /// Range, sum and what is odd, in one pass; a block with something odd is looked at again, element by element.
  private mutating func scan(_ x: UnsafePointer<Float>, _ runs: [Range<Int>], _ table: kernel_set) -> Double {
    var total = 0.0
    var (low, high) = (Float.infinity, -Float.infinity)
    var (lowBlock, highBlock) = (0..<0, 0..<0)
    for run in runs {
      count += run.count
      for start in stride(from: run.lowerBound, to: run.upperBound, by: Statistics.block) {
        let block = start..<min(run.upperBound, start + Statistics.block)
        let part = table.image.scan(x + start, block.count)
        total += part.sum
        if part.minimum < low { (low, lowBlock) = (part.minimum, block) }
        if part.maximum > high { (high, highBlock) = (part.maximum, block) }
        if part.odd > 0 { countOdd(x, block) }
      }
    }
    if !lowBlock.isEmpty {
      (minimum, maximum) = (low, high)
      minimumIndex = lowBlock.lowerBound + table.reduction.find(x + lowBlock.lowerBound, lowBlock.count, low)
      maximumIndex =
        highBlock.lowerBound + table.reduction.find(x + highBlock.lowerBound, highBlock.count, high)
    }
    return total
  }

  private mutating func countOdd(_ x: UnsafePointer<Float>, _ block: Range<Int>) {
    for i in block where !x[i].isFinite {
      if x[i].isNaN {
        nanCount += 1
        if firstNaN == nil { firstNaN = i }
      } else {
        infinityCount += 1
        if firstInfinity == nil { firstInfinity = i }
      }
    }
  }

  /// Spread and distribution, which need mean and range.
  private mutating func tally(_ x: UnsafePointer<Float>, _ runs: [Range<Int>], bins: Int, _ table: kernel_set)
  {
    let width = Double(maximum) - Double(minimum)
    let scale = width > 0 ? Double(bins) / width : 0
    let (mean, low) = (mean, Double(minimum))
    var squares = 0.0
    // One more for what is not finite.
    var counts = [Int64](repeating: 0, count: bins + 1)
    for run in runs {
      for start in stride(from: run.lowerBound, to: run.upperBound, by: Statistics.block) {
        squares += table.image.tally(
          x + start, min(run.upperBound, start + Statistics.block) - start, mean, low, scale, &counts,
          Int32(bins))
      }
    }
    histogram = counts.dropLast().map(Int.init)
    standardDeviation = (squares / Double(finiteCount)).squareRoot()
  }
}
