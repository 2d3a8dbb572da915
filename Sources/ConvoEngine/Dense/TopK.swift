public import ConvoTensor

/// The k largest elements along the last axis, largest first, and where they are.
///
/// NaN counts as larger than anything; equal elements keep their order.
///
/// - Shapes: `[…, n]` → `[2, …, k]`: values, then indices.
public struct TopK: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// How many.
  public var k: Int
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(input: Tensor, k: Int) {
    self.input = input
    self.k = k
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    guard let extent = input.shape.extents.last else {
      throw .rank(operand: "x", expected: "at least one axis", found: input.shape)
    }
    guard k >= 1 else { throw .tooSmall(parameter: "k", value: k, minimum: 1) }
    guard k <= extent else { throw .tooBig(parameter: "k", value: k, maximum: extent) }
    return try Shape([2] + input.shape.extents.dropLast() + [k])
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    Axes([.unnamed] + input.axes.names.dropLast() + [.unnamed])
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let extent = input.shape[input.rank - 1]
    let rows = input.count / extent
    let k = k
    let threads = (settings ?? .current).threads
    let bytes = threads * k * MemoryLayout<Int>.stride
    do { try MemoryBudget.reserve(bytes) } catch { throw .memory(error) }
    defer { MemoryBudget.release(bytes) }
    try input.withAddress { (x) throws(OperationError) in
      try output.fillAddress { (y) throws(OperationError) in
        try Workers.parallel(
          count: rows, grain: 1, nanoseconds: 1.5 * Double(extent) + 20 * Double(k), threads: threads
        ) { range, _ in
          for row in range {
            TopK.select(x + row * extent, extent, k, y + row * k, y + (rows + row) * k)
          }
        }
      }
    }
  }

  /// The values and indices as two tensors.
  ///
  /// - Shapes: `[…, n]` → `[…, k]` each.
  public mutating func pair() throws(OperationError) -> (values: Tensor, indices: Tensor) {
    let both = try freshResult()
    let axes = Axes(Array(both.axes.names.dropFirst()))
    do throws(ShapeError) {
      let shape = try Shape(Array(both.shape.extents.dropFirst()))
      return (
        both.view(of: 0..<shape.count, shape: shape, axes: axes),
        both.view(of: shape.count..<(2 * shape.count), shape: shape, axes: axes)
      )
    } catch { throw .shape(error) }
  }

  /// Whether the element at `i` comes before the one at `j`.
  @inline(__always)
  private static func precedes(_ x: UnsafePointer<Float>, _ i: Int, _ j: Int) -> Bool {
    let (a, b) = (x[i], x[j])
    if a > b { return true }
    if a < b { return false }
    if a.isNaN != b.isNaN { return a.isNaN }
    return i < j
  }

  /// Keeps the best k so far in a heap whose root is the worst of them.
  ///
  /// - Complexity: O(n + m log k) for m elements that enter the heap, plus O(k log k) for the order.
  private static func select(
    _ x: UnsafePointer<Float>, _ extent: Int, _ k: Int, _ values: UnsafeMutablePointer<Float>,
    _ indices: UnsafeMutablePointer<Float>
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: k) { heap in
      for i in 0..<k { heap[i] = i }
      for root in stride(from: k / 2 - 1, through: 0, by: -1) { sift(x, heap, root, k) }
      for block in stride(from: k, to: extent, by: 1 << 22) {
        // A row may be long; what is left behind is thrown away.
        if Cancellation.isRequested { return }
        for i in block..<min(extent, block + (1 << 22)) where precedes(x, i, heap[0]) {
          heap[0] = i
          sift(x, heap, 0, k)
        }
      }
      for end in stride(from: k - 1, through: 0, by: -1) {
        let worst = heap[0]
        values[end] = x[worst]
        indices[end] = Float(worst)
        heap[0] = heap[end]
        sift(x, heap, 0, end)
      }
    }
  }

  private static func sift(
    _ x: UnsafePointer<Float>, _ heap: UnsafeMutableBufferPointer<Int>, _ start: Int, _ count: Int
  ) {
    var root = start
    while true {
      var child = 2 * root + 1
      if child >= count { return }
      if child + 1 < count && precedes(x, heap[child], heap[child + 1]) { child += 1 }
      if !precedes(x, heap[root], heap[child]) { return }
      heap.swapAt(root, child)
      root = child
    }
  }
}
