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
  /// - Parameter note: is told of each layer before it changes.
  /// - Throws: ``Failure`` that names every missing key, or the first tensor whose shape differs. No layer has changed.
  init(
    _ model: LayerTree, from record: Record, prefix: String, changing note: (Layer) -> Void
  ) throws {
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
      var helps: [Failure.Help] = []
      if let fitting = Self.prefix(for: model, in: record) {
        helps = [.init("set_params(…, prefix=\(ValueText.quoted(fitting)))")]
      } else if let first = missing.first {
        let near = Suggestion.nearest(to: first, among: record.keys, count: 3)
        helps = near.map { .init("[\(ValueText.quoted($0))]") }
      }
      throw Failure(
        "the record lacks \(Wording.list(missing))",
        notes: ["its keys are \(Wording.list(record.keys))"], helps: helps)
    }
    for change in changes {
      note(change.layer)
      change.layer.become(change.settled)
    }
    leftOver = record.keys.filter { key in
      key.hasPrefix(prefix) && !used.contains(key)
        && !Self.bookkeeping.contains { key == $0 || key.hasSuffix("/" + $0) || key.hasSuffix("." + $0) }
    }
  }

  /// The text before the keys of a record with which every parameter of a model is found, such as the `module.` of
  /// PyTorch's wrappers; nil where no text does.
  private static func prefix(for model: LayerTree, in record: Record) -> String? {
    let wanted = model.leaves.flatMap { leaf in leaf.layer.parameterNames.map { keys(leaf.path, $0) } }
    guard let first = wanted.first else { return nil }
    for key in record.keys {
      for ending in first where key.utf8.count >= ending.utf8.count {
        guard key.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8) else { continue }
        let prefix = String(decoding: key.utf8.dropLast(ending.utf8.count), as: UTF8.self)
        if wanted.allSatisfy({ names in names.contains { record[prefix + $0] != nil } }) { return prefix }
      }
    }
    return nil
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
