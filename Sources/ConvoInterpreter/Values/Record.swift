internal import ConvoFormats
internal import ConvoTensor

/// Values under string keys, in the order in which they were added.
///
/// A record that was loaded from a file knows the shapes of its tensors, and reads each when it is first used.
public struct Record: Sendable {
  /// The keys in order.
  public private(set) var keys: [String] = []
  private var entries: [String: Value] = [:]
  /// Tensors that have not been asked for; a tensor of the same shape without elements stands in ``entries``.
  private var unread: [String: UnreadTensor] = [:]

  /// A record without keys.
  public init() {}

  /// A record of pairs; a later pair replaces an earlier one of the same key.
  public init(_ pairs: [(key: String, value: Value)]) {
    for pair in pairs { self[pair.key] = pair.value }
  }

  /// The number of keys.
  public var count: Int { keys.count }

  /// The value under a key, for its kind and shape: a tensor that has not been read has no elements. Setting `nil`
  /// removes the key.
  public subscript(key: String) -> Value? {
    get { entries[key] }
    set {
      if !unread.isEmpty { unread[key] = nil }
      if let newValue {
        if entries.updateValue(newValue, forKey: key) == nil { keys.append(key) }
      } else if entries.removeValue(forKey: key) != nil {
        keys.removeAll { $0 == key }
      }
    }
  }

  /// The value under a key with its elements, which are read from the file if need be.
  ///
  /// - Throws: ``ConvoFormats/FormatError`` when the file cannot be read any more.
  func value(for key: String) throws -> Value? {
    if let tensor = unread[key] { return try tensor.read().value }
    return entries[key]
  }

  /// Adds a tensor that is read when it is first used.
  mutating func add(_ tensor: UnreadTensor, for key: String) throws {
    self[key] = .tensor(try Tensor(phantom: tensor.lazy.shape))
    unread[key] = tensor
  }

  /// The same keys with other values; what has not been read stays so.
  func mapped(_ transform: (Value) -> Value) -> Record {
    var result = self
    for key in keys where unread[key] == nil { result.entries[key] = entries[key].map(transform) }
    return result
  }

  /// The pairs in order, as ``subscript(_:)`` gives them.
  public var pairs: [(key: String, value: Value)] {
    keys.map { ($0, entries[$0] ?? .none) }
  }
}

/// A tensor of a file that is read when somebody asks for it.
final class UnreadTensor: @unchecked Sendable {
  let lazy: LazyTensor
  /// Who is told of values that are not exact. Confined to the thread of the session.
  private let presenter: any Presenter
  private let path: String

  init(_ lazy: LazyTensor, of path: String, _ presenter: any Presenter) {
    self.lazy = lazy
    self.path = path
    self.presenter = presenter
  }

  /// The tensor; only the first call reads the file.
  func read() throws -> Tensor {
    let (tensor, warnings) = try lazy.read()
    for warning in warnings { presenter.warn("\(path): \(warning.message)") }
    return tensor
  }
}
