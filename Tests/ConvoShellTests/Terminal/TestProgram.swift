import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Programs that tests start.
enum TestProgram {
  /// `convo` beside the test bundle.
  static let convo: String = {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The runner may be the toolchain's own; the bundle is then named by an argument.
    for candidate in [own] + CommandLine.arguments {
      let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
        separator: "/")
      if access(folder + "/convo", X_OK) == 0 { return folder + "/convo" }
    }
    return ".build/debug/convo"
  }()

  /// Starts a program with these files as stdin, stdout and stderr; the last two are made where they are missing.
  ///
  /// - Parameter leadsSession: whether its first file becomes its controlling terminal.
  static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String], files: [String],
    leadsSession: Bool = false
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The test runner's threads block signals; without a fresh mask Ctrl-C would never arrive.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let session: Int16 = leadsSession ? 0x80 : 0
    posix_spawnattr_setflags(&attributes, session | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, file) in files.enumerated() {
      let flags = leadsSession ? O_RDWR : descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT
      posix_spawn_file_actions_addopen(&actions, Int32(descriptor), file, flags, 0o600)
    }
    let words = [program] + arguments
    var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, program, &actions, &attributes, &argv, &envp)
    try #require(failure == 0, "\(program) cannot be started: \(String(cString: strerror(failure)))")
    return child
  }
}
