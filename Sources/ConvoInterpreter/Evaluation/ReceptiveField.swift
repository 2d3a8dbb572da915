internal import ConvoEngine
internal import ConvoTensor

/// How far one element of a result sees on the first input, in one direction, and how far its neighbours are apart there.
struct ReceptiveField: Equatable {
  /// What happened since pictures were enlarged, in elements of what was enlarged.
  private struct Level: Equatable {
    /// The distance from the first element to the last one that can be seen.
    var reach = Fraction(0)
    var step = Fraction(1)
  }
  /// The first input, and what was enlarged on the way.
  private var levels = [Level()]

  /// An element of the first input sees itself.
  static let pixel = ReceptiveField()

  /// The pixels from the first to the last one that an element sees.
  ///
  /// An interval of `r` elements holds up to `⌊r⌋ + 1` whole ones, and each of them sees on in turn.
  var pixels: Int {
    var elements = 1
    for level in levels.reversed() {
      elements = (level.reach + Fraction(elements - 1) * level.step).floor + 1
    }
    return elements
  }

  /// How many pixels of the first input neighbours are apart; less than one where pictures were enlarged.
  var step: Fraction { levels.reduce(Fraction(1)) { $0 * $1.step } }

  /// What an operation on inputs that see so far makes of it, and whether it is of interest there.
  ///
  /// A window over `k` elements adds `(k − 1)·step`, and a stride multiplies the step. What enlarges `s` times spreads each
  /// element over `k` results and divides the step: an element of the result sees up to `⌊(k − 1) / s⌋ + 1` of them.
  static func after(_ operation: any TensorOperation, _ inputs: [ReceptiveField]) -> (
    field: Self?, isTold: Bool
  ) {
    let widest = inputs.max { $0.pixels < $1.pixels }
    let before = widest ?? .pixel
    switch operation {
    case let convolution as Convolution:
      let extent = convolution.weight.rank == 4 ? convolution.weight.shape[2] : 1
      return (before.windowed(extent, convolution.dilation.height, convolution.stride.height), true)
    case let pooling as Pooling:
      let window = pooling.window
      return (before.windowed(window.extent.height, window.dilation.height, window.stride.height), true)
    case let pooling as GlobalPooling:
      return (before.windowed(pooling.input.shape.extents.dropLast().last ?? 1, 1, 1), true)
    case let filter as Filter2D:
      return (before.windowed(filter.weight.shape.extents.first ?? 1, 1, 1), true)
    case let convolution as TransposedConvolution:
      let extent = convolution.weight.rank == 4 ? convolution.weight.shape[2] : 1
      let spread = convolution.dilation.height * (extent - 1) + 1
      return (before.enlarged(by: Fraction(convolution.stride.height), spread: Fraction(spread)), true)
    case let upsampling as Upsampling:
      return (before.resampled(by: Fraction(upsampling.scale.height), upsampling.mode), true)
    case let resizing as Resizing:
      let factor = Fraction(resizing.height, max(1, rows(of: resizing.input)))
      return (before.resampled(by: factor, resizing.mode), true)
    case is Concatenation: return (widest, widest != nil)
    default: return (widest, false)
    }
  }

  /// The rows of pictures whose axes have names, or the usual places.
  private static func rows(of pictures: Tensor) -> Int {
    let shape = pictures.shape
    if let axis = pictures.axes.names.firstIndex(of: .height) { return shape[axis] }
    let isChannelLast = shape.rank == 3 && [1, 3, 4].contains(shape[2])
    return shape.rank < 2 ? 1 : isChannelLast ? shape[0] : shape[shape.rank - 2]
  }

  private func windowed(_ extent: Int, _ dilation: Int, _ stride: Int) -> ReceptiveField {
    var result = self
    let last = levels.count - 1
    let spread = Fraction(dilation) * Fraction(max(extent, 1) - 1)
    result.levels[last].reach = levels[last].reach + spread * levels[last].step
    result.levels[last].step = levels[last].step * Fraction(stride)
    return result
  }

  private func enlarged(by factor: Fraction, spread: Fraction) -> ReceptiveField {
    var result = self
    result.levels.append(Level(reach: (spread - Fraction(1)) / factor, step: Fraction(1) / factor))
    return result
  }

  /// The nearest pixel alone, or that before and that behind.
  private func resampled(by factor: Fraction, _ mode: Interpolation) -> ReceptiveField {
    if factor == Fraction(1) { return self }
    // Smaller pictures see their nearest pixels without a spread.
    if factor < Fraction(1) {
      var result = windowed(mode == .nearest ? 1 : 2, 1, 1)
      result.levels[levels.count - 1].step = levels[levels.count - 1].step / factor
      return result
    }
    if mode == .nearest { return enlarged(by: factor, spread: factor) }
    // Pixel centres fall on one another where the factor is odd.
    let overlap = factor.isOdd ? Fraction(1) : Fraction(0)
    return enlarged(by: factor, spread: Fraction(2) * factor - overlap)
  }
}

/// A quotient of whole numbers in lowest terms; what is too large for it is rounded.
struct Fraction: Hashable, Comparable, CustomStringConvertible {
  let numerator: Int
  let denominator: Int

  init(_ numerator: Int, _ denominator: Int = 1) {
    var (a, b) = (abs(numerator), abs(denominator))
    while b != 0 { (a, b) = (b, a % b) }
    let divisor = max(a, 1)
    self.numerator = numerator / divisor
    self.denominator = max(1, denominator / divisor)
  }

  /// The largest whole number that is not above it.
  var floor: Int {
    numerator / denominator - (numerator % denominator < 0 ? 1 : 0)
  }

  var isOdd: Bool { denominator == 1 && numerator % 2 != 0 }

  /// `2`, `1/2`
  var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

  static func + (left: Fraction, right: Fraction) -> Fraction {
    bounded(
      [(left.numerator, right.denominator), (right.numerator, left.denominator)],
      left.denominator, right.denominator)
  }

  static func - (left: Fraction, right: Fraction) -> Fraction {
    left + Fraction(-right.numerator, right.denominator)
  }

  static func * (left: Fraction, right: Fraction) -> Fraction {
    bounded([(left.numerator, right.numerator)], left.denominator, right.denominator)
  }

  static func / (left: Fraction, right: Fraction) -> Fraction {
    right.numerator == 0 ? left : left * Fraction(right.denominator, right.numerator)
  }

  static func < (left: Fraction, right: Fraction) -> Bool {
    Double(left.numerator) / Double(left.denominator) < Double(right.numerator) / Double(right.denominator)
  }

  /// The sum of products over a product; where one does not fit, the nearest whole number.
  private static func bounded(_ products: [(Int, Int)], _ left: Int, _ right: Int) -> Fraction {
    var sum = 0
    var isExact = true
    for (a, b) in products {
      let (product, isLarge) = a.multipliedReportingOverflow(by: b)
      let (total, isTooLarge) = sum.addingReportingOverflow(product)
      isExact = isExact && !isLarge && !isTooLarge
      sum = total
    }
    let (denominator, isLarge) = left.multipliedReportingOverflow(by: right)
    if isExact, !isLarge { return Fraction(sum, denominator) }
    let value = products.reduce(0) { $0 + Double($1.0) * Double($1.1) } / (Double(left) * Double(right))
    return Fraction(Int(exactly: min(max(value, -1e15), 1e15).rounded()) ?? 0)
  }
}
