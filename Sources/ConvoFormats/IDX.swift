import ConvoTensor

extension FileFormat {
  /// The arrays of MNIST and its like: a type, extents, and elements in big-endian order.
  ///
  /// - Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.
  static let idx = FileFormat(
    name: "IDX", suffixes: [], summary: "one array, as MNIST has them", holding: .tensor,
    probe: { IDX.Header($0.bytes)?.fileSize == $0.fileSize },
    read: { (file, _) throws(FormatProblem) in try IDX.read(file) },
    write: { (_, _, _) throws(FormatProblem) in throw .unwritable(format: "IDX", "it is only read") })
}

/// Arrays in the form of MNIST.
enum IDX {
  struct Header {
    let elementType: ElementType
    let extents: [Int]
    /// The bytes before the elements.
    let count: Int
    /// The bytes of the whole file.
    let fileSize: Int

    /// Reads two zeros, a type, the number of extents, and the extents.
    init?(_ bytes: [UInt8]) {
      guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else { return nil }
      let rank = Int(bytes[3])
      let types: [UInt8: ElementType] = [
        0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
      ]
      guard let type = types[bytes[2]], (1...8).contains(rank), bytes.count >= 4 + 4 * rank else {
        return nil
      }
      elementType = type
      extents = (0..<rank).map { axis in
        bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
      }
      count = 4 + 4 * rank
      var size = type.byteCount
      for extent in extents {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        if overflow || product > 1 << 60 { return nil }
        size = product
      }
      fileSize = count + size
    }
  }

  static func read(_ file: InputFile) throws(FormatProblem) -> LoadedFile {
    guard let header = Header(try file.prefix().bytes), header.fileSize == file.count else { throw .changed }
    let isPictures = header.extents.count == 3 && header.elementType == .uint8
    var tensor = try Tensor.unfilled(
      header.extents, axes: isPictures ? Axes([.batch, .height, .width]) : nil, format: "IDX",
      holding: "the array of shape \(header.extents)")
    let stream = FileStream(file, range: header.count..<file.count)
    let total = tensor.count
    let inexact = try tensor.fill { (floats) throws(FormatProblem) -> Int in
      guard let base = floats.baseAddress, total > 0 else { return 0 }
      return try header.elementType.read(total, from: stream, isBigEndian: true, into: base)
    }
    return LoadedFile(
      content: .tensor(tensor),
      warnings: FormatWarning.inexact(inexact, of: total, key: nil, header.elementType, reading: true))
  }
}
