import ConvoEngine
import ConvoInterpreter
import ConvoShell
import ConvoTensor
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Thousands of calls of every builtin with hostile values: each gives a result or an error, and the process lives.
@Suite struct BuiltinFuzzTests {
  /// In a process of its own, with little memory and in a folder of its own. `FUZZ_CALLS=1000000 FUZZ_SEED=7` makes more
  /// calls, as `scripts/fuzz builtins` does.
  @Test func noCallOfABuiltinEndsTheProcess() async {
    let log = BuiltinFuzzTests.log(of: getpid())
    unlink(log)
    let result = await #expect(processExitsWith: .success) { try BuiltinFuzzTests.run() }
    if result == nil, let program = BuiltinFuzzTests.contents(of: log) {
      Issue.record("the program that ran last:\n\(program)")
    }
    unlink(log)
  }

  /// The calls differ from one another, and are the same for a seed.
  @Test func theSeedDecidesTheCalls() {
    func calls(_ seed: UInt64) -> [String] {
      var caller = BuiltinCaller(seed: seed)
      return (0..<2000).map { _ in caller.next() }
    }
    #expect(calls(1) == calls(1))
    #expect(calls(1) != calls(2))
    let all = calls(3).joined(separator: "\n")
    for builtin in BuiltinTable.standard.all
    where !["exit", "quit", "threads", "import"].contains(builtin.name) {
      #expect(all.contains(builtin.name + "("), "\(builtin.name) is never called")
    }
  }

  /// Runs the calls; the program at hand stands in the log, whatever becomes of the process.
  private static func run() throws {
    var memory = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
    #if canImport(Glibc)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &memory)
    #endif
    let count = number("FUZZ_CALLS") ?? 4000
    var caller = BuiltinCaller(seed: UInt64(number("FUZZ_SEED") ?? 1))
    let path = log(of: getppid())
    let file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0o600)
    precondition(file >= 0)
    let folder = path + ".folder"
    mkdir(folder, 0o700)
    defer { clear(folder) }
    Watchdog.start()
    var failures = 0
    for index in 0..<count {
      // What the process itself has come to hold since is none of the call's.
      if index % 256 == 0 { MemoryBudget.limit = 1 << 20 }
      let program = caller.next()
      let bytes = Array(program.utf8)
      pwrite(file, bytes, bytes.count, 0)
      ftruncate(file, bytes.count)
      Watchdog.begin()
      if fails(program, in: folder, index) { failures += 1 }
    }
    Watchdog.end()
    if count > 4000 {
      print("\(count) calls, \(failures) with an error, \(Watchdog.cancelled) stopped after 2 s")
    }
    precondition(failures > count / 4 && failures < count, "\(failures) of \(count) calls are errors")
  }

  private static func fails(_ program: String, in folder: String, _ index: Int) -> Bool {
    var appearance = Appearance(
      output: index % 3 == 0 ? .none : .full, columns: 20 + index % 150, rows: 4 + index % 60)
    appearance.glyphs = index % 2 == 0 ? .fine : .plain
    let session = Session(sink: Nowhere(), appearance: appearance)
    session.evaluator.directory = folder
    return session.feed(program, name: "fuzz", mode: .prompt) != .finished
  }

  private static func log(of process: pid_t) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(base)/convo-fuzz-\(process)"
  }

  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Deletes what the calls have saved.
  private static func clear(_ folder: String) {
    if let directory = opendir(folder) {
      while let entry = readdir(directory) {
        withUnsafeBytes(of: entry.pointee.d_name) { name in
          let name = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
          if name != ".", name != ".." { unlink(folder + "/" + name) }
        }
      }
      closedir(directory)
    }
    rmdir(folder)
  }

  private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}

/// A place for text that nobody reads.
private final class Nowhere: OutputSink {
  func write(_ text: String) {}
  func writeDiagnostic(_ text: String) {}
  func flush() {}
}

/// Stops a call after two seconds as Ctrl-C would; one that goes on for half a minute ends the process.
private enum Watchdog {
  nonisolated(unsafe) static var cancelled = 0

  static func start() {
    Cancellation.reset()
    signal(SIGALRM) { _ in
      if Cancellation.isRequested { abort() }
      Cancellation.flag.pointee = 1
      Watchdog.cancelled += 1
      alarm(30)
    }
  }

  static func begin() {
    Cancellation.reset()
    alarm(2)
  }

  static func end() { alarm(0) }
}
