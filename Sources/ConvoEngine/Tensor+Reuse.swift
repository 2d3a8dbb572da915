import ConvoTensor

extension Tensor {
  /// Moves the tensor out of its place, so that the place no longer holds the storage, and forgets how it came to be.
  mutating func taken() -> Tensor {
    var result = Tensor.empty
    swap(&result, &self)
    result.origin = nil
    return result
  }

  /// Moves the tensor out of its place if nobody else holds its storage, so that it may be overwritten.
  mutating func takenWhereUnique() -> Tensor? { isUniquelyReferenced() ? taken() : nil }

  /// Reads and overwrites the elements of a tensor that nobody shares.
  mutating func overwrite(
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Shape) throws(OperationError) -> Void
  ) throws(OperationError) {
    let shape = shape
    try fillAddress { (y) throws(OperationError) in try body(UnsafePointer(y), y, shape) }
  }

  /// The address of the first element, for reading.
  @inline(__always)
  func withAddress<Result, Failure: Error>(
    _ body: (UnsafePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeFloats { (floats) throws(Failure) -> Result in
      try body(floats.baseAddress.unsafelyUnwrapped)
    }
  }

  /// The address of the first element of a tensor that nobody shares, for writing.
  @inline(__always)
  mutating func fillAddress<Result, Failure: Error>(
    _ body: (UnsafeMutablePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try fill { (floats) throws(Failure) -> Result in
      try body(floats.baseAddress.unsafelyUnwrapped)
    }
  }
}
