import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A run of `convo` without a terminal: its exit code and what it wrote.
struct ProgramRun {
  var code: Int32
  var output: String
  var diagnostics: String

  /// Runs `convo` and waits for its end.
  init(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws {
    let scratch = try Scratch()
    try scratch.write("stdin", input)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, scratch.path + "/stdin", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, scratch.path + "/stdout", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, scratch.path + "/stderr", O_WRONLY | O_CREAT, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var settings = [
      "HOME": "/nonexistent", "SWIFT_BACKTRACE": "enable=no", "PATH": "/usr/bin:/bin", "TERM": "xterm",
    ]
    settings.merge(environment) { $1 }
    let words = [TerminalProcess.executable] + arguments
    var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = settings.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child: pid_t = 0
    try #require(posix_spawn(&child, words[0], &actions, &attributes, &argv, &envp) == 0)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    output = try scratch.read("stdout")
    diagnostics = try scratch.read("stderr")
  }
}

/// A folder for the files of one test, removed with it.
final class Scratch {
  let path: String

  init() throws {
    var template = Array("/tmp/convo-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      unlink(path + "/" + name)
    }
    closedir(directory)
    rmdir(path)
  }

  func write(_ name: String, _ text: String) throws {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(file >= 0)
    let bytes = Array(text.utf8)
    #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
    close(file)
  }

  func read(_ name: String) throws -> String {
    let file = open(path + "/" + name, O_RDONLY)
    try #require(file >= 0, "\(name) was not written")
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while case let count = Glibc.read(file, &piece, piece.count), count > 0 { bytes += piece[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
