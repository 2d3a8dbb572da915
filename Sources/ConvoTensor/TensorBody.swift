import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a ``Tensor`` refers to: its shape, its names, and where its elements lie.
@safe struct TensorHeader {
  /// Where the elements come from.
  enum Kind {
    /// Behind the header, in the same allocation.
    case inline
    /// A block of ``BlockCache``.
    case block
    /// In the memory of another body, which ``TensorHeader/owner`` keeps alive.
    case view
    /// Nobody ever computes the elements: only the shape is of interest, and all that could be read is 0.
    case phantom
  }
  let base: UnsafeMutablePointer<Float>
  let shape: Shape
  var axes: Axes
  var origin: Origin?
  var owner: TensorBody?
  /// What the memory counts for in ``MemoryBudget``, or what is mapped for a phantom.
  let bytes: Int
  let kind: Kind
  /// How often somebody was about to change the elements.
  var version = 0
  /// A number that no other body has; another one when names or origin change.
  var serial = TensorBody.nextSerial()
  /// Forms that were made from the elements, such as packed weights; looked at under ``DerivedForms/lock``.
  var forms: DerivedForms?
}

/// A block of floats with its shape, which tensors share until one of them changes.
///
/// The elements are aligned to 64 bytes. Few of them stand behind the header, so that a small tensor is a single
/// allocation; more lie in a block. Nothing is cleared. Memory comes from the system with a check, never through a
/// Swift array, whose allocation traps when it fails.
@safe final class TensorBody: ManagedBuffer<TensorHeader, Float> {
  /// The most elements that stand behind the header.
  static let inlineCount = 64

  private static let lastSerial = Atomic<Int>(0)

  /// A number that was never given before.
  static func nextSerial() -> Int { lastSerial.wrappingAdd(1, ordering: .relaxed).newValue }

