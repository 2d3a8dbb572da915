/// How deep lists, records and models stand in one another.
///
/// Freeing, comparing and printing them takes stack for each level, so there is a limit, and every place that puts values
/// into another asks here. Functions do not count: what they hold is freed by ``Closure`` one after another.
struct Nesting {
  /// The most levels, fewer where the stack is small: comparing two values takes up to 6 kB for each in a debug build.
  static let maximum = Int(min(1000, StackGuard.budget / 6144))

  /// Levels of what has been walked, by the address of its storage: parts that are shared are walked once, although
  /// `x = [x, x]` forty times over has more parts than could ever be counted.
  private var known: [UInt: Int] = [:]

  /// Whether values may stand in another one.
  ///
  /// - Throws: ``Failure`` for those that stand in one another too deeply.
  static func check(parts: [Value]) throws(Failure) {
    guard parts.contains(where: \.hasParts) else { return }
    var nesting = Nesting()
    for part in parts where part.hasParts {
      guard nesting.levels(of: part, atMost: maximum - 1) != nil else {
        throw Failure("\(part.typeName)s are nested deeper than \(maximum) levels")
      }
    }
  }

  /// The levels of a value that has parts; nil where there are more than `limit`.
  private mutating func levels(of value: Value, atMost limit: Int) -> Int? {
    guard limit > 0 else { return nil }
    let (parts, address) = value.parts
    // What is small and flat is walked faster than it is looked up.
    if parts.count <= 8, !parts.contains(where: \.hasParts) { return 1 }
    if let levels = known[address] { return levels <= limit ? levels : nil }
    var most = 0
    for part in parts where part.hasParts {
      guard let levels = levels(of: part, atMost: limit - 1) else { return nil }
      most = max(most, levels)
    }
    known[address] = most + 1
    return most + 1
  }
}

extension Value {
  /// Whether other values stand in the value.
  fileprivate var hasParts: Bool {
    switch self {
    case .list(let values): !values.isEmpty
    case .record(let record): record.count > 0
    case .layer(let layer): layer.members != nil
    default: false
    }
  }

  /// The values that stand in the value, and where they are kept, which is the same for copies.
  fileprivate var parts: (values: [Value], address: UInt) {
    let values: [Value]
    switch self {
    case .list(let items): values = items
    case .record(let record): values = record.values
    case .layer(let layer): return (layer.members ?? [], UInt(bitPattern: ObjectIdentifier(layer)))
    default: values = []
    }
    return (values, unsafe values.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) })
  }
}
