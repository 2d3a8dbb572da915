internal import ConvoTensor

/// The elements that `for`, `map` and unpacking walk over.
enum ValueSequence {
  case list([Value])
  case range(Progression)
  case tensor(Tensor)
  case keys([String])

  init(_ value: Value) throws(Failure) {
    switch value {
    case .list(let values): self = .list(values)
    case .range(let range): self = .range(range)
    case .tensor(let tensor) where tensor.rank > 0: self = .tensor(tensor)
    case .record(let record): self = .keys(record.keys)
    default: throw Failure("\(value.brief) has no elements to go through; a list, a range or a tensor has")
    }
  }

  var count: Int {
    switch self {
    case .list(let values): values.count
    case .range(let range): range.count
    case .tensor(let tensor): tensor.shape[0]
    case .keys(let keys): keys.count
    }
  }

  /// The element at an index; of a tensor, the part at that index of its first axis.
  subscript(index: Int) -> Value {
    switch self {
    case .list(let values): return values[index]
    case .range(let range): return .number(Double(range[index]))
    case .keys(let keys): return .string(keys[index])
    case .tensor(let tensor):
      let step = tensor.count / max(tensor.shape[0], 1)
      guard let shape = try? Shape(Array(tensor.shape.extents.dropFirst())) else { return .none }
      var part = tensor.view(
        of: index * step..<(index + 1) * step, shape: shape, axes: Axes(Array(tensor.axes.names.dropFirst())))
      // What explains the whole counts its axes.
      part.origin = nil
      return part.value
    }
  }
}
