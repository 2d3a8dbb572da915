public import ConvoTensor

/// A tensor or a number, where an operation takes either.
public enum Operand: Sendable {
  /// A tensor.
  case tensor(Tensor)
  /// A number, which counts as shape `[]`.
  case number(Float)

  /// The shape; `[]` for a number.
  public var shape: Shape {
    switch self {
    case .tensor(let tensor): tensor.shape
    case .number: .scalar
    }
  }

  /// The names of the axes; none for a number.
  public var axes: Axes {
    switch self {
    case .tensor(let tensor): tensor.axes
    case .number: Axes([])
    }
  }

  /// Calls `body` with the elements.
  @inline(__always)
  func withFloats<Result, Failure: Error>(
    _ body: (UnsafePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .tensor(let tensor):
      return try tensor.withAddress(body)
    case .number(var value):
      return try withUnsafePointer(to: &value) { (pointer) throws(Failure) in try body(pointer) }
    }
  }

  /// Moves the tensor out if it has the given shape and nobody else holds it; a number stays in its place.
  mutating func takenIfReusable(as shape: Shape) -> Tensor? {
    guard case .tensor(var tensor) = self, tensor.shape == shape else { return nil }
    self = .number(0)
    if tensor.isUniquelyReferenced() { return tensor.taken() }
    self = .tensor(tensor)
    return nil
  }
}

extension Axes {
  /// The names of a broadcast result: each axis is named by the first operand that has it in full and names it, else by
  /// one that is stretched along it.
  static func broadcast(_ operands: [(shape: Shape, axes: Axes)], to shape: Shape) -> Axes {
    var names = [AxisName](repeating: .unnamed, count: shape.rank)
    for back in 1...max(shape.rank, 1) where back <= shape.rank {
      let axis = shape.rank - back
      for stretched in [false, true] where names[axis] == .unnamed {
        for operand in operands where names[axis] == .unnamed && back <= operand.shape.rank {
          let own = operand.shape.rank - back
          if stretched || operand.shape[own] == shape[axis] { names[axis] = operand.axes.names[own] }
        }
      }
    }
    return Axes(names)
  }
}
