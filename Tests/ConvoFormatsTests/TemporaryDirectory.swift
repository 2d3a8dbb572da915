import Glibc

@testable import ConvoFormats

/// A directory that a test may fill and that disappears with it.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/convo-formats-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
  }

  deinit {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and gives its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) -> String {
    let path = file(name)
    // Some file systems write a file that was truncated to the disk at once, which takes a millisecond.
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let part = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      precondition(part > 0, "cannot write \(path)")
      done += part
    }
    return path
  }

  /// The names of all files in it, hidden ones too.
  var names: [String] { filesOfDirectory(path) }
}

/// The names of all files in a directory, hidden ones too.
func filesOfDirectory(_ path: String) -> [String] {
  guard let directory = opendir(path) else { return [] }
  defer { closedir(directory) }
  var result: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { result.append(name) }
  }
  return result.sorted()
}

/// The bytes of a file.
func bytes(of path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  precondition(descriptor >= 0, "cannot open \(path)")
  defer { close(descriptor) }
  var result: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let part = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress!, $0.count) }
    if part <= 0 { return result }
    result += buffer[..<part]
  }
}
