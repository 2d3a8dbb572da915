#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import ConvoTensor

extension FileFormat {
  /// NumPy arrays with names, in a ZIP archive whose members are `.npy` files, stored or deflated.
  ///
  /// Members of other names and kinds are passed over with a warning. Each array is allocated from the size that its header
  /// declares, after the memory limit was asked and before anything is unpacked.
  static let npz = FileFormat(
    name: "NPZ", suffixes: [".npz"], summary: "arrays with names, as NumPy saves them", holding: .record,
    probe: { $0.starts(with: [0x50, 0x4B, 3, 4]) || $0.starts(with: [0x50, 0x4B, 5, 6]) },
    read: readNPZ, write: writeNPZ)
}

@Sendable private func readNPZ(_ file: InputFile, _: LoadOptions) throws(FormatProblem) -> LoadedFile {
  let archive = try ZipArchive(file)
  var entries: [LoadedFile.Entry] = []
  var warnings: [FormatWarning] = []
  var skipped = SkippedMembers()
  var keys: Set<ByteKey> = []
  let members = try archive.members()
  for member in members where !member.isBookkeeping {
    guard member.name.utf8.suffix(4).elementsEqual(".npy".utf8) else {
      skipped.add(member.name, "no .npy file")
      continue
    }
    let key = String(decoding: member.name.utf8.dropLast(4), as: UTF8.self)
    do throws(FormatProblem) {
      guard keys.insert(ByteKey(key)).inserted else {
        throw .damaged(format: "NPZ", what: "the name appears twice", at: nil)
      }
      if member.isEncrypted {
        skipped.add(key, "encrypted")
        continue
      }
      let stream = try archive.open(member)
      let header: NPYHeader
      do throws(FormatProblem) { header = try NPYHeader(stream) } catch {
        guard case .unsupported(_, let what, _) = error else { throw error }
        // Its checksum counts all the same.
        try stream.skip()
        try stream.finish()
        skipped.add(key, what)
        continue
      }
      let (tensor, type, inexact) = try NPY.read(stream, header, key: key)
      if stream.remaining > 0 {
        throw .damaged(
          format: "NPY", what: "\(stream.remaining) bytes follow the array", at: .byte(stream.offset))
      }
      try stream.finish()
      warnings += inexact
      entries.append(.init(key: key, value: LazyTensor(tensor, elementType: type, path: file.path)))
    } catch {
      throw .member(key, error)
    }
  }
  if entries.isEmpty, let kind = ForeignContent.kind(ofMembers: members.map(\.name)) {
    throw .foreign(kind: kind.name, instead: kind.advice)
  }
  warnings += try skipped.warnings(
    format: "ZIP", others: entries.count, instead: "arrays of bool, whole numbers and floats load")
  return LoadedFile(content: .record(entries), warnings: warnings)
}

@Sendable private func writeNPZ(
  _ value: SavedValue, _ file: OutputFile, _ options: SaveOptions
) throws(FormatProblem) -> [FormatWarning] {
  guard case .record(let entries) = value else {
    throw .wrongKind(format: "NPZ", found: "one tensor", expected: "a record, such as {x: x}")
  }
  let type = try ElementType.named(options.dtype, format: "NPZ", allowed: NPY.elementTypes)
  try SavedRecord.check(entries, format: "NPZ")
  var writer = ZipWriter(file)
  var warnings: [FormatWarning] = []
  for (key, tensor) in entries {
    do throws(FormatProblem) {
      let header = NPYHeader(type, extents: tensor.shape.extents).bytes
      if type == .float32 {
        try tensor.withUnsafeFloats { (floats) throws(FormatProblem) in
          try writer.add(key + ".npy", header: header, UnsafeRawBufferPointer(floats))
        }
      } else {
        let block = try ByteBlock(count: tensor.count * type.byteCount, holding: "writing the array")
        let inexact = tensor.withUnsafeFloats { type.convert($0, block.bytesWhileHeld) }
        warnings += FormatWarning.inexact(inexact, of: tensor.count, key: key, type, reading: false)
        try block.withBytes { (bytes) throws(FormatProblem) in
          try writer.add(key + ".npy", header: header, UnsafeRawBufferPointer(bytes))
        }
      }
    } catch {
      throw .member(key, error)
    }
  }
  try writer.finish()
  return warnings
}
