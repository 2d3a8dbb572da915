/// What stands before the numbers of a `.safetensors` file: eight bytes of length and a JSON object.
///
///     header   = "{" [ member { "," member } ] "}" { " " }
///     member   = string ":" ( tensor | metadata )          metadata only under "__metadata__"
///     tensor   = an object of "dtype": string, "shape": [ wholes ], "data_offsets": [ begin, end ] and other fields
///     metadata = an object of strings
///
/// The grammar is read as it stands, and not by a JSON library, because keys that appear twice must be refused and the
/// order of the file is kept.
///
/// - Source: Hugging Face, "Safetensors format", https://github.com/huggingface/safetensors#format
struct SafetensorsHeader {
  /// One tensor.
  struct Entry {
    let key: String
    /// The name of the type, and the type if it is one that can be read.
    let typeName: String
    let elementType: ElementType?
    let extents: [Int]
    /// Where its bytes are, from the end of the header.
    let range: Range<Int>
  }

  /// The longest header that the format allows.
  static let maximumCount = 100_000_000

  private(set) var entries: [Entry] = []
  private let start = 8
  private var cursor: JSONCursor

  /// Reads the JSON text, which begins at byte 8 of a file with `dataCount` bytes behind it.
  init(_ text: UnsafeRawBufferPointer, dataCount: Int) throws(FormatProblem) {
    cursor = JSONCursor(text, start: start, format: "safetensors")
    var keys: Set<ByteKey> = []
    guard text.first == UInt8(ascii: "{") else { throw cursor.damaged("its header does not begin with {") }
    try cursor.members { (cursor, key) throws(FormatProblem) in
      guard keys.insert(ByteKey(key)).inserted else {
        throw cursor.damaged("the key \"\(key)\" appears twice")
      }
      if key == "__metadata__" {
        try SafetensorsHeader.skipMetadata(&cursor)
      } else {
        entries.append(try SafetensorsHeader.entry(key, &cursor))
      }
    }
    try cursor.finish()
    try checkRanges(dataCount: dataCount)
  }

  private static func skipMetadata(_ cursor: inout JSONCursor) throws(FormatProblem) {
    var keys: Set<ByteKey> = []
    try cursor.members { (cursor, key) throws(FormatProblem) in
      guard keys.insert(ByteKey(key)).inserted else {
        throw cursor.damaged("the metadata \"\(key)\" appears twice")
      }
      _ = try cursor.string()
    }
  }

  private static func entry(_ key: String, _ cursor: inout JSONCursor) throws(FormatProblem) -> Entry {
    var typeName: String?
    var extents: [Int]?
    var offsets: [Int]?
    var fields: Set<ByteKey> = []
    try cursor.members { (cursor, field) throws(FormatProblem) in
      guard fields.insert(ByteKey(field)).inserted else {
        throw cursor.damaged("the tensor \"\(key)\" has the field \"\(field)\" twice")
      }
      switch field {
      case "dtype": typeName = try cursor.string()
      case "shape": extents = try cursor.wholes()
      case "data_offsets": offsets = try cursor.wholes()
      default: try cursor.skipValue()
      }
    }
    guard let typeName, let extents, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw cursor.damaged("the tensor \"\(key)\" lacks its dtype, shape or pair of data_offsets")
    }
    let type = elementTypes[typeName]
    let entry = Entry(
      key: key, typeName: typeName, elementType: type, extents: extents, range: offsets[0]..<offsets[1])
    guard let byteCount = type?.byteCount ?? unreadByteCounts[typeName] else { return entry }
    var bytes = byteCount
    for extent in extents {
      let (value, isTooLarge) = bytes.multipliedReportingOverflow(by: extent)
      guard !isTooLarge else {
        throw cursor.damaged("the tensor \"\(key)\" has the impossible shape \(extents)")
      }
      bytes = value
    }
    guard bytes == entry.range.count else {
      throw cursor.damaged(
        "the tensor \"\(key)\" of \(type?.name ?? typeName) \(extents) takes \(bytes) bytes, its data_offsets \(entry.range.count)"
      )
    }
    return entry
  }

  /// The tensors must fill the data from its first byte to its last, without overlap.
  private func checkRanges(dataCount: Int) throws(FormatProblem) {
    var end = 0
    for entry in entries.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      guard entry.range.lowerBound == end else {
        let what = entry.range.lowerBound < end ? "overlaps the one before" : "leaves a hole before it"
        throw cursor.damaged("the tensor \"\(entry.key)\" at data_offsets \(entry.range.lowerBound) \(what)")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw cursor.damaged("its tensors take \(end) bytes, but \(dataCount) follow the header")
    }
  }

  /// The bytes of one element of types that are not read. Where a type takes less than a byte, or is not known at all,
  /// only the place of a tensor can be checked.
  private static let unreadByteCounts = ["C64": 8, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1]

  /// The names of the format.
  static let elementTypes: [String: ElementType] = [
    "BOOL": .bool, "I8": .int8, "I16": .int16, "I32": .int32, "I64": .int64, "U8": .uint8, "U16": .uint16,
    "U32": .uint32, "U64": .uint64, "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
  ]
}
