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
  init(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    program: String = TestProgram.convo
  ) throws {
    let scratch = try Scratch()
    try scratch.write("stdin", input)
    var settings = [
      "HOME": "/nonexistent", "SWIFT_BACKTRACE": "enable=no", "PATH": "/usr/bin:/bin", "TERM": "xterm",
    ]
    settings.merge(environment) { $1 }
    let child = try TestProgram.start(
      program, arguments, settings,
      files: [scratch.path + "/stdin", scratch.path + "/stdout", scratch.path + "/stderr"])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    output = try scratch.read("stdout")
    diagnostics = try scratch.read("stderr")
  }
}
