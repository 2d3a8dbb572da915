public import ConvoTensor

/// The matrix product over the last two axes, with NumPy's rules: the axes before them are broadcast, an operand of rank
/// 1 is a row on the left and a column on the right, and that axis vanishes again.
///
/// - Shapes: `[…, m, k] · […, k, n]` → `[…, m, n]`.
/// - Source: NumPy, `numpy.matmul`, https://numpy.org/doc/stable/reference/generated/numpy.matmul.html
public struct MatrixProduct: TensorOperation {
  /// The left factor.
  public var left: Tensor
  /// The right factor.
  public var right: Tensor
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(left: Tensor, right: Tensor) {
    self.left = left
    self.right = right
  }

  /// The shapes as matrices and the batch shape both are stretched to.
  private struct Plan {
    var m = 1
    var n = 1
    var k = 1
    var leftBatch: [Int] = []
    var rightBatch: [Int] = []
    var batch: Shape = .scalar
  }

  private func plan() throws(ShapeError) -> Plan {
    guard left.rank > 0 else { throw .rank(operand: "a", expected: "at least one axis", found: left.shape) }
    guard right.rank > 0 else { throw .rank(operand: "b", expected: "at least one axis", found: right.shape) }
    let (a, b) = (left.shape.extents, right.shape.extents)
    var plan = Plan()
    plan.m = a.count > 1 ? a[a.count - 2] : 1
    plan.k = a[a.count - 1]
    plan.n = b.count > 1 ? b[b.count - 1] : 1
    guard plan.k == (b.count > 1 ? b[b.count - 2] : b[0]) else { throw .inner(left.shape, right.shape) }
    plan.leftBatch = Array(a.dropLast(2))
    plan.rightBatch = Array(b.dropLast(2))
    do {
      plan.batch = try Shape(plan.leftBatch).broadcast(with: Shape(plan.rightBatch))
    } catch ShapeError.broadcast {
      throw .broadcast(left.shape, right.shape)
    }
    return plan
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let plan = try plan()
    var extents = plan.batch.extents
    if left.rank > 1 { extents.append(plan.m) }
    if right.rank > 1 { extents.append(plan.n) }
    return try Shape(extents)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    guard let plan = try? plan() else { return nil }
    var names = Axes.broadcast(
      [
        (left.shape.leading(plan.leftBatch.count), Axes(Array(left.axes.names.prefix(plan.leftBatch.count)))),
        (
          right.shape.leading(plan.rightBatch.count),
          Axes(Array(right.axes.names.prefix(plan.rightBatch.count)))
        ),
      ], to: plan.batch
    ).names
    if left.rank > 1 { names.append(left.axes.names[left.rank - 2]) }
    if right.rank > 1 { names.append(right.axes.names[right.rank - 1]) }
    return Axes(names)
  }

  /// The multiplications with an addition.
  public var multiplyAdds: Int {
    guard let shape = try? outputShape() else { return 0 }
    return shape.count.multipliedReportingOverflow(by: left.shape.extents.last ?? 0).partialValue
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let plan: Plan
    do { plan = try self.plan() } catch { throw .shape(error) }
    let settings = settings ?? .current
    let (m, n, k) = (plan.m, plan.n, plan.k)
    var product = MatrixMultiplication(rows: m, columns: n, depth: k, settings: settings)
    if plan.rightBatch.allSatisfy({ $0 == 1 }) {
      // One right factor for all: the left ones are one tall matrix.
      product.rows *= plan.batch.count
      return try left.withAddress { (a) throws(OperationError) in
        try right.withAddress { (b) throws(OperationError) in
          try output.fillAddress { (c) throws(OperationError) in try product.run(a, b, c) }
        }
      }
    }
    let extents = plan.batch.extents
    let nest = LoopNest(
      extents: extents,
      strides: [
        LoopNest.strides(of: plan.leftBatch, stretchedTo: extents).map { $0 * m * k },
        LoopNest.strides(of: plan.rightBatch, stretchedTo: extents).map { $0 * k * n },
        plan.batch.strides.map { $0 * m * n },
      ])
    let batch = plan.batch.count
    let work = Double(m * n) * Double(k) / 30
    // Many products share the threads out among themselves, few share each.
    let isShared = batch >= 4 * settings.threads
    if isShared { product.settings.threads = 1 }
    let failure = FirstError()
    try left.withAddress { (a) throws(OperationError) in
      try right.withAddress { (b) throws(OperationError) in
        try output.fillAddress { (c) throws(OperationError) in
          let one = { (index: Int) throws(OperationError) in
            var (x, y, z) = (a, b, c)
            nest.offsets(of: index) { offsets in
              x += offsets[0]
              y += offsets[1]
              z += offsets[2]
            }
            try product.run(x, y, z)
          }
          if isShared {
            try Workers.parallel(count: batch, grain: 1, nanoseconds: work, threads: settings.threads) {
              range, _ in
              for index in range {
                do throws(OperationError) { try one(index) } catch { failure.record(error) }
              }
            }
          } else {
            for index in 0..<batch { try one(index) }
          }
        }
      }
    }
    try failure.rethrow()
  }
}

extension Shape {
  /// The first `count` axes as a shape of their own.
  func leading(_ count: Int) -> Shape {
    (try? Shape(Array(extents.prefix(count)))) ?? .scalar
  }
}
