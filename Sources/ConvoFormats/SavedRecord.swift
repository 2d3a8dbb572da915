import ConvoTensor

/// What every format with keys demands of a record.
enum SavedRecord {
  static func check(_ entries: [(key: String, tensor: Tensor)], format: String) throws(FormatProblem) {
    var keys: Set<ByteKey> = []
    for (key, _) in entries where !keys.insert(ByteKey(key)).inserted {
      throw .option(name: "the key \"\(key)\"", found: "there twice", expected: "distinct keys in \(format)")
    }
  }
}
