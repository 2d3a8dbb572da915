/// An elementwise operation that needs no kernel where elements are few.
public enum SmallOperation: Sendable {
  case add
  case subtract
  case multiply
  case divide
  case equal
  case notEqual
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
}

// Operations on a few elements: what they cost elsewhere is mostly planning. The results are the same bits as the
// kernels', since every one of them rounds once.
extension Tensor {
  /// Whether the elements are few and there.
  @inline(__always)
  private var isSmall: Bool {
    let count = shape.count
    return count > 0 && count <= TensorBody.inlineCount && shape.rank > 0 && !handle.isPhantom
  }

  /// a op b for every element; nil where the tensor is not small.
  public static func small(
    _ operation: SmallOperation, _ left: Tensor, _ right: Float, isReversed: Bool, origin: Origin?
  ) -> Tensor? {
    guard left.isSmall, let result = try? TensorBody.make(left.shape, left.axes, origin) else { return nil }
    var number = right
    unsafe withUnsafePointer(to: &number) { scalar in
      let x = unsafe UnsafePointer(left.handle.base)
      if isReversed {
        unsafe run(operation, left.shape.count, scalar, 0, x, 1, result.base)
      } else {
        unsafe run(operation, left.shape.count, x, 1, scalar, 0, result.base)
      }
    }
    return Tensor(handle: result)
  }

  /// a op b element by element; nil where the tensors are not small, not of one shape, or named differently.
  public static func small(
    _ operation: SmallOperation, _ left: Tensor, _ right: Tensor, origin: Origin?
  ) -> Tensor? {
    guard left.isSmall, !right.handle.isPhantom, left.shape == right.shape, left.axes == right.axes,
      let result = try? TensorBody.make(left.shape, left.axes, origin)
    else { return nil }
    unsafe run(operation, left.shape.count, left.handle.base, 1, right.handle.base, 1, result.base)
    return Tensor(handle: result)
  }

  /// y[i] = a[i · aStep] op b[i · bStep]
  private static func run(
    _ operation: SmallOperation, _ count: Int, _ a: UnsafePointer<Float>, _ aStep: Int,
    _ b: UnsafePointer<Float>, _ bStep: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    switch operation {
    case .add: for i in 0..<count { unsafe y[i] = a[i &* aStep] + b[i &* bStep] }
    case .subtract: for i in 0..<count { unsafe y[i] = a[i &* aStep] - b[i &* bStep] }
    case .multiply: for i in 0..<count { unsafe y[i] = a[i &* aStep] * b[i &* bStep] }
    case .divide: for i in 0..<count { unsafe y[i] = a[i &* aStep] / b[i &* bStep] }
    case .equal: for i in 0..<count { unsafe y[i] = a[i &* aStep] == b[i &* bStep] ? 1 : 0 }
    case .notEqual: for i in 0..<count { unsafe y[i] = a[i &* aStep] != b[i &* bStep] ? 1 : 0 }
    case .less: for i in 0..<count { unsafe y[i] = a[i &* aStep] < b[i &* bStep] ? 1 : 0 }
    case .lessOrEqual: for i in 0..<count { unsafe y[i] = a[i &* aStep] <= b[i &* bStep] ? 1 : 0 }
    case .greater: for i in 0..<count { unsafe y[i] = a[i &* aStep] > b[i &* bStep] ? 1 : 0 }
    case .greaterOrEqual: for i in 0..<count { unsafe y[i] = a[i &* aStep] >= b[i &* bStep] ? 1 : 0 }
    }
  }

  /// The product of two small matrices; nil where they are not small, not matrices, or do not fit.
  ///
  /// - Shapes: m×k, k×n → m×n.
  public static func smallProduct(_ left: Tensor, _ right: Tensor, origin: Origin?) -> Tensor? {
    guard left.isSmall, right.isSmall, left.shape.rank == 2, right.shape.rank == 2 else { return nil }
    let (m, k, n) = (left.shape[0], left.shape[1], right.shape[1])
    guard right.shape[0] == k, m * n <= TensorBody.inlineCount, !left.axes.isNamed, !right.axes.isNamed else {
      return nil
    }
    let shape = m == left.shape[0] && n == k ? left.shape : (try? Shape([m, n])) ?? left.shape
    guard let result = try? TensorBody.make(shape, n == k ? left.axes : .unnamed(2), origin) else {
      return nil
    }
    let (a, b, y) = unsafe (left.handle.base, right.handle.base, result.base)
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = 0
        for p in 0..<k { sum = unsafe sum.addingProduct(a[i * k + p], b[p * n + j]) }
        unsafe y[i * n + j] = sum
      }
    }
    return Tensor(handle: result)
  }

  /// The part at a whole number of the first axis, where it is small; nil for anything else, which says why elsewhere.
  public func smallRow(_ index: Double) -> Tensor? {
    let shape = handle.shape
    guard shape.rank >= 2, index >= 0, index < Double(shape[0]), !handle.isPhantom else { return nil }
    let row = Int(index)
    let count = shape.count / max(shape[0], 1)
    guard Double(row) == index, count > 0, count <= TensorBody.inlineCount, count < shape.count / 4 else {
      return nil
    }
    guard let part = shape.rank == 2 ? .vector(shape[1]) : try? Shape(Array(shape.extents.dropFirst())),
      let result = try? TensorBody.make(part, Axes(Array(axes.names.dropFirst())))
    else { return nil }
    unsafe result.base.update(from: handle.base + row * count, count: count)
    return Tensor(handle: result)
  }

  /// The element of a vector at a whole number within it; nil for anything else.
  @inline(__always)
  public func element(_ index: Double) -> Float? {
    let shape = handle.shape
    guard shape.rank == 1, index >= 0, index < Double(shape[0]) else { return nil }
    let position = Int(index)
    guard Double(position) == index, !handle.isPhantom else { return nil }
    return unsafe handle.base[position]
  }
}
