public import ConvoTensor

/// What ``PaddingOperation`` puts around a tensor.
public enum PaddingMode: Sendable, Hashable {
  /// A number.
  case constant(Float)
  /// The tensor mirrored at its edge, which is not repeated: `c b | a b c | b a`.
  case reflect
  /// The outermost elements, repeated.
  case edge
}

/// Puts elements around a tensor.
///
/// - Shapes: `[…, e]` → `[…, before + e + after]`; widths belong to the last axes.
public struct PaddingOperation: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// How many elements go before and after each of the last axes.
  public var widths: [(before: Int, after: Int)]
  /// What they are.
  public var mode: PaddingMode
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, widths: [(before: Int, after: Int)], mode: PaddingMode = .constant(0)) {
    self.input = input
    self.widths = widths
    self.mode = mode
  }

  private var allWidths: [(before: Int, after: Int)] {
    [(before: Int, after: Int)](repeating: (0, 0), count: input.rank - widths.count) + widths
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard widths.count <= input.rank else {
      throw .axisCount(expected: input.rank, found: widths.count)
    }
    var extents = input.shape.extents
    for (axis, width) in allWidths.enumerated() {
      let smallest = min(width.before, width.after)
      guard smallest >= 0 else { throw .tooSmall(parameter: "widths", value: smallest, minimum: 0) }
      let widest = max(width.before, width.after)
      if mode == .reflect && widest > max(0, extents[axis] - 1) {
        throw .reflection(width: widest, extent: extents[axis])
      }
      if mode == .edge && widest > 0 && extents[axis] == 0 { throw .empty(operation: "pad") }
      let (sum, first) = extents[axis].addingReportingOverflow(width.before)
      let (total, second) = sum.addingReportingOverflow(width.after)
      if first || second { throw .tooLarge([extents[axis], width.before, width.after]) }
      extents[axis] = total
    }
    return try Shape(extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let extents = output.shape.extents
    let strides = output.shape.strides
    let widths = allWidths
    let inner = zip(widths, strides).reduce(0) { $0 + $1.0.before * $1.1 }
    let copy = StridedCopy(
      extents: input.shape.extents, from: input.shape.strides, to: strides, settings: settings)
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        if input.count > 0 { try copy.run(x, y + inner) }
        if case .constant(let value) = mode {
          for axis in extents.indices {
            try fill(y, value, axis: axis, extents: extents, strides: strides)
          }
          return
        }
        // Axis by axis from the last: each takes what the later ones have already completed.
        var done = input.shape.extents
        for axis in extents.indices.reversed() {
          try surround(y, axis: axis, done: done, extents: extents, strides: strides)
          done[axis] = extents[axis]
        }
      }
    }
  }

  /// Writes a number before and after the input along `axis`: over its own part of the axes before, over the whole of
  /// those behind.
  private func fill(
    _ y: UnsafeMutablePointer<Float>, _ value: Float, axis: Int, extents: [Int], strides: [Int]
  ) throws(OperationError) {
    let widths = allWidths
    var slab = extents
    var corner = 0
    for other in 0..<axis {
      slab[other] = input.shape[other]
      corner += widths[other].before * strides[other]
    }
    let still = [Int](repeating: 0, count: extents.count)
    for (start, width) in [
      (0, widths[axis].before), (widths[axis].before + input.shape[axis], widths[axis].after),
    ] where width > 0 {
      slab[axis] = width
      let copy = StridedCopy(extents: slab, from: still, to: strides, settings: settings)
      try withUnsafePointer(to: value) { (number) throws(OperationError) in
        try copy.run(number, y + corner + start * strides[axis])
      }
    }
  }

  /// Copies slices of `axis` to the places before and after, over the part that is complete in every other axis.
  private func surround(
    _ y: UnsafeMutablePointer<Float>, axis: Int, done: [Int], extents: [Int], strides: [Int]
  ) throws(OperationError) {
    let widths = allWidths
    let (before, after, extent) = (widths[axis].before, widths[axis].after, input.shape[axis])
    var slice = done
    slice[axis] = 1
    var corner = 0
    for other in 0..<axis { corner += widths[other].before * strides[other] }
    let copy = StridedCopy(extents: slice, from: strides, to: strides, settings: settings)
    for place in 0..<(before + after) {
      let index = place < before ? place : place + extent
      let inside = index - before
      let source: Int
      if mode == .edge {
        source = min(max(inside, 0), extent - 1)
      } else {
        source = inside < 0 ? -inside : 2 * (extent - 1) - inside
      }
      try copy.run(y + corner + (source + before) * strides[axis], y + corner + index * strides[axis])
    }
  }
}
