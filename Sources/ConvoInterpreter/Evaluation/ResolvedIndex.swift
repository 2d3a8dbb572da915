internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// One evaluated item between the brackets of an index.
enum ResolvedIndex {
  case index(Int)
  case key(String)
  case range(start: Int?, stop: Int?, step: Int)
  case newAxis
  case ellipsis

  /// Whether the item selects a part of an axis rather than one element.
  var isSlice: Bool {
    switch self {
    case .range, .newAxis, .ellipsis: true
    case .index, .key: false
    }
  }
}

extension Evaluator {
  /// One item between brackets that is no slice.
  func resolve(_ value: Value, at span: Span) throws -> ResolvedIndex {
    switch value {
    case .none: return .newAxis
    case .string(let key): return .key(key)
    case .number(let number):
      if let whole = Int(exactly: number) { return .index(whole) }
      throw Diagnostic(
        "an index is a whole number, not \(NumberText.plain(number))", source: source, labels: [.init(span)])
    default:
      throw Diagnostic(
        "an index is a whole number, a slice, newaxis or a key, not \(value.brief)", source: source,
        labels: [.init(span)])
    }
  }

  /// A bound of a slice.
  func bound(_ value: Value, at span: Span) throws -> Int? {
    switch value {
    case .none: return nil
    // Bounds beyond the axis are cut, so that one beyond `Int` may be cut as well.
    case .number(let number) where number == number.rounded(.towardZero) && number.isFinite:
      return Int(exactly: number) ?? (number < 0 ? Int.min : Int.max)
    default:
      throw Diagnostic(
        "the bounds of a slice are whole numbers, not \(value.brief)", source: source, labels: [.init(span)])
    }
  }
}

extension [ResolvedIndex] {
  /// The items for an index of a tensor.
  func sliceItems() throws(Failure) -> [SliceItem] {
    var result: [SliceItem] = []
    result.reserveCapacity(count)
    for item in self {
      switch item {
      case .index(let index): result.append(.index(index))
      case .range(let start, let stop, let step): result.append(.range(start: start, stop: stop, step: step))
      case .newAxis: result.append(.newAxis)
      case .ellipsis: result.append(.ellipsis)
      case .key(let key): throw Failure("a tensor has no key \"\(key)\"; its axes are counted from 0")
      }
    }
    return result
  }
}
