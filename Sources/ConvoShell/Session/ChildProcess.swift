import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// Programs of the system that the prompt starts.
enum ChildProcess {
  /// Runs a command line by `/bin/sh` on the terminal with its first modes, and returns its exit code.
  static func run(_ command: String) -> Int32 {
    cedit_restore_terminal()
    defer {
      cedit_forget_interrupt()
      cedit_quiet_terminal()
    }
    // The child answers Ctrl-C and Ctrl-Z by itself, whatever handlers stand here.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = ["/bin/sh", "-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    guard posix_spawn(&child, "/bin/sh", nil, &attributes, &arguments, environ) == 0 else { return 127 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
