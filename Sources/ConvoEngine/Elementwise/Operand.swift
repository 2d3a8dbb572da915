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
  func withFloats<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    switch self {
    case .tensor(let tensor):
      // The storage of an empty tensor has an address too.
      return tensor.withUnsafeFloats { body($0.baseAddress.unsafelyUnwrapped) }
    case .number(let value):
      return withUnsafePointer(to: value) { body($0) }
    }
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
