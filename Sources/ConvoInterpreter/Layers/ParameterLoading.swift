internal import ConvoTensor

/// Puts the tensors of a record into the layers of a model: all of them or none.
struct ParameterLoading {
  /// The names that other libraries give to a parameter: Chainer's and PyTorch's.
  static let aliases: [String: [String]] = [
    "W": ["W", "weight"], "b": ["b", "bias"],
    "scale": ["scale", "gamma", "weight"], "shift": ["shift", "beta", "bias"],
    "mean": ["mean", "avg_mean", "running_mean"], "var": ["var", "avg_var", "running_var"],
  ]
  /// Keys that hold nothing that a layer needs.
  static let bookkeeping = ["num_batches_tracked", "N"]

  /// Keys that were used, in the order of the model.
  private(set) var used: [String] = []
  /// Keys of the record that no layer asked for.
  private(set) var leftOver: [String] = []

  /// Finds, checks and sets every parameter.
  ///
  /// - Throws: ``Failure`` that names every missing key, or the first tensor whose shape differs. No layer has changed.
  init(_ model: LayerTree, from record: Record, prefix: String) throws {
    var missing: [String] = []
    var changes: [(layer: Layer, settled: Layer)] = []
    for leaf in model.leaves {
      let settled = leaf.layer.copy()
      for name in leaf.layer.parameterNames {
        let candidates = Self.keys(leaf.path, name).map { prefix + $0 }
        guard let key = candidates.first(where: { record[$0] != nil }),
          let value = try record.value(for: key)
        else {
          missing.append(candidates[0])
          continue
        }
        do { try settled.setAttribute(name, value) } catch let failure as Failure {
          throw Failure("\"\(key)\": \(failure.message)", isComplete: false)
        }
        used.append(key)
      }
      changes.append((leaf.layer, settled))
    }
    guard missing.isEmpty else {
      let near = missing.first.map { Suggestion.nearest(to: $0, among: record.keys, count: 3) } ?? []
      throw Failure(
        "the record lacks \(Wording.list(missing))",
        notes: ["its keys are \(Wording.list(record.keys))"], helps: near.map { .init("[\"\($0)\"]") })
    }
    for change in changes { change.layer.become(change.settled) }
    leftOver = record.keys.filter { key in
      key.hasPrefix(prefix) && !used.contains(key)
        && !Self.bookkeeping.contains { key == $0 || key.hasSuffix("/" + $0) || key.hasSuffix("." + $0) }
    }
  }

  /// The keys under which a parameter may stand, the usual ones first.
  static func keys(_ path: [String], _ name: String) -> [String] {
    var keys: [String] = []
    for separator in ["/", ".", "_"] {
      for alias in aliases[name] ?? [name] {
        let key = (path + [alias]).joined(separator: separator)
        if !keys.contains(key) { keys.append(key) }
      }
    }
    return keys
  }
}
