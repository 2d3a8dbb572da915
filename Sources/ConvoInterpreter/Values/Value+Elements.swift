internal import ConvoEngine
internal import ConvoTensor

// Elements: how what stands in brackets is read, changed and replaced.
extension Value {
  /// `x[1, 2:4]`, `m["conv1/W"]`, `list[0]`
  func element(at items: [ResolvedIndex], _ evaluator: Evaluator? = nil) throws -> Value {
    switch self {
    case .tensor(let tensor):
      var slicing = Slicing(input: tensor, items: try items.sliceItems())
      if let evaluator, evaluator.mode != .normal {
        return try evaluator.perform(slicing, named: "index", reading: [tensor]).value
      }
      return try slicing.result().value
    case .record(let record):
      guard items.count == 1, case .key(let key) = items[0] else {
        throw Failure("a record is indexed by one key, a string")
      }
      guard let value = try record.value(for: key) else { throw Value.missingKey(key, record) }
      return value
    case .list(let values): return try Value.element(of: values, items, whole: self)
    case .range(let range):
      if items.count == 1, case .index(let index) = items[0] {
        return .number(Double(range[try Value.position(index, range.count, "the range")]))
      }
      if items.count == 1, case .range(let start, let stop, let step) = items[0] {
        let (first, count) = Value.selection(start, stop, step, range.count)
        let positions = try Progression(to: count).values()
        return .list(
          positions.indices.map { .number(Double(range[first + $0 * step])) })
      }
      return try Value.list(range.values()).element(at: items)
    case .string(let text):
      let characters = Array(text)
      guard items.count == 1 else { throw Failure("a string has one index") }
      switch items[0] {
      case .index(let index):
        return .string(String(characters[try Value.position(index, characters.count, "the string")]))
      case .range(let start, let stop, let step):
        let positions = Value.positions(start, stop, step, characters.count)
        return .string(String(positions.map { characters[$0] }))
      default: throw Failure("a string is indexed by a whole number or a slice")
      }
    case .layer(let layer):
      guard items.count == 1, case .index(let index) = items[0], let members = layer.members else {
        throw Failure("\(brief) has no elements; a Sequential has, by whole numbers")
      }
      return members[try Value.position(index, members.count, "the layer")]
    default: throw Failure("\(brief) has no elements")
    }
  }

  private static func element(of values: [Value], _ items: [ResolvedIndex], whole: Value) throws -> Value {
    if items.count == 1 {
      switch items[0] {
      case .index(let index): return values[try position(index, values.count, "the list")]
      case .range(let start, let stop, let step):
        return .list(positions(start, stop, step, values.count).map { values[$0] })
      case .key(let key): throw Failure("a list has no key \"\(key)\"; its elements are counted from 0")
      default: break
      }
    }
    return try Value.tensor(Tensor(argument: whole)).element(at: items)
  }

  /// Changes an element in place.
  mutating func changeElement(at items: [ResolvedIndex], _ change: (inout Value) throws -> Void) throws {
    switch self {
    case .record(var record):
      guard items.count == 1, case .key(let key) = items[0] else {
        throw Failure("a record is indexed by one key, a string")
      }
      guard var part = try record.value(for: key) else { throw Value.missingKey(key, record) }
      self = .none
      record[key] = Value.none
      defer {
        record[key] = part
        self = .record(record)
      }
      try change(&part)
    case .list(var values):
      guard items.count == 1, case .index(let index) = items[0] else {
        throw Failure("an element of a list is changed by one whole number")
      }
      let position = try Value.position(index, values.count, "the list")
      self = .none
      defer { self = .list(values) }
      try change(&values[position])
    case .tensor:
      var part = try element(at: items)
      try change(&part)
      try assign(part, at: items)
    case .layer(let layer):
      guard items.count == 1, case .index(let index) = items[0], let members = layer.members else {
        throw Failure("\(brief) has no elements; a Sequential has, by whole numbers")
      }
      let position = try Value.position(index, members.count, "the layer")
      let changed = layer.copy()
      try changed.changeMember(position, change)
      self = .layer(changed)
    default: throw Failure("\(brief) has no elements that could be changed")
    }
  }

  /// `x[…] = v`
  mutating func assign(_ value: Value, at items: [ResolvedIndex]) throws {
    switch self {
    case .tensor(var tensor):
      let operand: Operand
      do { operand = try Operand(argument: value) } catch {
        throw Failure(
          error.isComplete ? error.message : "\(value.brief) cannot be assigned to elements of a tensor")
      }
      let sliceItems = try items.sliceItems()
      self = .none
      defer { self = .tensor(tensor) }
      try SliceAssignment.apply(to: &tensor, items: sliceItems, value: operand)
    case .record(var record):
      guard items.count == 1, case .key(let key) = items[0] else {
        throw Failure("a record is indexed by one key, a string")
      }
      record[key] = try value.bound()
      self = .record(record)
    case .list(let values) where items.count != 1 || items[0].isSlice:
      var tensor = Value.tensor(try Tensor(argument: .list(values)))
      try tensor.assign(value, at: items)
      self = tensor
    default:
      try changeElement(at: items) { $0 = try value.bound() }
    }
  }

  private static func missingKey(_ key: String, _ record: Record) -> Failure {
    let near = Suggestion.nearest(to: key, among: record.keys, count: 2)
    return Failure(
      "the record has no key \"\(key)\"",
      notes: near.isEmpty && record.count > 0 ? ["its keys are \(Wording.list(record.keys))"] : [],
      helps: near.map { .init("[\"\($0)\"]") })
  }

  /// Turns an index that may be negative into a position.
  private static func position(_ index: Int, _ count: Int, _ what: String) throws(Failure) -> Int {
    let position = index < 0 ? index + count : index
    guard position >= 0, position < count else {
      throw Failure("index \(index) is out of range: \(what) has \(count) element\(count == 1 ? "" : "s")")
    }
    return position
  }

  /// The positions of a slice, as Python has it.
  private static func positions(_ start: Int?, _ stop: Int?, _ step: Int, _ count: Int) -> [Int] {
    let (first, selected) = selection(start, stop, step, count)
    return (0..<selected).map { first + $0 * step }
  }

  /// The first position of a slice and the number of positions.
  private static func selection(_ start: Int?, _ stop: Int?, _ step: Int, _ count: Int) -> (
    first: Int, count: Int
  ) {
    func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int {
      min(max(bound < 0 ? bound + count : bound, low), high)
    }
    let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
    let from = start.map { clamp($0, low, high) } ?? (step > 0 ? low : high)
    let to = stop.map { clamp($0, low, high) } ?? (step > 0 ? high : low)
    let distance = step > 0 ? to - from : from - to
    // The magnitude as UInt: -Int.min does not exist.
    return (from, distance > 0 ? Int(UInt(distance - 1) / step.magnitude) + 1 : 0)
  }
}
