internal import ConvoEngine
internal import ConvoTensor

// Attributes: how what stands after a point is read and changed.
extension Value {
  /// Names that may stand after a point.
  public var attributeNames: [String] {
    switch self {
    case .tensor, .list, .number, .range: ["shape", "ndim", "size"]
    case .record(let record): record.keys
    case .layer(let layer): layer.attributeNames
    default: []
    }
  }

  /// What stands after a point, where nothing has to be computed or read for it, as the Tab key needs it.
  public func knownAttribute(_ name: String) -> Value? {
    switch self {
    case .record(let record): record[name]
    case .layer(let layer): (try? layer.attribute(name)) ?? nil
    default: nil
    }
  }

  /// `x.shape`, `conv1.W`, `m.key`
  func attribute(_ name: String, builtins: BuiltinTable) throws -> Value {
    switch self {
    case .record(let record):
      if let value = try record.value(for: name) { return value }
    case .layer(let layer):
      if let value = try layer.attribute(name) { return value }
    case .tensor, .number, .boolean, .list, .range:
      switch name {
      case "shape", "ndim", "size":
        // A list that is no tensor, such as one of strings, has a length.
        if case .list(let items) = self, (try? Tensor(argument: self)) == nil {
          return name == "shape"
            ? .list([.number(Double(items.count))]) : .number(name == "size" ? Double(items.count) : 1)
        }
        if case .range(let range) = self {
          return name == "shape"
            ? Shape.vector(range.count).value : .number(name == "ndim" ? 1 : Double(range.count))
        }
        let shape = try Tensor(argument: self).shape
        return name == "shape" ? shape.value : .number(Double(name == "ndim" ? shape.rank : shape.count))
      default: break
      }
    default: break
    }
    throw unknownAttribute(name, builtins)
  }

  private func unknownAttribute(_ name: String, _ builtins: BuiltinTable) -> Failure {
    if case .record(let record) = self {
      let near = Suggestion.nearest(to: name, among: record.keys, count: 2)
      return Failure(
        "the record has no key \(name)",
        notes: near.isEmpty && record.count > 0 ? ["its keys are \(Wording.list(record.keys))"] : [],
        helps: near.map { .init(".\($0)") })
    }
    let alias = Habits.functions[name] ?? name
    if builtins[alias] != nil {
      return Failure(
        "\(typeName)s have no attribute \(name); \(alias) is a function",
        helps: [.init("\(alias)(x)"), .init("x |> \(alias)")])
    }
    if name == "dtype" { return Failure("\(brief) has no attribute dtype: every tensor holds 32-bit floats") }
    let names = attributeNames
    let near = Suggestion.nearest(to: name, among: names)
    return Failure(
      "\(brief) has no attribute \(name)",
      notes: near.isEmpty && !names.isEmpty ? ["it has \(Wording.list(names))"] : [],
      helps: near.map { .init(".\($0)") })
  }

  /// Changes what an attribute holds; the attribute is taken out meanwhile.
  mutating func changeAttribute(_ name: String, _ change: (inout Value) throws -> Void) throws {
    switch self {
    case .record(var record):
      var part = try record.value(for: name) ?? .none
      self = .none
      defer { self = .record(record) }
      if record[name] != nil { record[name] = Value.none }
      do { try change(&part) } catch {
        if record[name] != nil { record[name] = part }
        throw error
      }
      record[name] = part
    case .layer(let layer):
      guard layer.attributeNames.contains(name) else {
        throw Failure(
          "\(brief) has no attribute \(name)", notes: ["it has \(Wording.list(layer.attributeNames))"])
      }
      // A weight that is not settled yet can be set as a whole, but has no parts that could be changed.
      var part = Value.none
      var unsettled: (any Error)?
      do { part = try layer.attribute(name) ?? .none } catch { unsettled = error }
      do { try change(&part) } catch { throw unsettled ?? error }
      let changed = layer.copy()
      try changed.setAttribute(name, part)
      self = .layer(changed)
    default:
      throw Failure("\(brief) has no attribute that could be set; a layer or a record has")
    }
  }
}
