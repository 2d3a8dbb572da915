/// Values under string keys, in the order in which they were added.
public struct Record: Sendable {
  /// The keys in order.
  public private(set) var keys: [String] = []
  private var entries: [String: Value] = [:]

  /// A record without keys.
  public init() {}

  /// A record of pairs; a later pair replaces an earlier one of the same key.
  public init(_ pairs: [(key: String, value: Value)]) {
    for pair in pairs { self[pair.key] = pair.value }
  }

  /// The number of keys.
  public var count: Int { keys.count }

  /// The value under a key. Setting `nil` removes the key.
  public subscript(key: String) -> Value? {
    get { entries[key] }
    set {
      if let newValue {
        if entries.updateValue(newValue, forKey: key) == nil { keys.append(key) }
      } else if entries.removeValue(forKey: key) != nil {
        keys.removeAll { $0 == key }
      }
    }
  }

  /// The pairs in order.
  public var pairs: [(key: String, value: Value)] {
    keys.map { ($0, entries[$0] ?? .none) }
  }
}
