import ArgumentParser
import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

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
