/// What stands before the numbers of an `.npy` file: a magic word, a version, and a Python dictionary of three keys.
///
/// - Source: NumPy, "NPY format", https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NPYHeader {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  let elementType: ElementType
  let isBigEndian: Bool
  /// The first axis is contiguous, not the last.
  let isFortranOrder: Bool
  let extents: [Int]

  /// Describes an array of float32 or another type that NumPy knows, little-endian, last axis contiguous.
  init(_ elementType: ElementType, extents: [Int]) {
    self.elementType = elementType
    self.extents = extents
    isBigEndian = false
    isFortranOrder = false
  }

  /// Reads a header and leaves the stream at the first number.
  init(_ stream: any ByteStream) throws(FormatProblem) {
    let start = stream.offset
    guard stream.remaining >= 10 else { throw NPYHeader.short(stream) }
    let first = try stream.bytes(8)
    guard first.starts(with: NPYHeader.magic) else {
      throw .damaged(format: "NPY", what: "it does not begin as one", at: .byte(start))
    }
    guard (1...3).contains(first[6]), first[7] == 0 else {
      throw .unsupported(
        format: "NPY", what: "version \(first[6]).\(first[7])", instead: "versions 1.0, 2.0 and 3.0 are known"
      )
    }
    let width = first[6] == 1 ? 2 : 4
    guard stream.remaining >= width else { throw NPYHeader.short(stream) }
    let count = try stream.bytes(width).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= stream.remaining else {
      throw .damaged(
        format: "NPY", what: "its header of \(count) bytes ends behind the file", at: .byte(start + 8))
    }
    guard count <= 1 << 20 else {
      throw .unsupported(format: "NPY", what: "a header of \(count) bytes", instead: "1 MiB is the most")
    }
    let text = try stream.bytes(count)
    var parser = NPYHeaderParser(start: start + 8 + width)
    var failure: FormatProblem?
    text.withUnsafeBytes { bytes in
      do throws(FormatProblem) { try parser.parse(ByteCursor(bytes)) } catch { failure = error }
    }
    if let failure { throw failure }
    guard let type = parser.descriptor, let order = parser.isFortranOrder, let extents = parser.extents else {
      let missing =
        parser.descriptor == nil ? "descr" : parser.isFortranOrder == nil ? "fortran_order" : "shape"
      throw .damaged(format: "NPY", what: "its header has no '\(missing)'", at: .byte(start + 8 + width))
    }
    (elementType, isBigEndian) = (type.elementType, type.isBigEndian)
    isFortranOrder = order
    self.extents = extents
  }

  private static func short(_ stream: any ByteStream) -> FormatProblem {
    .damaged(format: "NPY", what: "it ends in its header", at: .byte(stream.offset + stream.remaining))
  }

  /// The header as version 1, padded so that the numbers begin at a multiple of 64.
  var bytes: [UInt8] {
    let axes = extents.map(String.init).joined(separator: ", ") + (extents.count == 1 ? "," : "")
    var text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(axes)), }"
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    let count = text.utf8.count
    return NPYHeader.magic + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(text.utf8)
  }

  private var descriptor: String {
    let order = elementType.byteCount == 1 ? "|" : "<"
    let kind =
      switch elementType {
      case .bool: "b"
      case .int8, .int16, .int32, .int64: "i"
      case .uint8, .uint16, .uint32, .uint64: "u"
      case .float16, .bfloat16, .float32, .float64: "f"
      }
    return "\(order)\(kind)\(elementType.byteCount)"
  }
}
