import ConvoTensor

extension FileFormat {
  /// The binary batches of CIFAR-10 and CIFAR-100: labels and 32×32 colour pictures.
  ///
  /// - Source: Krizhevsky, "The CIFAR-10 and CIFAR-100 datasets", binary version.
  static let cifar = FileFormat(
    name: "CIFAR", suffixes: [], summary: "pictures with labels, as CIFAR-10 and CIFAR-100 have them",
    holding: .record, probe: { CIFAR.labels(of: $0) != nil },
    read: { (file, _) throws(FormatProblem) in try CIFAR.read(file) },
    write: { (_, _, _) throws(FormatProblem) in throw .unwritable(format: "CIFAR", "it is only read") })
}

/// Batches of labelled pictures, which begin with no mark: name, size and first labels tell them.
enum CIFAR {
  /// The bytes of a picture: three planes of 32×32.
  private static let pixels = 3 * 32 * 32

  /// The keys of the labels before each picture, or nil for another file.
  static func labels(of prefix: FilePrefix) -> [String]? {
    guard prefix.suffix == ".bin", prefix.fileSize > 0 else { return nil }
    for (keys, limits) in [(["labels"], [10]), (["coarse_labels", "labels"], [20, 100])] {
      let record = pixels + keys.count
      guard prefix.fileSize % record == 0 else { continue }
      let starts = stride(from: 0, to: prefix.bytes.count - keys.count + 1, by: record)
      let isFit = starts.allSatisfy { start in
        limits.indices.allSatisfy { Int(prefix.bytes[start + $0]) < limits[$0] }
      }
      if isFit { return keys }
    }
    return nil
  }

  static func read(_ file: InputFile) throws(FormatProblem) -> LoadedFile {
    guard let keys = labels(of: try file.prefix()) else { throw .changed }
    let record = pixels + keys.count
    let count = file.count / record
    var pictures = try Tensor.unfilled(
      [count, 3, 32, 32], axes: .pictures(rank: 4), format: "CIFAR", holding: "\(count) pictures")
    var labels: [Tensor] = []
    for _ in keys { labels.append(try Tensor.unfilled([count], format: "CIFAR", holding: "\(count) labels")) }
    let stream = FileStream(file)
    let block = try ByteBlock(count: record, holding: "reading a picture")
    try block.withBytes { (bytes) throws(FormatProblem) in
      for index in 0..<count {
        try stream.read(into: bytes)
        for key in keys.indices { labels[key].fill { $0[index] = Float(bytes[key]) } }
        pictures.fill { floats in
          for pixel in 0..<pixels { floats[index * pixels + pixel] = Float(bytes[keys.count + pixel]) }
        }
      }
    }
    let pairs = [("images", pictures)] + zip(keys, labels)
    return LoadedFile(
      content: .record(
        pairs.map { key, tensor in
          LoadedFile.Entry(key: key, value: LazyTensor(tensor, elementType: .uint8, path: file.path))
        }), warnings: [])
  }
}
