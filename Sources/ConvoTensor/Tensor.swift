/// An n-dimensional array of float32 in row-major order, with value semantics.
///
/// Copies share their storage until one of them changes. A tensor may see a part of its storage (`x[0]` of a batch),
/// always a contiguous one.
public struct Tensor: Sendable {
  /// The extents, outermost first.
  public private(set) var shape: Shape

  /// The names of the axes; as many as the shape has.
  public var axes: Axes

  /// How this tensor came to be, where somebody asked for that to be kept.
  public var origin: Origin?

  var storage: TensorStorage
  private(set) var offset: Int

  /// A tensor whose elements are not set yet; the caller writes every one of them.
  public init(uninitialized shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    self.shape = shape
    self.axes = axes ?? .unnamed(shape.rank)
    self.origin = nil
    self.storage = try TensorStorage(count: shape.count)
    self.offset = 0
  }

  init(shape: Shape, axes: Axes, storage: TensorStorage, offset: Int = 0) {
    self.shape = shape
    self.axes = axes
    self.origin = nil
    self.storage = storage
    self.offset = offset
  }

  /// A tensor of no elements, to stand where one was taken out; it cannot fail to be there.
  public static var empty: Tensor {
    Tensor(shape: .vector(0), axes: .unnamed(1), storage: .empty)
  }

  /// A tensor with the same number everywhere.
  public init(repeating value: Float, _ shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    try self.init(uninitialized: shape, axes: axes)
    unsafe storage.base.update(repeating: value, count: shape.count)
  }

  /// A tensor of the given numbers, of which there are as many as the shape has.
  public init(_ values: [Float], _ shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    precondition(values.count == shape.count, "as many values as the shape has elements")
    try self.init(uninitialized: shape, axes: axes)
    unsafe values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress, source.count > 0 {
        unsafe storage.base.update(from: base, count: source.count)
      }
    }
  }

  /// A tensor of rank 0.
  public init(scalar value: Float) throws(AllocationError) {
    try self.init(repeating: value, .scalar)
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// What stays the same as long as nobody writes to the storage: a key for caches of packed weights, together with
  /// the promise to keep the tensor alive while the key is used.
  public var identity: StorageIdentity {
    StorageIdentity(storage: ObjectIdentifier(storage), offset: offset, count: count)
  }

  /// Whether a change would happen in place, for want of another tensor that shares the storage.
  public mutating func isUniquelyReferenced() -> Bool {
    !storage.isPhantom && isKnownUniquelyReferenced(&storage)
  }

  /// Reads the elements.
  @inline(__always)
  public func withUnsafeFloats<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try unsafe body(UnsafeBufferPointer(start: storage.base + offset, count: shape.count))
  }

  /// Changes the elements in place, after copying them when another tensor shares them.
  ///
  /// - Throws: ``AllocationError`` when the copy does not fit; nothing has changed then.
  public mutating func withUnsafeMutableFloats<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try unsafe body(UnsafeMutableBufferPointer(start: storage.base + offset, count: shape.count))
  }

  /// The elements of a tensor that was just made and that nobody shares yet, for an operation that fills it.
  ///
  /// - Precondition: the storage is uniquely referenced.
  @inline(__always)
  public mutating func fill<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(isKnownUniquelyReferenced(&storage), "only a fresh tensor is filled")
    storage.forgetForms()
    defer { withExtendedLifetime(storage) {} }
    return try unsafe body(UnsafeMutableBufferPointer(start: storage.base + offset, count: shape.count))
  }

  private mutating func makeUnique() throws(AllocationError) {
    if !storage.isPhantom, isKnownUniquelyReferenced(&storage) { return storage.forgetForms() }
    let copy = try TensorStorage(count: shape.count)
    unsafe copy.base.update(from: storage.base + offset, count: shape.count)
    storage = copy
    offset = 0
  }

  /// The same elements under another shape; nothing is copied.
  ///
  /// - Throws: ``ShapeError/elementCount(from:to:)``.
  public func reshaped(to shape: Shape, axes: Axes? = nil) throws(ShapeError) -> Tensor {
    guard shape.count == self.shape.count else {
      throw .elementCount(from: self.shape, to: shape.extents)
    }
    var result = self
    result.shape = shape
    result.axes = axes ?? .unnamed(shape.rank)
    return result
  }

  /// A contiguous range of the elements under a shape of as many elements; nothing is copied.
  ///
  /// - Precondition: the range lies in `0 ..< count`, and `shape.count` is its length.
  public func view(of range: Range<Int>, shape: Shape, axes: Axes) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && range.count == shape.count)
    var result = self
    result.shape = shape
    result.axes = axes
    result.offset = offset + range.lowerBound
    return result
  }

  /// The elements as an array, for small tensors and tests.
  public func toArray() -> [Float] {
    unsafe withUnsafeFloats { unsafe Array($0) }
  }

  /// The only element of a tensor that has just one.
  public var item: Float? {
    count == 1 ? unsafe withUnsafeFloats { unsafe $0[0] } : nil
  }
}

/// A key that names the elements a tensor sees.
public struct StorageIdentity: Sendable, Hashable {
  let storage: ObjectIdentifier
  let offset: Int
  let count: Int
}
