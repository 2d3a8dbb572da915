/// An n-dimensional array of float32 in row-major order, with value semantics.
///
/// Copies share their storage until one of them changes. A tensor may see a part of its storage (`x[0]` of a batch),
/// always a contiguous one.
public struct Tensor: @unchecked Sendable {
  var handle: TensorBody

  /// The extents, outermost first.
  @inline(__always) public var shape: Shape { handle.shape }

  /// The names of the axes; as many as the shape has.
  public var axes: Axes {
    get { unsafe handle.withUnsafeMutablePointerToHeader { unsafe $0.pointee.axes } }
    set {
      makeBodyUnique()
      unsafe handle.withUnsafeMutablePointerToHeader { unsafe $0.pointee.axes = newValue }
      handle.renumber()
    }
  }

  /// How this tensor came to be, where somebody asked for that to be kept.
  public var origin: Origin? {
    get { unsafe handle.withUnsafeMutablePointerToHeader { unsafe $0.pointee.origin } }
    set {
      if newValue == nil, origin == nil { return }
      makeBodyUnique()
      unsafe handle.withUnsafeMutablePointerToHeader { unsafe $0.pointee.origin = newValue }
      handle.renumber()
    }
  }

  /// A number for the shape, the names and the origin of this very tensor: equal numbers mean that all are equal.
  @inline(__always) public var serial: Int {
    unsafe handle.withUnsafeMutablePointerToHeader { unsafe $0.pointee.serial }
  }

  /// A tensor whose elements are not set yet; the caller writes every one of them.
  @inline(__always)
  public init(uninitialized shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    handle = try TensorBody.make(shape, axes ?? .unnamed(shape.rank))
  }

  init(handle: TensorBody) { self.handle = handle }

  /// A tensor of no elements, to stand where one was taken out; it cannot fail to be there.
  public static var empty: Tensor { unsafe Tensor(handle: .empty) }

  /// Other tensors that share the body keep its names and its origin.
  private mutating func makeBodyUnique() {
    if isKnownUniquelyReferenced(&handle) { return }
    let view = TensorBody.make(viewing: handle, from: 0, shape, axes)
    view.header.origin = origin
    handle = view
  }

  /// A tensor with the same number everywhere.
  public init(repeating value: Float, _ shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    try self.init(uninitialized: shape, axes: axes)
    unsafe handle.base.update(repeating: value, count: shape.count)
  }

  /// A tensor of the given numbers, of which there are as many as the shape has.
  public init(_ values: [Float], _ shape: Shape, axes: Axes? = nil) throws(AllocationError) {
    precondition(values.count == shape.count, "as many values as the shape has elements")
    try self.init(uninitialized: shape, axes: axes)
    unsafe values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress, source.count > 0 {
        unsafe handle.base.update(from: base, count: source.count)
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
    unsafe StorageIdentity(
      storage: ObjectIdentifier(handle.root), base: UInt(bitPattern: handle.base), count: count)
  }

  /// Whether a change would happen in place, for want of another tensor that shares the storage.
  public mutating func isUniquelyReferenced() -> Bool {
    guard isKnownUniquelyReferenced(&handle) else { return false }
    return handle.ownsMemoryAlone()
  }

  /// Reads the elements.
  @inline(__always)
  public func withUnsafeFloats<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(handle) {} }
    return try unsafe body(UnsafeBufferPointer(start: handle.base, count: handle.shape.count))
  }

  /// Changes the elements in place, after copying them when another tensor shares them.
  ///
  /// - Throws: ``AllocationError`` when the copy does not fit; nothing has changed then.
  public mutating func withUnsafeMutableFloats<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try makeUnique()
    defer { withExtendedLifetime(handle) {} }
    return try unsafe body(UnsafeMutableBufferPointer(start: handle.base, count: handle.shape.count))
  }

  /// The elements of a tensor that was just made and that nobody shares yet, for an operation that fills it.
  ///
  /// - Precondition: the storage is uniquely referenced.
  @inline(__always)
  public mutating func fill<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(isUniquelyReferenced(), "only a fresh tensor is filled")
    handle.root.forgetForms()
    defer { withExtendedLifetime(handle) {} }
    return try unsafe body(UnsafeMutableBufferPointer(start: handle.base, count: handle.shape.count))
  }

  private mutating func makeUnique() throws(AllocationError) {
    if isUniquelyReferenced() { return handle.root.forgetForms() }
    let copy = try TensorBody.make(shape, axes)
    unsafe copy.base.update(from: handle.base, count: shape.count)
    copy.header.origin = origin
    handle = copy
  }

  /// The same elements under another shape; nothing is copied.
  ///
  /// - Throws: ``ShapeError/elementCount(from:to:)``.
  public func reshaped(to shape: Shape, axes: Axes? = nil) throws(ShapeError) -> Tensor {
    guard shape.count == self.shape.count else {
      throw .elementCount(from: self.shape, to: shape.extents)
    }
    let view = TensorBody.make(viewing: handle, from: 0, shape, axes ?? .unnamed(shape.rank))
    view.header.origin = origin
    return Tensor(handle: view)
  }

  /// A contiguous range of the elements under a shape of as many elements; nothing is copied.
  ///
  /// - Precondition: the range lies in `0 ..< count`, and `shape.count` is its length.
  public func view(of range: Range<Int>, shape: Shape, axes: Axes) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && range.count == shape.count)
    let view = TensorBody.make(viewing: handle, from: range.lowerBound, shape, axes)
    view.header.origin = origin
    return Tensor(handle: view)
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
  let base: UInt
  let count: Int
}
