internal import CKernels
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
/// Sums and products are made in double precision in blocks whose borders depend on the shape alone, so that the bits are
/// the same for any number of threads and on every CPU. With n elements the error of a sum is at most
/// `2⁻²⁴ · |Σx| + n · 2⁻⁵³ · Σ|x|`: it is the rounded true sum for any tensor that fits in memory and does not cancel.
/// Variances are merged block by block from squared differences to the block's own mean.
///
/// - Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
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
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

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

  /// What all elements make, where they are few.
  public func number() -> Float? {
    guard axes == nil, !keepsDimensions, input.count > 0, input.count <= RowReduction.short else {
      return nil
    }
    let table = (settings ?? .current).kernels.table
    return input.withAddress { x in
      RowReduction.value(of: kind, x, input.count, table.pointee.reduction)
    }
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let kind = kind
    let settings = settings ?? .current
    if output.count == 1, input.count > 0, input.count <= RowReduction.short {
      let value = input.withAddress { x in
        RowReduction.value(of: kind, x, input.count, settings.kernels.table.pointee.reduction)
      }
      return output.fillAddress { $0.pointee = value }
    }
    let layout: ReductionLayout
    do { layout = try ReductionLayout(input.shape, axes) } catch { throw .shape(error) }
    let count = output.count
    if layout.length == 0 {
      output.fillAddress { $0.update(repeating: kind.value(.start(kind), of: 0), count: count) }
      return
    }
    if layout.needsReordering {
      // The reduced axes last, where they are one long row.
      var ordered = Transposition(input: input, axes: layout.keptAxes + layout.reducedAxes)
      ordered.settings = settings
      var rows = Reduction(
        kind: kind, input: try ordered.result(),
        axes: Array(layout.keptAxes.count..<input.rank), keepsDimensions: keepsDimensions)
      rows.settings = settings
      return try rows.evaluate(into: &output)
    }
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        if layout.runsAlongRows {
          try RowReduction(kind: kind, layout: layout, settings: settings).run(x, y)
        } else {
          try ColumnReduction(kind: kind, layout: layout, settings: settings).run(x, y)
        }
      }
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
