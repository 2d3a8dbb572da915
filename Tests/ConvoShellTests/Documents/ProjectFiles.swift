#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files of the project itself, found from where this source lies.
enum ProjectFiles {
  /// The top folder, with a slash at its end.
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(4).joined(separator: "/") + "/"
  }()

  /// Whether tests write what they would compare with: `RECORD=1 swift test`.
  static let isRecording = getenv("RECORD") != nil

  /// Whether there is something at a path, which is not seen from the project.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The text of a file; nil when it cannot be read.
  static func text(_ path: String) -> String? {
    guard let file = fopen(root + path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }

  /// Writes a file anew.
  static func write(_ text: String, to path: String) -> Bool {
    guard let file = fopen(root + path, "w") else { return false }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }

  /// The names of a folder's files, sorted.
  static func names(in folder: String) -> [String] { Scratch.names(in: root + folder) }
}
