public import ConvoTensor

extension RandomSource {
  /// A whole number drawn evenly from `0 ..< limit`, which is above 0.
  ///
  /// - Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
  public mutating func below(_ limit: UInt64) -> UInt64 {
    while true {
      let product = next().multipliedFullWidth(by: limit)
      // The lowest parts come once more often than the others, and are drawn again.
      if product.low >= limit || product.low >= (0 &- limit) % limit { return product.high }
    }
  }

  /// A tensor of whole numbers drawn evenly from `low ..< high`.
  public mutating func whole(_ shape: Shape, from low: Int, to high: Int) throws(OperationError) -> Tensor {
    var output: Tensor
    do { output = try Tensor(uninitialized: shape) } catch { throw .memory(error) }
    let width = UInt64(high - low)
    try output.fill { (floats) throws(OperationError) in
      for i in floats.indices {
        if i & 0xFFFF == 0, Cancellation.isRequested { throw .cancelled }
        floats[i] = Float(low + Int(below(width)))
      }
    }
    return output
  }

  /// Some of the numbers `0 ..< count` in an order drawn evenly from all, none of them twice.
  public mutating func places(_ wanted: Int, of count: Int) throws(OperationError) -> [Int] {
    // Only what has moved is noted where few of many are wanted.
    var moved: [Int: Int] = [:]
    var all = wanted > count / 4 ? Array(0..<count) : []
    var result: [Int] = []
    result.reserveCapacity(wanted)
    for i in 0..<wanted {
      if i & 0xFFFF == 0, Cancellation.isRequested { throw .cancelled }
      let j = i + Int(below(UInt64(count - i)))
      if all.isEmpty {
        result.append(moved[j] ?? j)
        moved[j] = moved[i] ?? i
      } else {
        all.swapAt(i, j)
        result.append(all[i])
      }
    }
    return result
  }
}
