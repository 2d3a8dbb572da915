/// Nested loops over strided operands of one shape, with neighbouring axes merged wherever all operands allow it.
///
/// Axes of extent 1 vanish; two axes become one when, for every operand, a step of the outer one is as long as all of
/// the inner one. What is left is the shortest nest that visits the same elements in row-major order, so that a
/// contiguous operand becomes one long loop whatever its rank was.
struct LoopNest: Sendable {
  /// The extents, outermost first; never empty, so that there is always an innermost loop.
  private(set) var extents: [Int]
  /// For each operand, how many elements a step along each axis is; 0 where the operand is stretched.
  private(set) var strides: [[Int]]

  /// Merges what can be merged.
  init(extents: [Int], strides: [[Int]]) {
    var merged: [Int] = []
    var steps = [[Int]](repeating: [], count: strides.count)
    for axis in extents.indices where extents[axis] != 1 {
      let last = merged.count - 1
      let joins =
        last >= 0
        && strides.indices.allSatisfy { steps[$0][last] == strides[$0][axis] * extents[axis] }
      if joins {
        merged[last] *= extents[axis]
        for operand in strides.indices { steps[operand][last] = strides[operand][axis] }
      } else {
        merged.append(extents[axis])
        for operand in strides.indices { steps[operand].append(strides[operand][axis]) }
      }
    }
    if merged.isEmpty {
      merged = [1]
      for operand in steps.indices { steps[operand] = [0] }
    }
    self.extents = merged
    self.strides = steps
  }

  /// The extent of the innermost loop.
  var inner: Int { extents[extents.count - 1] }

  /// The number of times the innermost loop runs.
  var outerCount: Int { extents.dropLast().reduce(1, *) }

  /// The same loops but for the innermost.
  func withoutInnermost() -> LoopNest {
    var result = self
    result.extents.removeLast()
    for operand in strides.indices { result.strides[operand].removeLast() }
    return result
  }

  /// The step of an operand in the innermost loop.
  func innerStride(_ operand: Int) -> Int { strides[operand][extents.count - 1] }

  /// Calls `body` with each operand's offset at the start of every innermost loop in `range`, in row-major order.
  @inline(__always)
  func forEachRow<Failure: Error>(
    in range: Range<Int>, _ body: (UnsafePointer<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    let outer = extents.count - 1
    guard !range.isEmpty else { return }
    let operands = strides.count
    let scratch = UnsafeMutablePointer<Int>.allocate(capacity: outer + operands)
    defer { scratch.deallocate() }
    let index = scratch
    let offsets = scratch + outer
    for operand in 0..<operands { offsets[operand] = 0 }
    var rest = range.lowerBound
    for axis in stride(from: outer - 1, through: 0, by: -1) {
      index[axis] = rest % extents[axis]
      rest /= extents[axis]
      for operand in 0..<operands { offsets[operand] += index[axis] * strides[operand][axis] }
    }
    for _ in range {
      try body(UnsafePointer(offsets))
      var axis = outer - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < extents[axis] {
          for operand in 0..<operands { offsets[operand] += strides[operand][axis] }
          break
        }
        for operand in 0..<operands { offsets[operand] -= (extents[axis] - 1) * strides[operand][axis] }
        index[axis] = 0
        axis -= 1
      }
    }
  }
}

extension LoopNest {
  /// Calls `body` with each operand's offset at one step of all loops together, counted in row-major order.
  @inline(__always)
  func offsets(of index: Int, _ body: (UnsafePointer<Int>) -> Void) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: strides.count) { offsets in
      for operand in strides.indices {
        var rest = index
        offsets[operand] = 0
        for axis in extents.indices.reversed() {
          offsets[operand] += rest % extents[axis] * strides[operand][axis]
          rest /= extents[axis]
        }
      }
      body(UnsafePointer(offsets.baseAddress.unsafelyUnwrapped))
    }
  }

  /// The first operand's offset at the start of the innermost loop with the given number.
  func outerOffset(of index: Int) -> Int {
    var rest = index
    var offset = 0
    for axis in extents.indices.dropLast().reversed() {
      offset += rest % extents[axis] * strides[0][axis]
      rest /= extents[axis]
    }
    return offset
  }

  /// The strides of an operand of shape `from` that is stretched to `to`, 0 along stretched axes.
  static func strides(of from: [Int], stretchedTo to: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: to.count)
    var step = 1
    for back in 1...max(from.count, 1) where back <= from.count {
      let extent = from[from.count - back]
      result[to.count - back] = extent == 1 ? 0 : step
      step *= max(extent, 1)
    }
    return result
  }
}