  /// Room for the elements of a shape.
  static func make(
    _ shape: Shape, _ axes: Axes, _ origin: Origin? = nil
  ) throws(AllocationError) -> TensorBody {
    let count = shape.count
    if count <= inlineCount {
      let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
      try MemoryBudget.reserve(bytes)
      // Room to begin at a multiple of 64 bytes, as blocks do: kernels read packed weights by whole vectors.
      let body = TensorBody.create(minimumCapacity: max(count, 1) + 15) { buffer in
        let first = unsafe buffer.withUnsafeMutablePointerToElements { unsafe $0 }
        let address = (UInt(bitPattern: first) + 63) & ~63
        let base = unsafe UnsafeMutablePointer<Float>(bitPattern: address) ?? first
        return unsafe TensorHeader(
          base: base, shape: shape, axes: axes, origin: origin, owner: nil, bytes: bytes, kind: .inline)
      }
      return unsafe unsafeDowncast(body, to: TensorBody.self)
    }
    if count > Shape.maximumCount { throw .refused(requested: Int.max) }
    let bytes = (count * MemoryLayout<Float>.stride + 63) & ~63
    if BlockCache.kept > 0, bytes > MemoryBudget.limit - MemoryBudget.inUse - BlockCache.kept {
      BlockCache.drop()
    }
    try MemoryBudget.reserve(bytes)
    guard let block = unsafe BlockCache.take(bytes) else {
      MemoryBudget.release(bytes)
      throw .refused(requested: bytes)
    }
    return unsafe make(
      TensorHeader(
        base: block.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride), shape: shape,
        axes: axes, origin: nil, owner: nil, bytes: bytes, kind: .block))
  }

  /// Stands for elements that nobody computes. The addresses are real, so that a stray read gives 0, but take no memory.
  static func make(phantom shape: Shape, _ axes: Axes) throws(AllocationError) -> TensorBody {
    if shape.count > Shape.maximumCount { throw .refused(requested: Int.max) }
    let bytes = max(64, shape.count * MemoryLayout<Float>.stride)
    let block = unsafe mmap(nil, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let block = unsafe block, unsafe block != MAP_FAILED else { throw .refused(requested: bytes) }
    return unsafe make(
      TensorHeader(
        base: block.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride), shape: shape,
        axes: axes, origin: nil, owner: nil, bytes: bytes, kind: .phantom))
  }

  /// Sees elements of another body, from `offset` on.
  static func make(viewing body: TensorBody, from offset: Int, _ shape: Shape, _ axes: Axes) -> TensorBody {
    let root = body.header.owner ?? body
    return unsafe make(
      TensorHeader(
        base: body.base + offset, shape: shape, axes: axes, origin: nil, owner: root, bytes: 0, kind: .view))
  }

  /// A body of no elements, which is always there.
  static nonisolated(unsafe) let empty: TensorBody = {
    let base = UnsafeMutablePointer<Float>.allocate(capacity: 16)
    return unsafe make(
      TensorHeader(
        base: base, shape: .vector(0), axes: .unnamed(1), origin: nil, owner: nil, bytes: 0, kind: .view))
  }()

  private static func make(_ header: TensorHeader) -> TensorBody {
    let body = TensorBody.create(minimumCapacity: 0) { _ in header }
    return unsafe unsafeDowncast(body, to: TensorBody.self)
  }

  deinit {
    unsafe withUnsafeMutablePointerToHeader { header in
      let bytes = unsafe header.pointee.bytes
      switch unsafe header.pointee.kind {
      case .view: return
      case .inline: break
      case .block: unsafe BlockCache.give(UnsafeMutableRawPointer(header.pointee.base), bytes)
      case .phantom:
        _ = unsafe munmap(header.pointee.base, bytes)
        return
      }
      MemoryBudget.release(bytes)
    }
  }

  @inline(__always) var base: UnsafeMutablePointer<Float> {
    unsafe withUnsafeMutablePointerToHeader { unsafe $0.pointee.base }
  }
  @inline(__always) var shape: Shape { unsafe withUnsafeMutablePointerToHeader { unsafe $0.pointee.shape } }
  @inline(__always) var kind: TensorHeader.Kind {
    unsafe withUnsafeMutablePointerToHeader { unsafe $0.pointee.kind }
  }
  @inline(__always) var isPhantom: Bool {
    let root = unsafe withUnsafeMutablePointerToHeader { unsafe $0.pointee.owner } ?? self
    return root.kind == .phantom
  }
  /// Names or origin have changed.
  func renumber() {
    unsafe withUnsafeMutablePointerToHeader { unsafe $0.pointee.serial = TensorBody.nextSerial() }
  }

  /// Whether nobody else sees the elements, given that this body has one reference.
  func ownsMemoryAlone() -> Bool {
    unsafe withUnsafeMutablePointerToHeader { header in
      switch unsafe header.pointee.kind {
      case .inline, .block: return true
      case .phantom: return false
      case .view:
        guard unsafe header.pointee.owner != nil else { return false }
        guard unsafe isKnownUniquelyReferenced(&header.pointee.owner) else { return false }
        return !isPhantom
      }
    }
  }
  /// The body that holds the memory.
  var root: TensorBody { unsafe withUnsafeMutablePointerToHeader { unsafe $0.pointee.owner } ?? self }
  /// How often somebody was about to change the elements of this body's memory.
  var version: Int { root.header.version }
}

/// Forms of the same elements, each under what it was made for.
final class DerivedForms {
  /// One lock for all tensors: forms are asked for once an operation, and few are made.
  static let lock = SpinLock()

  var list: [(key: DerivedKey, form: Tensor)] = []
}

extension TensorBody {
  /// The form that was made for this key, if the elements have not changed since.
  func form(for key: DerivedKey) -> Tensor? {
    DerivedForms.lock.lock()
    defer { DerivedForms.lock.unlock() }
    return header.forms?.list.first { $0.key == key }?.form
  }

  /// Keeps a form as long as the elements stay as they are.
  func keep(_ form: Tensor, for key: DerivedKey) {
    DerivedForms.lock.lock()
    defer { DerivedForms.lock.unlock() }
    let forms = header.forms ?? DerivedForms()
    if !forms.list.contains(where: { $0.key == key }) { forms.list.append((key, form)) }
    header.forms = forms
  }

  /// The elements are about to change: forms made from them are worth nothing any more. Only who alone holds the memory
  /// asks for this.
  @inline(__always)
  func forgetForms() {
    unsafe withUnsafeMutablePointerToHeader { header in
      unsafe header.pointee.version &+= 1
      if unsafe header.pointee.forms != nil { unsafe header.pointee.forms = nil }
    }
  }
}
