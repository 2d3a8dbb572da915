import ConvoTensor

extension FileFormat {
  /// One NumPy array. What follows the array in the file is passed over with a warning.
  static let npy = FileFormat(
    name: "NPY", suffixes: [".npy"], summary: "one array, as NumPy saves it", holding: .tensor,
    probe: { $0.starts(with: NPYHeader.magic) },
    read: { (file, _) throws(FormatProblem) in
      let stream = FileStream(file)
      let (tensor, _, warnings) = try NPY.read(stream, NPYHeader(stream), key: nil)
      let rest =
        stream.remaining == 0 ? [] : [FormatWarning.skipped("\(stream.remaining) bytes behind the array")]
      return LoadedFile(content: .tensor(tensor), warnings: warnings + rest)
    },
    write: { (value, file, options) throws(FormatProblem) in
      guard case .tensor(let tensor) = value else {
        throw .wrongKind(format: "NPY", found: "a record", expected: "one tensor")
      }
      let type = try ElementType.named(options.dtype, format: "NPY", allowed: NPY.elementTypes)
      try file.write(NPYHeader(type, extents: tensor.shape.extents).bytes)
      let inexact = try type.write(tensor, to: file)
      return FormatWarning.inexact(inexact, of: tensor.count, key: nil, type, reading: false)
    })
}

/// Arrays in NumPy's form, in a file of their own or as members of an archive.
enum NPY {
  /// What an array can hold, in the order of messages.
  static let elementTypes = ElementType.allCases.filter { $0 != .bfloat16 }

  /// Reads the array behind its header. Nothing is allocated before the stream is known to be long enough.
  static func read(
    _ stream: any ByteStream, _ header: NPYHeader, key: String?
  ) throws(FormatProblem) -> (Tensor, ElementType, [FormatWarning]) {
    let type = header.elementType
    try Tensor.checkRank(of: header.extents, format: "NPY")
    let (count, isTooLarge) = header.extents.reduce((1, false)) { product, extent in
      let (value, overflow) = product.0.multipliedReportingOverflow(by: extent)
      return (value, product.1 || overflow)
    }
    let isEmpty = header.extents.contains(0)
    guard isEmpty || (!isTooLarge && count <= stream.remaining / type.byteCount) else {
      throw .damaged(
        format: "NPY",
        what:
          "the shape \(header.extents) of \(type.name) needs more than the \(stream.remaining) bytes that follow",
        at: .byte(stream.offset + stream.remaining))
    }
    let order = header.isFortranOrder ? header.extents.reversed() : header.extents
    var tensor = try Tensor.unfilled(order, format: "NPY", holding: "the array \(header.extents)")
    let inexact = try tensor.fill { (floats) throws(FormatProblem) -> Int in
      guard let base = floats.baseAddress, floats.count > 0 else { return 0 }
      return try type.read(floats.count, from: stream, isBigEndian: header.isBigEndian, into: base)
    }
    if header.isFortranOrder { tensor = try reversingAxes(of: tensor) }
    return (tensor, type, FormatWarning.inexact(inexact, of: tensor.count, key: key, type, reading: true))
  }

  /// The same elements with all axes in opposite order.
  private static func reversingAxes(of tensor: Tensor) throws(FormatProblem) -> Tensor {
    let extents = Array(tensor.shape.extents.reversed())
    if extents.count(where: { $0 > 1 }) < 2 || tensor.count == 0 {
      if let result = try? tensor.reshaped(to: Shape(extents)) { return result }
    }
    var result = try Tensor.unfilled(extents, format: "NPY", holding: "the array \(extents)")
    let steps = Array(tensor.shape.strides.reversed())
    let rank = extents.count
    let (rows, columns) = (extents[0], extents[rank - 1])
    let strides = result.shape.strides
    tensor.withUnsafeFloats { source in
      result.fill { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        // For each position on the middle axes, a plane whose sides change places, in squares that stay in the cache.
        var middle = [Int](repeating: 0, count: rank)
        var (read, write) = (0, 0)
        while true {
          for top in stride(from: 0, to: rows, by: 32) {
            for left in stride(from: 0, to: columns, by: 32) {
              for row in top..<min(top + 32, rows) {
                for column in left..<min(left + 32, columns) {
                  target[write + row * strides[0] + column] =
                    source[read + row * steps[0] + column * steps[rank - 1]]
                }
              }
            }
          }
          var axis = rank - 2
          while axis >= 1 {
            middle[axis] += 1
            read += steps[axis]
            write += strides[axis]
            if middle[axis] < extents[axis] { break }
            read -= steps[axis] * extents[axis]
            write -= strides[axis] * extents[axis]
            middle[axis] = 0
            axis -= 1
          }
          if axis < 1 { return }
        }
      }
    }
    return result
  }
}
