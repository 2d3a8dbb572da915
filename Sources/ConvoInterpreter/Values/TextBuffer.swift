/// Bytes of a text that is being put together; kept from text to text, so that only the result is allocated.
struct TextBuffer {
  private var bytes: [UInt8] = []

  /// Begins a new text.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ part: [UInt8]) { bytes.append(contentsOf: part) }

  /// A number as ``NumberText/plain(_:)`` writes it.
  mutating func append(_ number: Double) {
    guard abs(number) < 0x1p53, number == Double(Int(number)) else { return append(NumberText.plain(number)) }
    var rest = abs(Int(number))
    if number < 0 { bytes.append(0x2D) }
    let start = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// What was put together.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  var count: Int { bytes.count }
}
