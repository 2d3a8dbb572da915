import Synchronization

public import ConvoTensor

/// A tensor of a file that is read when somebody asks for it, and then kept.
public final class LazyTensor: Sendable {
  /// The shape, which is known without reading.
  public let shape: Shape
  /// The type of the elements in the file.
  public let elementType: ElementType

  private let path: String
  private let source: @Sendable () throws(FormatProblem) -> (Tensor, [FormatWarning])
  private let known = AtomicLazyReference<Box>()
  /// Whether the tensor is kept once it has been read.
  private let isKept: Bool

  private final class Box: Sendable {
    let tensor: Tensor
    init(_ tensor: Tensor) { self.tensor = tensor }
  }

  /// A tensor that `source` reads from the file at `path`; one that is not kept is read again each time.
  init(
    shape: Shape, elementType: ElementType, path: String, isKept: Bool = true,
    source: @escaping @Sendable () throws(FormatProblem) -> (Tensor, [FormatWarning])
  ) {
    self.shape = shape
    self.elementType = elementType
    self.path = path
    self.isKept = isKept
    self.source = source
  }

  /// A tensor that was read already.
  convenience init(_ tensor: Tensor, elementType: ElementType, path: String) {
    self.init(shape: tensor.shape, elementType: elementType, path: path) { (tensor, []) }
    _ = known.storeIfNil(Box(tensor))
  }

  /// The tensor, where it has been read.
  public var loaded: Tensor? { known.load()?.tensor }

  /// The tensor. Only the call that reads it tells what the user should know; a call that fails may be repeated.
  public func read() throws(FormatError) -> (tensor: Tensor, warnings: [FormatWarning]) {
    if let box = known.load() { return (box.tensor, []) }
    do throws(FormatProblem) {
      let (tensor, warnings) = try source()
      if !isKept { return (tensor, warnings) }
      let box = known.storeIfNil(Box(tensor))
      return (box.tensor, warnings)
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }
}
