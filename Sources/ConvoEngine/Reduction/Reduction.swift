public import ConvoTensor

/// What ``Reduction`` makes of the elements along the reduced axes.
public enum ReductionKind: Sendable, Hashable, CaseIterable {
  /// Σ x; 0 of nothing.
  case sum
  /// Σ x / n; NaN of nothing.
  case mean
  /// The smallest; NaN if there is one.
  case minimum
  /// The largest; NaN if there is one.
  case maximum
  /// √variance
  case standardDeviation
  /// Σ (x − mean)² / n; NaN of nothing.
  case variance
  /// Π x; 1 of nothing.
  case product
  /// The index of the first largest, or of the first NaN.
  case argmax
  /// The index of the first smallest, or of the first NaN.
  case argmin
  /// 1 if any element is not zero, else 0.
  case any
  /// 1 if no element is zero, else 0.
  case all
  /// √Σ x²
  case norm
}

/// Reduces a tensor along some of its axes, or all of them.
///
/// - Shapes: any → without the reduced axes, or with extent 1 in their place.
public struct Reduction: TensorOperation {
  /// What is made of the elements.
  public var kind: ReductionKind
  /// The operand.
  public var input: Tensor
  /// The axes that vanish, negative ones from the end; `nil` for all.
  public var axes: [Int]?
  /// Whether a reduced axis stays, with extent 1.
  public var keepsDimensions: Bool

  /// Describes the operation.
  public init(kind: ReductionKind, input: Tensor, axes: [Int]? = nil, keepsDimensions: Bool = false) {
    self.kind = kind
    self.input = input
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let reduced = try input.shape.axes(axes)
    var extents: [Int] = []
    var length = 1
    for axis in 0..<input.rank {
      if reduced.contains(axis) {
        if input.shape[axis] == 0 { length = 0 }
        if keepsDimensions { extents.append(1) }
      } else {
        extents.append(input.shape[axis])
      }
    }
    let shape = try Shape(extents)
    if length == 0 && shape.count > 0, let name = kind.nameThatNeedsElements {
      throw .empty(operation: name)
    }
    return shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let reduced = try? input.shape.axes(axes) else { return nil }
    if keepsDimensions { return input.axes }
    return Axes((0..<input.rank).filter { !reduced.contains($0) }.map { input.axes.names[$0] })
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let reduced: [Int]
    do { reduced = try input.shape.axes(axes) } catch { throw .shape(error) }
    let kept = (0..<input.rank).filter { !reduced.contains($0) }
    let strides = input.shape.strides
    let outer = LoopNest(
      extents: kept.map { input.shape[$0] }, strides: [kept.map { strides[$0] }])
    let inner = LoopNest(
      extents: reduced.map { input.shape[$0] }, strides: [reduced.map { strides[$0] }])
    let kind = kind
    let length = reduced.reduce(1) { $0 * input.shape[$1] }
    input.withUnsafeFloats { source in
      output.fill { target in
        let x = source.baseAddress.unsafelyUnwrapped
        let y = target.baseAddress.unsafelyUnwrapped
        var position = 0
        let step = outer.innerStride(0)
        outer.forEachRow(in: 0..<outer.outerCount) { offsets in
          for i in 0..<outer.inner {
            y[position] = Reduction.reduce(kind, x + offsets[0] + i * step, inner, length)
            position += 1
          }
        }
      }
    }
  }

  /// The plain definition: one output from the elements that `nest` visits.
  static func reduce(
    _ kind: ReductionKind, _ x: UnsafePointer<Float>, _ nest: LoopNest, _ length: Int
  ) -> Float {
    var accumulator = ReductionAccumulator(kind)
    if length == 0 { return accumulator.value(of: 0, mean: .nan) }
    let step = nest.innerStride(0)
    nest.forEachRow(in: 0..<nest.outerCount) { offsets in
      for i in 0..<nest.inner { accumulator.add(x[offsets[0] + i * step]) }
    }
    guard kind == .variance || kind == .standardDeviation else {
      return accumulator.value(of: length, mean: 0)
    }
    let mean = accumulator.total / Double(length)
    var squares = 0.0
    nest.forEachRow(in: 0..<nest.outerCount) { offsets in
      for i in 0..<nest.inner {
        let difference = Double(x[offsets[0] + i * step]) - mean
        squares += difference * difference
      }
    }
    let variance = squares / Double(length)
    return Float(kind == .variance ? variance : variance.squareRoot())
  }
}

/// What a plain reduction remembers between elements.
struct ReductionAccumulator {
  let kind: ReductionKind
  var total: Double
  private var best: Float
  private var bestIndex = 0
  private var index = 0

  init(_ kind: ReductionKind) {
    self.kind = kind
    self.total = kind == .product || kind == .all ? 1 : 0
    self.best = kind == .minimum || kind == .argmin ? .infinity : -.infinity
  }

  mutating func add(_ x: Float) {
    switch kind {
    case .sum, .mean, .variance, .standardDeviation: total += Double(x)
    case .norm: total += Double(x) * Double(x)
    case .product: total *= Double(x)
    case .any: if x != 0 { total = 1 }
    case .all: if x == 0 { total = 0 }
    case .maximum, .argmax:
      if !best.isNaN && (index == 0 || x > best || x.isNaN) { (best, bestIndex) = (x, index) }
    case .minimum, .argmin:
      if !best.isNaN && (index == 0 || x < best || x.isNaN) { (best, bestIndex) = (x, index) }
    }
    index += 1
  }

  func value(of length: Int, mean: Double) -> Float {
    switch kind {
    case .sum, .product, .any, .all: Float(total)
    case .mean: Float(total / Double(length))
    case .norm: Float(total.squareRoot())
    case .maximum, .minimum: best
    case .argmax, .argmin: Float(bestIndex)
    case .variance, .standardDeviation: Float(mean)
    }
  }
}

extension ReductionKind {
  /// The name to complain under when there is nothing to choose from.
  var nameThatNeedsElements: String? {
    switch self {
    case .maximum: "max"
    case .minimum: "min"
    case .argmax: "argmax"
    case .argmin: "argmin"
    default: nil
    }
  }
}
