import ArgumentParser
import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

// The main thread's stack grows as it is used, up to this limit: room for functions that call themselves a thousand times.
var stackLimit = rlimit()
if getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &stackLimit) == 0, stackLimit.rlim_cur < 64 << 20 {
  stackLimit.rlim_cur = min(64 << 20, stackLimit.rlim_max)
  setrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &stackLimit)
}

// The program's way: arguments → shell or script. Usage errors end with 2, whatever the parser thinks of them.
do {
  let command = try ConvoCommand.read(Array(CommandLine.arguments.dropFirst()))
  exit(try Program(command).run())
} catch {
  let code = ConvoCommand.exitCode(for: error)
  if code == .success {
    print(ConvoCommand.fullMessage(for: error))
    exit(0)
  }
  var output = StandardError()
  print("error: \(ConvoCommand.message(for: error))", to: &output)
  print("       convo --help lists the options", to: &output)
  exit(2)
}

/// The stream for usage errors.
struct StandardError: TextOutputStream {
  mutating func write(_ text: String) {
    for byte in text.utf8 {
      var byte = byte
      Glibc.write(2, &byte, 1)
    }
  }
}
