extension Tensor {
  /// A tensor of which only the shape is of interest: planning computes with shapes and never looks at elements.
  ///
  /// It takes no memory and counts for nothing in ``MemoryBudget``; reading it gives zeros.
  public init(phantom shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    self.init(
      shape: shape, axes: axes ?? .unnamed(shape.rank), storage: try TensorStorage(phantom: shape.count))
  }

  /// Whether only the shape is of interest.
  public var isPhantom: Bool { storage.isPhantom }
}

/// A tensor that may be gone: it does not keep the elements alive, and notices when they have changed.
public struct WeakTensor: Sendable {
  private weak var storage: TensorStorage?
  private let version: Int
  private let offset: Int
  /// The shape that the tensor had.
  public let shape: Shape
  /// The names of its axes.
  public let axes: Axes

  /// Remembers a tensor as it is now.
  public init(_ tensor: Tensor) {
    storage = tensor.storage
    version = tensor.storage.version
    offset = tensor.offset
    shape = tensor.shape
    axes = tensor.axes
  }

  /// Whether a tensor sees the same elements, which nobody has changed since.
  public func isSame(as tensor: Tensor) -> Bool {
    guard let storage else { return false }
    return storage === tensor.storage && storage.version == version && offset == tensor.offset
      && shape == tensor.shape
  }

  /// The tensor, if somebody still holds its elements and nobody has changed them.
  public var tensor: Tensor? {
    guard let storage, storage.version == version else { return nil }
    return Tensor(shape: shape, axes: axes, storage: storage, offset: offset)
  }
}
