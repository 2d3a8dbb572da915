internal import ConvoEngine
internal import ConvoTensor

/// What a value is ordered by: numbers before one another, text by its characters, lists element by element.
enum SortKey {
  case number(Double)
  case text(String)
  case list([SortKey])

  /// The key of a value, or a message that says what cannot be ordered.
  init(_ value: Value, at position: Int) throws {
    switch value {
    case .number(let number): self = .number(number)
    case .boolean(let flag): self = .number(flag ? 1 : 0)
    case .string(let text): self = .text(text)
    case .tensor(let tensor) where tensor.isPhantom: throw NeedsValues()
    case .tensor(let tensor) where tensor.count == 1: self = .number(Double(tensor.item ?? .nan))
    case .list(let values): self = .list(try values.map { try SortKey($0, at: position) })
    case .range(let range): self = .list(try range.values().map { try SortKey($0, at: position) })
    default:
      throw Failure(
        "\(value.brief) at [\(position)] has no order",
        helps: [.init("sort(…, by=fn(v) = …)", gives: "by what each element is ordered")])
    }
  }

  /// The word for errors.
  private var kind: String {
    switch self {
    case .number: "a number"
    case .text: "a string"
    case .list: "a list"
    }
  }

  /// Whether a key stands before another, in either direction; NaN stands behind everything in both.
  static func precedes(_ left: SortKey, _ right: SortKey, descending: Bool) throws(Failure) -> Bool {
    try order(left, right, descending) < 0
  }

  private static func order(_ left: SortKey, _ right: SortKey, _ descending: Bool) throws(Failure) -> Int {
    func directed(_ isLess: Bool) -> Int { isLess != descending ? -1 : 1 }
    switch (left, right) {
    case (.number(let a), .number(let b)):
      if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? 0 : (a.isNaN ? 1 : -1) }
      return a == b ? 0 : directed(a < b)
    case (.text(let a), .text(let b)): return a == b ? 0 : directed(a < b)
    case (.list(let a), .list(let b)):
      for (first, second) in zip(a, b) {
        let order = try order(first, second, descending)
        if order != 0 { return order }
      }
      return a.count == b.count ? 0 : directed(a.count < b.count)
    default: throw Failure("\(left.kind) and \(right.kind) have no order between them")
    }
  }

  /// The positions of the keys in their order; equal ones keep theirs.
  static func sorted(_ keys: [SortKey], descending: Bool) throws -> [Int] {
    // Merging from the bottom up is stable, and can be stopped.
    var order = Array(keys.indices)
    var merged = order
    var width = 1
    while width < keys.count {
      for start in stride(from: 0, to: keys.count, by: 2 * width) {
        if Cancellation.isRequested { throw Interruption() }
        let (middle, end) = (min(start + width, keys.count), min(start + 2 * width, keys.count))
        var (left, right) = (start, middle)
        for place in start..<end {
          var takesRight = right < end
          if takesRight, left < middle {
            takesRight = try precedes(keys[order[right]], keys[order[left]], descending: descending)
          }
          merged[place] = order[takesRight ? right : left]
          if takesRight { right += 1 } else { left += 1 }
        }
      }
      swap(&order, &merged)
      width *= 2
    }
    return order
  }
}

/// What makes two values the same for `unique`: NaN is the same as NaN there.
enum UniqueKey: Hashable {
  case number(UInt64)
  case text([UInt8])

  /// `nil` for values that have to be compared with one another.
  init?(_ value: Value) {
    switch value {
    case .number(let number):
      self = .number(number.isNaN ? Double.nan.bitPattern : (number + 0).bitPattern)
    case .string(let text): self = .text(Array(text.utf8))
    default: return nil
    }
  }
}
