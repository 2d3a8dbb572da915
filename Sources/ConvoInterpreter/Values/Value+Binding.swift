// What happens to a value that is put under a name, or into a part of another value.
extension Value {
  /// The value to keep as a part of another one: layers are copied, everything else has value semantics by itself.
  ///
  /// - Throws: ``Failure`` for lists, records or models that stand in one another too deeply.
  func bound() throws(Failure) -> Value {
    try Nesting.check(parts: [self])
    return copiedForBinding()
  }

  /// A list of values.
  ///
  /// - Throws: ``Failure`` for values that stand in one another too deeply.
  static func list(holding values: [Value]) throws(Failure) -> Value {
    try Nesting.check(parts: values)
    return .list(values)
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
}
