internal import ConvoFormats
internal import ConvoTensor

extension Evaluator {
  /// What loading a file would give that a check has not saved: tensors of the shapes that it would have.
  ///
  /// - Throws: ``NeedsValues`` where only running tells.
  func unsavedContent(_ path: String, _ mode: ColorMode) throws -> Value? {
    guard self.mode == .checking, let value = unsaved[resolvedPath(path)] else { return nil }
    guard FileFormat.named(by: path)?.holding != .record else { return try unreadRecord(value) }
    guard case .chart = value else {
      let tensor = try Tensor(argument: value)
      guard let (shape, axes) = SavedContent.shape(of: tensor, in: path, mode: mode) else {
        throw NeedsValues()
      }
      return .tensor(try Tensor(phantom: shape, axes: axes))
    }
    throw NeedsValues()
  }

  private func unreadRecord(_ value: Value) throws -> Value {
    switch value {
    case .layer: return try unreadRecord(.record(LayerTree(value).parameters))
    case .record(let record):
      var result = Record()
      for pair in record.pairs {
        result[pair.key] = .tensor(try Tensor(phantom: Tensor(argument: pair.value).shape))
      }
      return .record(result)
    default: throw NeedsValues()
    }
  }
}
