import ArgumentParser
import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

ProcessStart.prepare()
let streams = StandardOutput()

// The program's way: arguments → shell or script. Usage errors end with 2, whatever the parser thinks of them.
do {
  let command = try ConvoCommand.read(ProcessStart.arguments)
  let code = try Program(command, streams).run()
  exit(code == 0 && streams.hasLostDiagnostics ? 1 : code)
} catch {
  let code = ConvoCommand.exitCode(for: error)
  if code == .success {
    streams.write(ConvoCommand.fullMessage(for: error) + "\n")
    streams.flush()
    exit(0)
  }
  streams.complain(ConvoCommand.message(of: error))
  exit(2)
}
