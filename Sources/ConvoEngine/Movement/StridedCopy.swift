import ConvoTensor

/// Copies elements from one strided layout to another: what every movement of a tensor comes down to.
struct StridedCopy: Sendable {
  /// Operand 0 is read, operand 1 is written.
  private let nest: LoopNest
  private let isEmpty: Bool

  /// A copy of `extents` elements whose neighbours are as far apart as the strides say.
  init(extents: [Int], from source: [Int], to target: [Int]) {
    self.isEmpty = extents.contains(0)
    self.nest = LoopNest(extents: extents, strides: [source, target])
  }

  /// Copies; the two must not overlap.
  func run(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) throws(OperationError) {
    if isEmpty { return }
    let (from, to, count) = (nest.innerStride(0), nest.innerStride(1), nest.inner)
    nest.forEachRow(in: 0..<nest.outerCount) { offsets in
      let x = source + offsets[0]
      let y = target + offsets[1]
      if from == 1 && to == 1 {
        y.update(from: x, count: count)
      } else if from == 0 && to == 1 {
        y.update(repeating: x[0], count: count)
      } else {
        for i in 0..<count { y[i * to] = x[i * from] }
      }
    }
  }
}

extension Tensor {
  /// The address of the first element, for reading.
  @inline(__always)
  func withAddress<Result, Failure: Error>(
    _ body: (UnsafePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeFloats { (floats) throws(Failure) -> Result in
      try body(floats.baseAddress.unsafelyUnwrapped)
    }
  }

  /// The address of the first element of a fresh tensor, for writing.
  @inline(__always)
  mutating func fillAddress<Result, Failure: Error>(
    _ body: (UnsafeMutablePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try fill { (floats) throws(Failure) -> Result in
      try body(floats.baseAddress.unsafelyUnwrapped)
    }
  }
}
