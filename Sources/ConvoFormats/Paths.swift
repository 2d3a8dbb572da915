#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Questions about paths, without reading a file's content as a tensor.
public enum Paths {
  /// The paths that match a pattern with `*`, `?` and `[…]`, sorted; none is an empty list.
  public static func matching(_ pattern: String) -> [String] {
    if pattern.utf8.contains(0) { return [] }
    var found = glob_t()
    defer { globfree(&found) }
    guard pattern.withPath({ glob($0, 0, nil, &found) }) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { PathText.text($0) } }
  }

  /// Whether something is there: a file, a directory, or what a link leads to.
  public static func exists(_ path: String) -> Bool {
    !path.utf8.contains(0) && path.withPath { access($0, F_OK) } == 0
  }

  /// The path with the home folder in place of a `~` at its start: the user's own, or that of `~name`.
  public static func expandingHome(_ path: String) -> String {
    guard path.utf8.first == UInt8(ascii: "~") else { return path }
    let name = path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
    let rest = String(decoding: path.utf8.dropFirst(1 + name.count), as: UTF8.self)
    if name.isEmpty, let home = getenv("HOME"), home[0] != 0 { return PathText.text(home) + rest }
    let user =
      name.isEmpty ? getpwuid(getuid()) : String(decoding: name, as: UTF8.self).withPath { getpwnam($0) }
    guard let home = user?.pointee.pw_dir else { return path }
    return PathText.text(home) + rest
  }

  /// The directory part of a path: `a/b` of `a/b/c.cnn`, `.` of `c.cnn`.
  public static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path: `c.cnn` of `a/b/c.cnn`.
  public static func name(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// All bytes of a regular file.
  ///
  /// - Throws: ``FormatError`` when it is missing, unreadable, larger than `limit`, or no regular file.
  public static func contents(of path: String, limit: Int = 64 << 20) throws(FormatError) -> [UInt8] {
    do throws(FormatProblem) {
      let file = try InputFile(path: path)
      guard file.count <= limit else {
        throw .unsupported(
          format: "text", what: "a file of \(file.count) bytes", instead: "at most \(limit) bytes are read")
      }
      return try file.withContents { (bytes) throws(FormatProblem) in Array(bytes) }
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }
}
