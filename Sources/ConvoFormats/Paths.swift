#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Questions about paths, without reading a file's content as a tensor.
public enum Paths {
  /// The paths that match a pattern with `*`, `?` and `[…]`, sorted; none is an empty list.
  public static func matching(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_TILDE, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }

  /// Whether something is there: a file, a directory, or what a link leads to.
  public static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// The directory part of a path: `a/b` of `a/b/c.cnn`, `.` of `c.cnn`.
  public static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path: `c.cnn` of `a/b/c.cnn`.
  public static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
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
