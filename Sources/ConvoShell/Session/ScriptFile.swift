internal import ConvoFormats

#if canImport(Glibc)
  import Glibc
#endif

/// Scripts on disk.
public enum ScriptFile {
  /// The whole file; nil with `errno` set where it cannot be read.
  public static func read(_ path: String) -> [UInt8]? {
    if path.utf8.contains(0) {
      errno = EINVAL
      return nil
    }
    let file = path.withPath { open($0, O_RDONLY | O_CLOEXEC) }
    if file < 0 { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &piece, piece.count)
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  /// `init.cnn` in the XDG configuration folder.
  public static var initialPath: String? {
    if let folder = ProcessStart.environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return folder + "/convo/init.cnn"
    }
    guard let home = ProcessStart.environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.config/convo/init.cnn"
  }
}
