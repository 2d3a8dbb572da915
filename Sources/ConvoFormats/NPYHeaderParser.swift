/// Reads the dictionary of an `.npy` header: the keys `descr`, `fortran_order` and `shape`, each once, in any order.
///
///     header     = "{" [ pair { "," pair } [ "," ] ] "}"
///     pair       = string ":" ( string | "True" | "False" | "(" [ whole { "," whole } [ "," ] ] ")" )
struct NPYHeaderParser {
  private(set) var descriptor: (elementType: ElementType, isBigEndian: Bool)?
  private(set) var isFortranOrder: Bool?
  private(set) var extents: [Int]?
  private let start: Int
  private var cursor = ByteCursor(UnsafeRawBufferPointer(start: nil, count: 0))

  /// - Parameter start: where in the file the header's text begins.
  init(start: Int) { self.start = start }

  mutating func parse(_ cursor: ByteCursor) throws(FormatProblem) {
    self.cursor = cursor
    try expect("{")
    while true {
      self.cursor.skipSpace()
      if self.cursor.take("}") { break }
      let key = try string()
      try expect(":")
      self.cursor.skipSpace()
      switch key {
      case "descr" where descriptor == nil: descriptor = try elementType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
      case "shape" where extents == nil: extents = try tuple()
      default: throw damaged("its header has a key '\(key)' too many")
      }
      self.cursor.skipSpace()
      if self.cursor.take(",") { continue }
      try expect("}")
      break
    }
    self.cursor.skipSpace()
    if !self.cursor.isAtEnd { throw damaged("its header goes on after the dictionary") }
  }

  private func damaged(_ what: String) -> FormatProblem {
    .damaged(format: "NPY", what: what, at: .byte(start + cursor.offset))
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatProblem) {
    cursor.skipSpace()
    if !cursor.take(character) { throw damaged("its header lacks a '\(character)'") }
  }

  private mutating func string() throws(FormatProblem) -> String {
    let quote: UInt8? = cursor.current
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw damaged("its header lacks a text in quotes")
    }
    cursor.advance()
    let first = cursor.offset
    while let byte = cursor.current, byte != quote {
      if byte == UInt8(ascii: "\\") || byte < 0x20 { throw damaged("its header has a strange text") }
      cursor.advance()
    }
    let text = String(decoding: cursor.slice(from: first), as: UTF8.self)
    if cursor.isAtEnd { throw damaged("its header has a text without end") }
    cursor.advance()
    return text
  }

  private mutating func truth() throws(FormatProblem) -> Bool {
    if cursor.take(word: "True") { return true }
    if cursor.take(word: "False") { return false }
    throw damaged("its 'fortran_order' is neither True nor False")
  }

  private mutating func tuple() throws(FormatProblem) -> [Int] {
    try expect("(")
    var result: [Int] = []
    while true {
      cursor.skipSpace()
      if cursor.take(")") { return result }
      guard let extent = cursor.takeWhole() else {
        throw damaged("its 'shape' holds no whole number of at least 0")
      }
      // Python 2 wrote long numbers as 3L.
      _ = cursor.take("L")
      result.append(extent)
      if result.count > 64 { throw damaged("its 'shape' has more than 64 axes") }
      cursor.skipSpace()
      if cursor.take(",") { continue }
      // (3) is a number, not a tuple.
      if result.count == 1 { throw damaged("its 'shape' is no tuple") }
      try expect(")")
      return result
    }
  }

  private mutating func elementType() throws(FormatProblem) -> (ElementType, Bool) {
    if cursor.current == UInt8(ascii: "[") || cursor.current == UInt8(ascii: "(") {
      throw unsupported("structured elements")
    }
    let text = try string()
    var rest = text[...]
    let order = rest.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    if order != nil { rest.removeFirst() }
    switch rest.first {
    case "O": throw unsupported("Python objects (pickled)")
    case "c": throw unsupported("complex numbers (\(text))")
    case "S", "U", "a": throw unsupported("texts (\(text))")
    case "M", "m": throw unsupported("dates or times (\(text))")
    case "V": throw unsupported("raw bytes (\(text))")
    default: break
    }
    let types: [Substring: ElementType] = [
      "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16,
      "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    guard let type = types[rest] else { throw unsupported("elements of type '\(text)'") }
    return (type, order == ">")
  }

  private func unsupported(_ what: String) -> FormatProblem {
    .unsupported(format: "NPY", what: what, instead: "arrays of bool, whole numbers and floats load")
  }
}
