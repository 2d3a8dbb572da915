#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

import CZip

/// A ZIP archive that is open for reading, through libzip.
final class ZipArchive {
  /// What the archive says of a member.
  struct Member {
    let index: UInt64
    let name: String
    let count: Int
    let isEncrypted: Bool

    /// Whether it is a folder, or what macOS adds to archives.
    var isBookkeeping: Bool {
      let name = name.utf8
      let lastName = name.split(separator: UInt8(ascii: "/")).last ?? name[...]
      return name.last == UInt8(ascii: "/") || name.starts(with: "__MACOSX/".utf8)
        || lastName.elementsEqual(".DS_Store".utf8)
    }
  }

  fileprivate let library: czip_library
  fileprivate let handle: OpaquePointer

  /// Opens the archive in a file.
  init(_ file: InputFile) throws(FormatProblem) {
    library = try ZipArchive.loadLibrary()
    let descriptor = dup(file.descriptor)
    if descriptor < 0 { throw .system(doing: "opening the archive", number: errno) }
    var code: Int32 = 0
    guard let handle = library.fdopen(descriptor, 0, &code) else {
      close(descriptor)
      throw .damaged(format: "ZIP", what: ZipArchive.words(library, code: code), at: nil)
    }
    self.handle = handle
  }

  deinit { library.discard(handle) }

  /// The library, or an error that says how to get it.
  static func loadLibrary() throws(FormatProblem) -> czip_library {
    var number: Int32 = 0
    guard let library = czip_load(&number) else {
      if number != 0 { throw .system(doing: "loading libzip", number: number) }
      throw .unsupported(
        format: "NPZ", what: "members", instead: "libzip is missing: apt-get install libzip4")
    }
    return library.pointee
  }

  /// libzip's words for one of its error codes.
  static func words(_ library: czip_library, code: Int32) -> String {
    var error = zip_error()
    library.error_init_with_code(&error, code)
    defer { library.error_fini(&error) }
    return library.error_strerror(&error).map { String(cString: $0) } ?? "error \(code)"
  }

  /// What the archive declares, in its own order.
  func members() throws(FormatProblem) -> [Member] {
    let count = library.get_num_entries(handle, 0)
    var result: [Member] = []
    for index in 0..<UInt64(max(0, count)) {
      var status = zip_stat_t()
      guard library.stat_index(handle, index, 0, &status) == 0, let name = status.name else {
        throw .damaged(format: "ZIP", what: "the entry of member \(index) cannot be read", at: nil)
      }
      let isSized = status.valid & UInt64(ZIP_STAT_SIZE) != 0 && status.size <= UInt64(Int.max)
      guard isSized else {
        throw .damaged(format: "ZIP", what: "the size of member \(index) is unknown", at: nil)
      }
      let isEncrypted =
        status.valid & UInt64(ZIP_STAT_ENCRYPTION_METHOD) != 0
        && status.encryption_method != UInt16(ZIP_EM_NONE)
      result.append(
        Member(index: index, name: String(cString: name), count: Int(status.size), isEncrypted: isEncrypted))
    }
    return result
  }

  /// Opens a member for reading from its start.
  func open(_ member: Member) throws(FormatProblem) -> ZipStream { try ZipStream(self, member) }
}

/// The unpacked bytes of a member of an archive.
final class ZipStream: ByteStream {
  private let archive: ZipArchive
  private let handle: OpaquePointer
  private let count: Int
  private(set) var offset = 0

  fileprivate init(_ archive: ZipArchive, _ member: ZipArchive.Member) throws(FormatProblem) {
    guard let handle = archive.library.fopen_index(archive.handle, member.index, 0) else {
      let words = archive.library.strerror(archive.handle).map { String(cString: $0) } ?? "cannot be opened"
      throw .damaged(format: "ZIP", what: words, at: nil)
    }
    self.archive = archive
    self.handle = handle
    count = member.count
  }

  deinit { _ = archive.library.fclose(handle) }

  var remaining: Int { count - offset }

  func read(into target: UnsafeMutableRawBufferPointer) throws(FormatProblem) {
    var done = 0
    while done < target.count {
      let part = archive.library.fread(
        handle, target.baseAddress.map { $0 + done }, UInt64(min(target.count - done, 1 << 30)))
      if part < 0 { throw failure() }
      if part == 0 {
        throw .damaged(
          format: "ZIP", what: "the member is shorter than the archive declares", at: .byte(offset))
      }
      done += Int(part)
      offset += Int(part)
    }
  }

  /// Makes sure that the member ends here, which also compares its checksum.
  func finish() throws(FormatProblem) {
    var byte: UInt8 = 0
    let part = archive.library.fread(handle, &byte, 1)
    if part < 0 { throw failure() }
    if part > 0 {
      throw .damaged(format: "ZIP", what: "the member is longer than the archive declares", at: .byte(offset))
    }
  }

  private func failure() -> FormatProblem {
    let code = archive.library.file_get_error(handle).map { archive.library.error_code_zip($0) } ?? 0
    return .damaged(format: "ZIP", what: ZipArchive.words(archive.library, code: code), at: .byte(offset))
  }
}
