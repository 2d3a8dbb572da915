internal import ConvoEngine
internal import ConvoTensor

/// Makes tensors of rectangular numeric lists.
enum TensorConversion {
  /// How many lists may stand in one another.
  private static let deepest = 64

  /// A tensor of a number, a list of numbers, a list of lists, a list of tensors of one shape, or a range.
  static func tensor(from value: Value) throws(ArgumentError) -> Tensor {
    switch value {
    case .tensor(let tensor): return tensor
    case .number(let number): return try make(.scalar) { $0[0] = Float(number) }
    case .boolean(let flag): return try make(.scalar) { $0[0] = flag ? 1 : 0 }
    case .range(let range): return try make([range.count]) { write(range, to: &$0, from: 0) }
    case .list(let items):
      var path: [Int] = []
      let extents = try measure(items, &path)
      return try make(extents) { _ = write(items, to: &$0, from: 0) }
    default: throw ArgumentError(expected: "a tensor")
    }
  }

  private static func make(
    _ extents: [Int], _ fill: (inout MutableSpan<Float>) -> Void
  ) throws(ArgumentError) -> Tensor {
    do { return try make(Shape(extents), fill) } catch let error as ArgumentError { throw error } catch {
      throw ArgumentError(message: Wording.message(for: error))
    }
  }

  private static func make(
    _ shape: Shape, _ fill: (inout MutableSpan<Float>) -> Void
  ) throws(ArgumentError) -> Tensor {
    var tensor: Tensor
    do { tensor = try Tensor(uninitialized: shape) } catch {
      throw ArgumentError(message: Wording.message(for: error))
    }
    unsafe tensor.fill { floats in
      var span = unsafe floats.mutableSpan
      fill(&span)
    }
    return tensor
  }

  /// The extents of a list, after checking that all its rows have the same. `path` says where the list stands.
  private static func measure(_ items: [Value], _ path: inout [Int]) throws(ArgumentError) -> [Int] {
    if path.count >= deepest {
      throw ArgumentError(message: "a list nested deeper than \(deepest) levels is no tensor")
    }
    var inner: [Int] = []
    for (index, item) in items.enumerated() {
      // Rows of plain numbers are the usual case and need neither a path nor extents of their own.
      if index > 0, inner.isEmpty, item.isScalar { continue }
      path.append(index)
      let extents = try measure(item, &path)
      if index > 0, inner != extents {
        throw ArgumentError(message: ragged(path, first: inner, found: extents))
      }
      inner = extents
      path.removeLast()
    }
    return [items.count] + inner
  }

  private static func measure(_ item: Value, _ path: inout [Int]) throws(ArgumentError) -> [Int] {
    switch item {
    case .number, .boolean: return []
    case .list(let nested): return try measure(nested, &path)
    case .range(let range): return [range.count]
    case .tensor(let tensor): return tensor.shape.extents
    default:
      throw ArgumentError(message: "a tensor holds numbers, and element \(place(path)) is \(item.brief)")
    }
  }

  /// Writes a list that has been measured in row-major order; gives the place after it.
  private static func write(
    _ items: [Value], to floats: inout MutableSpan<Float>, from start: Int
  ) -> Int {
    var next = start
    for item in items {
      switch item {
      case .number(let number):
        floats[next] = Float(number)
        next += 1
      case .boolean(let flag):
        floats[next] = flag ? 1 : 0
        next += 1
      case .list(let nested): next = write(nested, to: &floats, from: next)
      case .range(let range):
        write(range, to: &floats, from: next)
        next += range.count
      case .tensor(let tensor):
        unsafe tensor.withUnsafeFloats { source in
          for index in 0..<source.count { floats[next + index] = unsafe source[index] }
        }
        next += tensor.count
      default: break
      }
    }
    return next
  }

  private static func write(_ range: Progression, to floats: inout MutableSpan<Float>, from start: Int) {
    for index in 0..<range.count { floats[start + index] = Float(range[index]) }
  }

  private static func place(_ path: [Int]) -> String {
    "[" + path.map(String.init).joined(separator: ", ") + "]"
  }

  private static func ragged(_ path: [Int], first: [Int], found: [Int]) -> String {
    func describe(_ extents: [Int]) -> String {
      switch extents.count {
      case 0: "a single number"
      case 1: Wording.count(extents[0], "element")
      default: "shape [" + extents.map(String.init).joined(separator: ", ") + "]"
      }
    }
    return
      "the list is ragged: row \(place(path)) has \(describe(found)), the rows before it have \(describe(first))"
  }
}

extension Value {
  /// Whether the value is a number or a boolean.
  fileprivate var isScalar: Bool {
    switch self {
    case .number, .boolean: true
    default: false
    }
  }
}

extension Progression {
  /// The numbers as values of a list, if there is memory for so many.
  func values() throws(AllocationError) -> [Value] {
    try Value.checkRoom(for: count)
    return map { .number(Double($0)) }
  }
}

extension Value {
  /// Throws when a list of so many elements does not fit in memory: lists are not booked, but the one that a range of
  /// thousands of millions would give must not be begun.
  static func checkRoom(for count: Int) throws(AllocationError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    try checkRoom(bytes: overflow ? Int.max : bytes)
  }

  /// Throws when a text of so many bytes does not fit in memory.
  static func checkRoom(bytes: Int) throws(AllocationError) {
    try MemoryBudget.reserve(bytes)
    MemoryBudget.release(bytes)
  }
}
