#if canImport(Glibc)
  import Glibc
#endif

/// Scripts on disk.
public enum ScriptFile {
  /// The whole file; nil with `errno` set where it cannot be read.
  public static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
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
    if let folder = getenv("XDG_CONFIG_HOME"), folder[0] == 0x2F {
      return String(cString: folder) + "/convo/init.cnn"
    }
    guard let home = getenv("HOME"), home[0] != 0 else { return nil }
    return String(cString: home) + "/.config/convo/init.cnn"
  }
}
