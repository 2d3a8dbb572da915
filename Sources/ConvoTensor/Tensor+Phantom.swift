extension Tensor {
  /// A tensor of which only the shape is of interest: planning computes with shapes and never looks at elements.
  ///
  /// It takes no memory and counts for nothing in ``MemoryBudget``; reading it gives zeros.
  public init(phantom shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    self.init(handle: try TensorBody.make(phantom: shape, axes ?? .unnamed(shape.rank)))
  }

  /// Whether only the shape is of interest.
  public var isPhantom: Bool { handle.isPhantom }
}

/// A tensor that may be gone: it does not keep the elements alive, and notices when they have changed.
public struct WeakTensor: @unchecked Sendable {
  private weak var root: TensorBody?
  private let version: Int
  /// The elements before those of the tensor in the memory of ``root``.
  private let offset: Int
  /// The shape that the tensor had.
  public let shape: Shape
  /// The names of its axes.
  public let axes: Axes

  /// Remembers a tensor as it is now.
  public init(_ tensor: Tensor) {
    let memory = tensor.handle.root
    root = memory
    version = memory.version
    offset = unsafe tensor.handle.base - memory.base
    shape = tensor.shape
    axes = tensor.axes
  }

  /// Whether a tensor sees the same elements, which nobody has changed since.
  public func isSame(as tensor: Tensor) -> Bool {
    guard let root else { return false }
    return unsafe root === tensor.handle.root && root.version == version
      && tensor.handle.base == root.base + offset && shape == tensor.shape
  }

  /// The tensor, if somebody still holds its elements and nobody has changed them.
  public var tensor: Tensor? {
    guard let root, root.version == version else { return nil }
    return Tensor(handle: .make(viewing: root, from: offset, shape, axes))
  }
}
