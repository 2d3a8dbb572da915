// What happens to a value that is put under a name, or into a part of another value.
extension Value {
  /// How deep values may stand in one another, so that printing and freeing them needs no more stack than there is.
  static let maximumNesting = 1000

  /// The value to keep under a new name: layers are copied, everything else has value semantics by itself.
  ///
  /// - Throws: ``Failure`` for lists, records, models or functions that stand in one another too deeply.
  func bound() throws(Failure) -> Value {
    if nesting > Value.maximumNesting {
      throw Failure("\(typeName)s are nested deeper than \(Value.maximumNesting) levels")
    }
    return copiedForBinding()
  }

  /// An independent copy of a layer, and of the layers in a list or record; any other value as it is.
  func copiedForBinding() -> Value { copied(levels: 8) }

  private func copied(levels: Int) -> Value {
    switch self {
    case .layer(let layer): return .layer(layer.copy())
    case .list(let values) where values.contains { $0.holdsLayer(levels: levels - 1) }:
      return .list(values.map { $0.copied(levels: levels - 1) })
    case .record(let record) where holdsLayer(levels: levels):
      return .record(record.mapped { $0.copied(levels: levels - 1) })
    default: return self
    }
  }

  /// Whether there is a layer in a list or record, at most `levels` deep: `[x, x]` in `[x, x]` forty times over would
  /// take forever to walk.
  private func holdsLayer(levels: Int) -> Bool {
    guard levels >= 0 else { return false }
    switch self {
    case .layer: return true
    case .list(let values): return values.contains { $0.holdsLayer(levels: levels - 1) }
    case .record(let record):
      return record.keys.contains { record[$0]?.holdsLayer(levels: levels - 1) ?? false }
    default: return false
    }
  }

  /// How many values stand in one another, along the first part of each that has parts itself.
  private var nesting: Int {
    var depth = 0
    var current = self
    while depth <= Value.maximumNesting, let part = current.firstPart {
      depth += 1
      current = part
    }
    return depth
  }

  private var firstPart: Value? {
    switch self {
    case .list(let values): values.first { $0.hasParts }
    case .record(let record): record.keys.lazy.compactMap { record[$0] }.first { $0.hasParts }
    case .layer(let layer): layer.members?.first { $0.hasParts }
    // The session's own scope is not a part of a function: it does not go away with it.
    case .function(.user(_, let scope)) where scope.parent != nil:
      scope.variables.values.first { $0.hasParts }
    default: nil
    }
  }

  private var hasParts: Bool {
    switch self {
    case .list(let values): !values.isEmpty
    case .record(let record): record.count > 0
    case .layer(let layer): layer.members != nil
    case .function(.user(_, let scope)): scope.parent != nil
    default: false
    }
  }
}
