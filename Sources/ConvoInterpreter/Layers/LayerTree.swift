internal import ConvoSyntax

/// The layers that a model is made of, each with the way to it.
///
/// A model is a layer, a `Sequential`, a list or record of models, or a function of the language that uses layers by
/// their names.
struct LayerTree {
  /// A layer that holds parameters itself.
  struct Leaf {
    /// `["conv1"]`, `["0"]`; empty for a model that is one layer.
    let path: [String]
    let layer: Layer
  }
  private(set) var leaves: [Leaf] = []
  private var visited: [ObjectIdentifier] = []

  /// Finds the layers of a model.
  init(_ model: Value) throws(Failure) {
    guard Self.isModel(model) else {
      throw Failure("\(model.brief) is no model; a layer, a Sequential, a record of layers or a function is")
    }
    add(model, [])
    if leaves.isEmpty, case .function(let function) = model {
      throw Failure("\(function.name) uses no layer")
    }
  }

  /// Every parameter under its key: `conv1/W`, `0/b`; a layer that was never used has none yet.
  var parameters: Record {
    var record = Record()
    for leaf in leaves {
      for parameter in leaf.layer.parameters() {
        record[(leaf.path + [parameter.name]).joined(separator: "/")] = .tensor(parameter.tensor)
      }
    }
    return record
  }

  /// The layers that were never used, so that their sizes are open and they have no parameters yet.
  var unsettledPaths: [String] {
    leaves.filter { $0.layer.parameters().count < $0.layer.parameterNames.count }
      .map { $0.path.joined(separator: "/") }
  }

  /// Checks that every layer has its parameters.
  func checkSettled() throws {
    for leaf in leaves {
      // An attribute that is still open throws what is missing.
      for name in leaf.layer.parameterNames { _ = try leaf.layer.attribute(name) }
    }
  }

  private static func isModel(_ value: Value) -> Bool {
    switch value {
    case .layer, .record, .list, .function: true
    default: false
    }
  }

  private mutating func add(_ value: Value, _ path: [String]) {
    switch value {
    case .layer(let layer):
      if let members = layer.members {
        for (index, member) in members.enumerated() { add(member, path + [String(index)]) }
      } else if !leaves.contains(where: { $0.layer === layer }) {
        leaves.append(Leaf(path: path, layer: layer))
      }
    case .record(let record): for pair in record.pairs { add(pair.value, path + [pair.key]) }
    case .list(let values): for (index, item) in values.enumerated() { add(item, path + [String(index)]) }
    case .function(.user(let closure)):
      let identity = ObjectIdentifier(closure.prototype.literal)
      if visited.contains(identity) { return }
      visited.append(identity)
      // Names in the order in which the function uses them; a function that it calls adds its own layers.
      for name in UsedNames.of(closure.prototype.literal) {
        guard let value = closure.lookup(name) else { continue }
        switch value {
        case .function: add(value, path)
        case .layer, .record, .list: add(value, path + [name])
        default: continue
        }
      }
    default: return
    }
  }
}
