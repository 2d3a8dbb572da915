/// A key of a file, compared by its bytes: `ü` as one letter and as two are two keys, though Swift's texts are equal.
struct ByteKey: Hashable {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }
}
