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
    let extents = plan.batch.extents
    let (m, n, k) = (plan.m, plan.n, plan.k)
    let nest = LoopNest(
      extents: extents,
      strides: [
        LoopNest.strides(of: plan.leftBatch, stretchedTo: extents).map { $0 * m * k },
        LoopNest.strides(of: plan.rightBatch, stretchedTo: extents).map { $0 * k * n },
        plan.batch.strides.map { $0 * m * n },
      ])
    left.withAddress { a in
      right.withAddress { b in
        output.fillAddress { c in
          nest.forEachRow(in: 0..<nest.outerCount) { offsets in
            for i in 0..<nest.inner {
              MatrixProduct.multiply(
                a + offsets[0] + i * nest.innerStride(0), b + offsets[1] + i * nest.innerStride(1),
                c + offsets[2] + i * nest.innerStride(2), m, n, k)
            }
          }
        }
      }
    }
  }

  /// The plain definition for one pair of matrices.
  static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ m: Int, _ n: Int, _ k: Int
  ) {
    for i in 0..<m {
      let row = c + i * n
      row.update(repeating: 0, count: n)
      for p in 0..<k {
        let factor = a[i * k + p]
        for j in 0..<n { row[j] += factor * b[p * n + j] }
      }
    }
  }
}

extension Shape {
  /// The first `count` axes as a shape of their own.
  func leading(_ count: Int) -> Shape {
    (try? Shape(Array(extents.prefix(count)))) ?? .scalar
  }
}
