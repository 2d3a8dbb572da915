#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import CZip

/// A ZIP archive that is being written: its members are stored, not deflated, as `numpy.savez` does.
final class ZipWriter {
  private let library: czip_library
  private let handle: OpaquePointer
  private var isFinished = false
  // libzip reads the members when the archive is closed: until then their bytes stay where they are.
  private var holders: [Any] = []
  private var headers: [ByteBlock] = []

  /// An archive without members: the record that ends every archive, all of its counts and sizes zero.
  static let emptyArchive: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)

  /// Starts an archive in the place of the file.
  init(_ file: OutputFile) throws(FormatProblem) {
    library = try ZipArchive.loadLibrary()
    var code: Int32 = 0
    guard let handle = library.open(file.temporaryPath, ZIP_CREATE | ZIP_TRUNCATE, &code) else {
      throw .unwritable(format: "NPZ", ZipArchive.words(library, code: code))
    }
    self.handle = handle
  }

  deinit { if !isFinished { library.discard(handle) } }

  /// Adds a member of two parts.
  ///
  /// - Parameter holder: keeps `body` alive and unchanged; it is held until the archive is finished.
  func add(_ name: String, header: [UInt8], holder: Any, _ body: UnsafeRawBufferPointer) throws(FormatProblem)
  {
    let head = try ByteBlock(count: header.count, holding: "the header")
    head.bytesWhileHeld.copyBytes(from: header)
    headers.append(head)
    holders.append(holder)
    let bodyBytes = UnsafeMutablePointer(
      mutating: body.baseAddress?.assumingMemoryBound(to: UInt8.self))
    let parts = [
      zip_buffer_fragment_t(
        data: head.bytesWhileHeld.bindMemory(to: UInt8.self).baseAddress, length: UInt64(head.count)),
      zip_buffer_fragment_t(data: bodyBytes, length: UInt64(body.count)),
    ]
    guard let source = library.source_buffer_fragment(handle, parts, body.isEmpty ? 1 : 2, 0) else {
      throw failure()
    }
    let index = library.file_add(handle, name, source, UInt32(ZIP_FL_ENC_UTF_8))
    if index < 0 {
      library.source_free(source)
      throw failure()
    }
    // The same bytes for the same tensors: the first of January 1980, as NumPy writes.
    guard library.set_file_compression(handle, UInt64(index), ZIP_CM_STORE, 0) == 0,
      library.file_set_dostime(handle, UInt64(index), 0, 0x21, 0) == 0
    else { throw failure() }
  }

  /// Writes everything.
  func finish() throws(FormatProblem) {
    guard library.close(handle) == 0 else { throw failure() }
    isFinished = true
  }

  private func failure() -> FormatProblem {
    if let error = library.get_error(handle) {
      let number = library.error_code_system(error)
      if number != 0 { return .system(doing: "writing", number: number) }
    }
    return .unwritable(format: "NPZ", library.strerror(handle).map { String(cString: $0) } ?? "unknown error")
  }
}
