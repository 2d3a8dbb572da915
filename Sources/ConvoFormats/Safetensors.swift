import ConvoTensor

extension FileFormat {
  /// Tensors with names, as Hugging Face defines them. Only the header is read at first, each tensor when it is used.
  static let safetensors = FileFormat(
    name: "safetensors", suffixes: [".safetensors"], summary: "tensors with names, read when used",
    holding: .record,
    probe: { prefix in
      // The length of the header, then the header.
      guard prefix.bytes.count >= 9, prefix.bytes[8] == UInt8(ascii: "{") else { return false }
      return prefix.bytes[4..<8].allSatisfy { $0 == 0 }
    },
    read: readSafetensors, write: writeSafetensors)
}

@Sendable private func readSafetensors(_ file: InputFile, _: LoadOptions) throws(FormatProblem) -> LoadedFile
{
  let stream = FileStream(file)
  let count = try stream.bytes(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  guard count <= SafetensorsHeader.maximumCount else {
    throw .damaged(
      format: "safetensors", what: "its header of \(count) bytes is longer than the format allows",
      at: .byte(0))
  }
  guard count <= stream.remaining else {
    throw .damaged(
      format: "safetensors", what: "its header of \(count) bytes ends behind the file", at: .byte(0))
  }
  let text = try ByteBlock(count: Int(count), holding: "the header")
  let header = try text.withBytes { (bytes) throws(FormatProblem) in
    try stream.read(into: bytes)
    return try SafetensorsHeader(UnsafeRawBufferPointer(bytes), dataCount: stream.remaining)
  }
  let start = stream.offset
  var entries: [LoadedFile.Entry] = []
  entries.reserveCapacity(header.entries.count)
  var skipped = SkippedMembers()
  for entry in header.entries {
    guard let elementType = entry.elementType else {
      skipped.add(entry.key, entry.typeName)
      continue
    }
    let shape: Shape
    do { try Tensor.checkRank(of: entry.extents, format: "safetensors") } catch {
      throw .member(entry.key, error)
    }
    do throws(ShapeError) { shape = try Shape(entry.extents) } catch {
      throw .member(entry.key, .damaged(format: "safetensors", what: "its shape is too large", at: nil))
    }
    let range = start + entry.range.lowerBound..<start + entry.range.upperBound
    let value = LazyTensor(shape: shape, elementType: elementType, path: file.path) {
      () throws(FormatProblem) in
      try file.checkUnchanged()
      do throws(FormatProblem) {
        var tensor = try Tensor.unfilled(entry.extents, format: "safetensors", holding: "the tensor \(shape)")
        let inexact = try tensor.fill { (floats) throws(FormatProblem) -> Int in
          guard let base = floats.baseAddress, floats.count > 0 else { return 0 }
          return try elementType.read(
            floats.count, from: FileStream(file, range: range), isBigEndian: false, into: base)
        }
        let warnings = FormatWarning.inexact(
          inexact, of: shape.count, key: entry.key, elementType, reading: true)
        return (tensor, warnings)
      } catch {
        throw .member(entry.key, error)
      }
    }
    entries.append(.init(key: entry.key, value: value))
  }
  let types = FileFormat.list(SafetensorsHeader.elementTypes.keys.sorted())
  let warnings = try skipped.warnings(
    format: "safetensors", others: entries.count, instead: "known are \(types)")
  return LoadedFile(content: .record(entries), warnings: warnings)
}

@Sendable private func writeSafetensors(
  _ value: SavedValue, _ file: OutputFile, _ options: SaveOptions
) throws(FormatProblem) -> [FormatWarning] {
  guard case .record(let entries) = value else {
    throw .wrongKind(format: "safetensors", found: "one tensor", expected: "a record, such as {x: x}")
  }
  let type = try ElementType.named(options.dtype, format: "safetensors", allowed: ElementType.allCases)
  try SavedRecord.check(entries, format: "safetensors")
  guard let name = SafetensorsHeader.elementTypes.first(where: { $0.value == type })?.key else {
    throw .option(name: "dtype", found: type.name, expected: "a type of safetensors")
  }
  var text: [UInt8] = [UInt8(ascii: "{")]
  var offset = 0
  for (index, (key, tensor)) in entries.enumerated() {
    if key == "__metadata__" {
      throw .option(name: "the key", found: "\"__metadata__\"", expected: "another: safetensors reserves it")
    }
    let end = offset + tensor.count * type.byteCount
    let shape = tensor.shape.extents.map(String.init).joined(separator: ",")
    text += Array((index > 0 ? ",\"" : "\"").utf8) + JSONCursor.escaped(key)
    text += Array("\":{\"dtype\":\"\(name)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}".utf8)
    offset = end
  }
  text.append(UInt8(ascii: "}"))
  while text.count % 8 != 0 { text.append(0x20) }
  guard text.count <= SafetensorsHeader.maximumCount else {
    throw .option(name: "the header", found: "\(text.count) bytes", expected: "at most 100 MB")
  }
  try file.write((0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text)
  var warnings: [FormatWarning] = []
  for (key, tensor) in entries {
    let inexact = try type.write(tensor, to: file)
    warnings += FormatWarning.inexact(inexact, of: tensor.count, key: key, type, reading: false)
  }
  return warnings
}
