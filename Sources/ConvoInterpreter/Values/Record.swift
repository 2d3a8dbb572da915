internal import ConvoFormats
internal import ConvoTensor

/// Values under string keys, in the order in which they were added. Keys are the same when their bytes are.
///
/// A record that was loaded from a file knows the shapes of its tensors, and reads each when it is first used.
public struct Record: Sendable {
  private var storage: RecordStorage

  /// A record without keys.
  public init() { storage = .empty }

  /// A record of pairs; a later pair replaces an earlier one of the same key.
  public init(_ pairs: [(key: String, value: Value)]) {
    storage = RecordStorage()
    for pair in pairs { storage.set(pair.value, for: pair.key) }
  }

  /// The keys in order.
  public var keys: [String] { storage.keys }

  /// The number of keys.
  public var count: Int { storage.keys.count }

  /// The value under a key, for its kind and shape: a tensor that has not been read has no elements. Setting `nil`
  /// removes the key.
  public subscript(key: String) -> Value? {
    get {
      guard let position = storage.position(of: key) else { return nil }
      return storage.read(position)
    }
    set {
      makeUnique()
      if let newValue { storage.set(newValue, for: key) } else { storage.remove(key) }
    }
  }

  /// The value under a key with its elements, which are read from the file if need be.
  ///
  /// - Throws: ``ConvoFormats/FormatError`` when the file cannot be read any more.
  func value(for key: String) throws -> Value? {
    guard let position = storage.position(of: key) else { return nil }
    return try value(at: position)
  }

  /// The value at a position in the order of the keys, read if need be.
  @inline(__always)
  func value(at position: Int) throws -> Value {
    if !storage.unread.isEmpty, let tensor = storage.unread[RecordKey(storage.keys[position])] {
      return try tensor.read().value
    }
    return storage.values[position]
  }

  /// Whether some tensors have not been read yet.
  @inline(__always)
  var hasUnread: Bool { !storage.unread.isEmpty }

  /// The value at a position, where all are read.
  @inline(__always)
  func known(at position: Int) -> Value { storage.values[position] }

  /// Where a key stands; `guess` is where it stood in a record like this one, and is tried first.
  @inline(__always)
  func position(of key: String, guess: Int = 0) -> Int? {
    if guess < storage.keys.count, RecordKey.areSame(storage.keys[guess], key) { return guess }
    return storage.position(of: key)
  }

  /// Takes a value out, and leaves `none` in its place until it is put back.
  mutating func take(at position: Int) throws -> Value {
    let value = try value(at: position)
    makeUnique()
    storage.values[position] = .none
    return value
  }

  /// Puts a value in the place of another.
  mutating func put(_ value: Value, at position: Int) {
    makeUnique()
    if !storage.unread.isEmpty { storage.unread[RecordKey(storage.keys[position])] = nil }
    storage.values[position] = value
  }

  /// Adds a tensor that is read when it is first used.
  mutating func add(_ tensor: UnreadTensor, for key: String) throws {
    tensor.axes = UnreadTensor.axes(of: key, tensor.lazy.shape)
    self[key] = .tensor(try Tensor(phantom: tensor.lazy.shape, axes: tensor.axes))
    storage.unread[RecordKey(key)] = tensor
  }

  /// The same keys with other values; what has not been read stays so.
  func mapped(_ transform: (Value) -> Value) -> Record {
    var result = self
    result.makeUnique()
    for (position, key) in keys.enumerated() where storage.unread[RecordKey(key)] == nil {
      result.storage.values[position] = transform(storage.values[position])
    }
    return result
  }

  /// The same record with the values of another added, or put in the place of its own; what has not been read stays so.
  func merging(_ other: Record) -> Record {
    var result = self
    for (position, key) in other.keys.enumerated() {
      result[key] = other.storage.values[position]
      if let tensor = other.storage.unread[RecordKey(key)] { result.storage.unread[RecordKey(key)] = tensor }
    }
    return result
  }

  /// The pairs in order, as ``subscript(_:)`` gives them.
  public var pairs: [(key: String, value: Value)] {
    storage.keys.indices.map { (storage.keys[$0], storage.read($0)) }
  }

