import ArgumentParser
import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

/// What one start of convo does.
struct Program {
  private let command: ConvoCommand
  private let settings: ProgramSettings
  private let colors: ColorDepth.Wish
  private let sink: StandardOutput

  init(_ command: ConvoCommand, _ sink: StandardOutput) throws {
    self.command = command
    self.sink = sink
    guard let colors = ColorDepth.Wish(rawValue: command.color) else {
      throw ValidationError("--color takes always, never or auto, not '\(command.color)'")
    }
    self.colors = colors
    settings = try ProgramSettings(command)
  }

  /// Runs and returns the exit code.
  func run() throws -> Int32 {
    settings.apply()
    if let folder = command.report { return try report(folder) }
    let session = Session(sink: sink, appearance: Program.appearance(colors), seed: settings.seed)
    session.isVerbose = command.verbose
    session.useGraphics(settings.graphics, isTerminal: isatty(1) == 1) { name in
      getenv(name).map { String(cString: $0) }
    }
    let isPrompt = command.script.isEmpty && command.execute.isEmpty && isatty(0) == 1
    session.watchInterrupts(endsProcess: !isPrompt && !command.interactive)
    if isPrompt || command.interactive { runInitialScript(session) }
    var code: Int32 = 0
    if let file = command.check {
      guard let text = ScriptFile.read(file) else { return unreadable(file, session) }
      session.setArguments(command.script)
      return finish(session.check(text, name: file))
    }
    if !command.execute.isEmpty {
      session.setArguments(command.script)
      code = run(command.execute, session)
    } else if let file = command.script.first, file != "-" {
      session.setArguments(Array(command.script.dropFirst()))
      guard let text = ScriptFile.read(file) else { return unreadable(file, session) }
      code = Program.code(session.feed(text, name: file, mode: .script))
    } else if !isPrompt {
      session.setArguments(Array(command.script.dropFirst()))
      code = Program.code(session.feedStandardInput())
    }
    if code < 0 { return Program.exitCode(code) }
    guard isPrompt || command.interactive else {
      sink.flush()
      return code
    }
    return prompt(session)
  }

  private func unreadable(_ file: String, _ session: Session) -> Int32 {
    session.complain(file: file, reason: String(cString: strerror(errno)))
    return 2
  }

  private func finish(_ outcome: Session.Outcome) -> Int32 {
    sink.flush()
    return Program.exitCode(Program.code(outcome))
  }

  private func report(_ folder: String) throws -> Int32 {
    guard let file = command.script.first else {
      throw ValidationError("--report needs a script: convo --report \(folder) FILE")
    }
    let writer = ReportWriter(
      folder: folder, seed: settings.seed, arguments: Array(command.script.dropFirst()), sink: sink)
    guard let text = ScriptFile.read(file) else { return unreadable(file, Session(sink: sink)) }
    return finish(writer.run(text, name: file))
  }

  private func run(_ texts: [String], _ session: Session) -> Int32 {
    for text in texts {
      let code = Program.code(session.feed(Array(text.utf8), name: "-e", mode: .script))
      if code != 0 { return code }
    }
    return 0
  }

  private func prompt(_ session: Session) -> Int32 {
    session.watchInterrupts(endsProcess: false)
    if !command.quiet && isatty(0) == 1 && isatty(1) == 1 {
      session.sink.write(Shell.banner(version: Version.text) + "\n")
    }
    let path = History.standardPath(ProcessStart.environment)
    return Program.exitCode(
      Shell(session, history: History(path: isatty(0) == 1 ? path : nil), colors: colors).run())
  }

  private func runInitialScript(_ session: Session) {
    guard !command.noInit, let path = ScriptFile.initialPath, let text = ScriptFile.read(path) else { return }
    _ = session.feed(text, name: path, mode: .script)
  }

  /// The exit code of an outcome; `exit(n)` is marked by a negative number, because it ends `-i` too.
  private static func code(_ outcome: Session.Outcome) -> Int32 {
    switch outcome {
    case .finished: 0
    case .failed: 1
    case .interrupted: 130
    case .exit(let code): -1 - (code & 0xFF)
    }
  }

  private static func exitCode(_ code: Int32) -> Int32 { code < 0 ? -1 - code : code }

  private static func appearance(_ wish: ColorDepth.Wish) -> Appearance {
    func depth(_ descriptor: Int32) -> ColorDepth {
      ColorDepth.decide(wish: wish, isTerminal: isatty(descriptor) == 1) { name in
        getenv(name).map { String(cString: $0) }
      }
    }
    var appearance = Appearance(output: depth(1), diagnostics: depth(2))
    appearance.wrapsResults = isatty(1) == 1
    appearance.wrapsDiagnostics = isatty(2) == 1
    appearance.glyphs = ChartGlyphs.decide(isTerminal: isatty(1) == 1) { name in
      getenv(name).map { String(cString: $0) }
    }
    if let size = Shell.terminalSize() { (appearance.columns, appearance.rows) = size }
    return appearance
  }
}
