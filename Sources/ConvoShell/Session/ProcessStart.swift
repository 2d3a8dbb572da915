internal import ConvoFormats

#if canImport(Glibc)
  import Glibc
#endif

/// What a program does before anything else, and what it was given.
public enum ProcessStart {
  /// Opens the numbers 0 to 2 where they are closed, so that no other file takes them, and lets no stray signal end the
  /// process.
  ///
  /// What is read there is empty; the null device is open for reading only, so that what is written there is an error, as
  /// it would be without it.
  public static func prepare() {
    for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDONLY)
    }
    for number in [SIGALRM, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
    limitStack()
  }

  /// Lets the main thread's stack grow, as it is used, to 64 MiB: room for functions that call themselves a thousand times.
  private static func limitStack() {
    let wanted: rlim_t = 64 << 20
    let kind = __rlimit_resource_t(RLIMIT_STACK.rawValue)
    var limit = rlimit()
    // A stack without a limit has no measure for how deep is too deep.
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < wanted || limit.rlim_cur == .max else { return }
    limit.rlim_cur = min(wanted, limit.rlim_max)
    setrlimit(kind, &limit)
  }

  /// The words of the command line behind the program's name, byte by byte.
  public static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0].map { PathText.text($0) } }
  }

  /// A variable of the environment, byte by byte.
  public static func environment(_ name: String) -> String? {
    getenv(name).map { PathText.text($0) }
  }
}