  /// The values in order, as ``subscript(_:)`` gives them.
  var values: [Value] {
    storage.unread.isEmpty ? storage.values : storage.keys.indices.map(storage.read)
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }
}

/// A key of a record; strings that only look alike, such as two forms of `ü`, are different keys.
struct RecordKey: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }

  static func == (a: RecordKey, b: RecordKey) -> Bool { areSame(a.text, b.text) }

  /// Whether two strings have the same bytes.
  @inline(__always)
  static func areSame(_ a: String, _ b: String) -> Bool {
    a == b && a.utf8.count == b.utf8.count && (a.utf8.count < 2 || a.utf8.elementsEqual(b.utf8))
  }
}

/// Keys and values side by side; of many keys there is an index.
final class RecordStorage: @unchecked Sendable {
  /// Up to so many keys are looked through one by one.
  static let fewKeys = 8
  static let empty = RecordStorage()

  fileprivate(set) var keys: [String] = []
  fileprivate(set) var values: [Value] = []
  /// Where each key stands, once there are more than ``fewKeys``.
  private var index: [RecordKey: Int] = [:]
  /// Tensors that have not been asked for; a tensor of the same shape without elements stands in ``values``.
  fileprivate(set) var unread: [RecordKey: UnreadTensor] = [:]

  func copy() -> RecordStorage {
    let copy = RecordStorage()
    copy.keys = keys
    copy.values = values
    copy.index = index
    copy.unread = unread
    return copy
  }

  /// A value as far as it has been read.
  func read(_ position: Int) -> Value {
    if unread.isEmpty { return values[position] }
    return unread[RecordKey(keys[position])]?.loaded ?? values[position]
  }

  func position(of key: String) -> Int? {
    if keys.count > RecordStorage.fewKeys { return index[RecordKey(key)] }
    for position in keys.indices where RecordKey.areSame(keys[position], key) { return position }
    return nil
  }

  func set(_ value: Value, for key: String) {
    if !unread.isEmpty { unread[RecordKey(key)] = nil }
    if let position = position(of: key) {
      values[position] = value
      return
    }
    keys.append(key)
    values.append(value)
    if keys.count == RecordStorage.fewKeys + 1 {
      for (position, key) in keys.enumerated() { index[RecordKey(key)] = position }
    } else if keys.count > RecordStorage.fewKeys {
      index[RecordKey(key)] = keys.count - 1
    }
  }

  func remove(_ key: String) {
    guard let position = position(of: key) else { return }
    unread[RecordKey(key)] = nil
    keys.remove(at: position)
    values.remove(at: position)
    index = [:]
    if keys.count > RecordStorage.fewKeys {
      for (position, key) in keys.enumerated() { index[RecordKey(key)] = position }
    }
  }
}

/// A tensor of a file that is read when somebody asks for it.
final class UnreadTensor: @unchecked Sendable {
  let lazy: LazyTensor
  /// Who is told of values that are not exact. Confined to the thread of the session.
  private let presenter: any Presenter
  private let path: String
  /// What its key tells of its axes.
  var axes: Axes?

  /// Weights of convolutions are called so everywhere: `conv1.weight`, `0/W`.
  static func axes(of key: String, _ shape: Shape) -> Axes? {
    guard shape.rank == 4, let name = key.split(whereSeparator: { $0 == "." || $0 == "/" }).last else {
      return nil
    }
    return ["W", "w", "weight", "kernel", "weights"].contains(String(name)) ? .weight : nil
  }

  init(_ lazy: LazyTensor, of path: String, _ presenter: any Presenter) {
    self.lazy = lazy
    self.path = path
    self.presenter = presenter
  }

  /// The tensor; only the first call reads the file.
  func read() throws -> Tensor {
    let (tensor, warnings) = try lazy.read()
    for warning in warnings { presenter.warn("\(path): \(warning.message)") }
    return named(tensor)
  }

  /// The tensor as a value, where it has been read.
  var loaded: Value? { lazy.loaded.map { .tensor(named($0)) } }

  private func named(_ tensor: Tensor) -> Tensor {
    guard let axes, !tensor.axes.isNamed else { return tensor }
    var result = tensor
    result.axes = axes
    return result
  }
}
