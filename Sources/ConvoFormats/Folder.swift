#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What stands in a directory, and making one.
public enum Folder {
  /// The names of the regular files of a directory that match a pattern, in the order of their bytes.
  ///
  /// Links count as what they lead to. Names that begin with a point match only a pattern that does.
  ///
  /// - Throws: ``FormatError`` when it is missing or unreadable, or no directory.
  public static func files(in path: String, matching pattern: String = "*") throws(FormatError) -> [String] {
    do throws(FormatProblem) {
      var status = stat()
      if path.utf8.contains(0) || path.withPath({ stat($0, &status) }) != 0 {
        throw FormatProblem(errno, doing: "opening the folder", access: .read)
      }
      guard FileKind(mode: status.st_mode) == .directory else {
        throw .system(doing: "opening the folder", number: ENOTDIR)
      }
      guard let handle = path.withPath({ opendir($0) }) else {
        throw FormatProblem(errno, doing: "opening the folder", access: .read)
      }
      defer { closedir(handle) }
      var names: [String] = []
      while let entry = readdir(handle) {
        try FileInterruption.check()
        let kind = entry.pointee.d_type
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { PathText.text($0) }
        }
        guard matches(name, pattern) else { continue }
        // Some file systems do not tell, and a link says nothing of what it leads to.
        if kind == UInt8(DT_REG)
          || (kind == UInt8(DT_UNKNOWN) || kind == UInt8(DT_LNK)) && isRegular(path + "/" + name)
        {
          names.append(name)
        }
      }
      return names.sorted { PathText.bytes($0).lexicographicallyPrecedes(PathText.bytes($1)) }
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }

  private static func matches(_ name: String, _ pattern: String) -> Bool {
    name.withPath { name in pattern.withPath { fnmatch($0, name, FNM_PERIOD) } } == 0
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return path.withPath({ stat($0, &status) }) == 0 && FileKind(mode: status.st_mode) == nil
  }

  /// Makes a directory and those that it stands in, where they are missing.
  ///
  /// - Throws: ``FormatError`` when a file is in the way, or it may not be made.
  public static func make(_ path: String) throws(FormatError) {
    do throws(FormatProblem) {
      if path.utf8.contains(0) || path.isEmpty { throw .missing }
      var end = path.utf8.startIndex
      while end < path.utf8.endIndex {
        end =
          path.utf8[path.utf8.index(after: end)...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
        let part = String(path[..<end])
        if part.withPath({ mkdir($0, 0o777) }) == 0 { continue }
        let number = errno
        var status = stat()
        if part.withPath({ stat($0, &status) }) == 0 {
          guard FileKind(mode: status.st_mode) == .directory else {
            throw .system(doing: "making the folder", number: EEXIST)
          }
        } else {
          throw FormatProblem(number, doing: "making the folder", access: .write)
        }
      }
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }
}

extension Paths {
  /// What follows the last point of the name, with the point, as written; empty if there is none but at its beginning.
  public static func suffix(of path: String) -> String {
    let name = name(of: path)
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return "" }
    return String(name[point...])
  }

  /// The name without its suffix.
  public static func stem(of path: String) -> String {
    String(name(of: path).dropLast(suffix(of: path).count))
  }

  /// Writes a text as a file, whole or not at all.
  public static func write(_ text: String, to path: String) throws(FormatError) {
    do throws(FormatProblem) {
      let file = try OutputFile(path: path)
      try file.write(Array(text.utf8))
      try file.commit()
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }
}
