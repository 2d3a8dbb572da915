extension Tensor {
  /// The element of a matrix at whole numbers within it; nil for anything else, which says why elsewhere.
  @inline(__always)
  public func element(_ row: Double, _ column: Double) -> Float? {
    let shape = handle.shape
    guard shape.rank == 2, row >= 0, column >= 0, row < Double(shape[0]), column < Double(shape[1]) else {
      return nil
    }
    let (i, j) = (Int(row), Int(column))
    guard Double(i) == row, Double(j) == column, !handle.isPhantom else { return nil }
    return unsafe handle.base[i * shape[1] + j]
  }

  /// Changes the element of a matrix that nobody shares; false where that is not so.
  @inline(__always)
  public mutating func setElement(_ row: Double, _ column: Double, _ value: Float) -> Bool {
    let shape = handle.shape
    guard shape.rank == 2, row >= 0, column >= 0, row < Double(shape[0]), column < Double(shape[1]) else {
      return false
    }
    let (i, j) = (Int(row), Int(column))
    guard Double(i) == row, Double(j) == column, isUniquelyReferenced() else { return false }
    handle.root.forgetForms()
    unsafe handle.base[i * shape[1] + j] = value
    return true
  }
}
