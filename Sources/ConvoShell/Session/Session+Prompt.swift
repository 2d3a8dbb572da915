internal import ConvoEngine
internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoSyntax

#if canImport(Glibc)
  internal import Glibc
#endif

// What a person types at the prompt: the language, or a command that begins with a colon or an exclamation mark.
extension Session {
  /// Runs one input of the prompt.
  public func enter(_ text: String) -> Outcome {
    let line = nextLine
    nextLine += text.utf8.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
    if isInterrupted() {
      tellInterruption(nil)
      return .interrupted
    }
    let bare = text.trimmed
    if bare.hasPrefix("!") { return runProgram(String(bare.dropFirst())) }
    if bare.hasPrefix(":") { return run(command: String(bare.dropFirst()), line: line) }
    return feed(Array(text.utf8), name: "repl", mode: .prompt, firstLine: line)
  }

  private func run(command text: String, line: Int) -> Outcome {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    let name = parts.first ?? ""
    let argument = parts.count > 1 ? parts[1].trimmed : ""
    switch name {
    case "time" where !argument.isEmpty: return time(argument, line)
    case "bench" where !argument.isEmpty: return bench(argument, line)
    case "save" where !argument.isEmpty: return saveStatements(to: argument.unquoted)
    case "run" where !argument.isEmpty: return runFile(argument.unquoted)
    case "edit": return edit(Paths.expandingHome(argument.unquoted))
    case "set": return set(argument, line)
    case "keys", "help", "":
      showKeys()
      return .finished
    case "quit", "q", "exit": return .exit(0)
    default: break
    }
    if let known = ShellCommand.all.first(where: { $0.name == name }) {
      return fail(":\(known.name) needs more: :\(known.name) \(known.argument)")
    }
    let near = Suggestion.nearest(to: name, among: ShellCommand.all.map(\.name))
    return fail(
      "there is no command :\(name)",
      note: near.first.map { "did you mean :\($0)?" } ?? ":keys lists the commands")
  }

  /// Says what is wrong with a command.
  private func fail(_ message: String, note: String? = nil) -> Outcome {
    complain(message)
    if let note { presenter.say("  = help: \(note)", .plain, indent: 10) }
    return .failed
  }

  private func showKeys() {
    let forms = [
      ("!COMMAND", "run a program of the system"), ("?NAME", "what a function does; NAME? and help NAME too"),
      ("whos, del x, show x", "also explain, trace, plan, diff: no parentheses needed"),
    ]
    for (key, what) in ShellCommand.keys { showKey(key, what) }
    presenter.show("")
    for command in ShellCommand.all { showKey(":\(command.name) \(command.argument)", command.summary) }
    for (form, what) in forms { showKey(form, what) }
  }

  private func showKey(_ key: String, _ what: String) {
    let line = StyledText(key, .name).padded(to: 20) + StyledText(what)
    for part in line.wrapped(to: appearance.columns, indent: 20) { presenter.show(part) }
  }

  // MARK: Time

  private func time(_ text: String, _ line: Int) -> Outcome {
    let start = ContinuousClock.now
    tellsTime = false
    defer { tellsTime = true }
    let outcome = feed(Array(text.utf8), name: "repl", mode: .prompt, firstLine: line)
    if outcome == .finished {
      sink.flush()
      presenter.say(
        TimingLine.text(seconds: start.elapsed - presenter.showingTime, multiplyAdds: evaluator.multiplyAdds),
        .faint)
    }
    return outcome
  }

  /// Runs an input for about a second and at least three times; nothing is printed, and random numbers go on as if it
  /// had not run.
  private func bench(_ text: String, _ line: Int) -> Outcome {
    let random = evaluator.random
    let kept = succeeded.count
    tellsTime = false
    presenter.isSilent = true
    defer {
      tellsTime = true
      presenter.isSilent = false
      evaluator.random = random
      succeeded.removeSubrange(kept...)
    }
    var times: [Double] = []
    let start = ContinuousClock.now
    while times.count < 3 || (start.elapsed < 1 && times.count < 10_000) {
      let before = ContinuousClock.now
      let outcome = feed(Array(text.utf8), name: "repl", mode: .prompt, firstLine: line)
      if outcome != .finished { return outcome }
      times.append(before.elapsed)
    }
    times.sort()
    let middle = times[times.count / 2]
    var words = "min \(NumberFormat.duration(times[0]))   median \(NumberFormat.duration(middle))"
    words += "   max \(NumberFormat.duration(times[times.count - 1]))   \(times.count) runs"
    let rate = 2 * Double(evaluator.multiplyAdds) / middle / 1e9
    if rate >= 0.1 { words += "   \(NumberFormat.summary(rate)) GFLOP/s" }
    sink.flush()
    presenter.say(words)
    return .finished
  }

  // MARK: Files

  /// Writes the statements that succeeded; running the file gives the same variables, bit by bit.
  private func saveStatements(to path: String) -> Outcome {
    let text = (["seed(\(firstSeed))"] + succeeded).joined(separator: "\n") + "\n"
    do { try Files.write(Array(text.utf8), to: Paths.expandingHome(path)) } catch {
      return fail("\(path.visible): \(error.problem.message)")
    }
    presenter.say("\(path.visible): \(succeeded.count) statement\(succeeded.count == 1 ? "" : "s")", .faint)
    return .finished
  }

  private func runFile(_ path: String) -> Outcome {
    guard let text = ScriptFile.read(Paths.expandingHome(path)) else {
      return fail(
        "\(path.visible): \(errno == ENOENT ? "there is no such file" : String(cString: strerror(errno)))")
    }
    return feed(text, name: path, mode: .script)
  }

  private func edit(_ path: String) -> Outcome {
    let names: [String] = ["VISUAL", "EDITOR"]
    let editor = names.compactMap { name in getenv(name).map { String(cString: $0) } }.first { !$0.isEmpty }
    let isTemporary = path.isEmpty
    let file =
      isTemporary ? "\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/convo-\(getpid()).cnn" : path
    if isTemporary {
      let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return fail("\(file): \(String(cString: strerror(errno)))") }
      let bytes = Array(((lastInput ?? "") + "\n").utf8)
      _ = write(descriptor, bytes, bytes.count)
      close(descriptor)
    }
    defer { if isTemporary { unlink(file) } }
    let status = ChildProcess.run(
      "\(editor ?? "vi") '\(file.split(separator: "'").joined(separator: "'\\''"))'")
    if status == 127 {
      return fail("the editor \(editor ?? "vi") cannot be started", note: "set EDITOR to one that can")
    }
    if status != 0 { return fail("the editor ended with \(status); nothing was run") }
    guard let text = ScriptFile.read(file) else {
      return fail("\(file): \(String(cString: strerror(errno)))")
    }
    let source = String(decoding: text, as: UTF8.self).trimmed
    if source.isEmpty { return .finished }
    if !isTemporary { return feed(Array(source.utf8), name: file, mode: .prompt) }
    lastInput = source
    onEdited?(source)
    return enter(source)
  }

  private func runProgram(_ command: String) -> Outcome {
    if command.trimmed.isEmpty { return fail("! needs a command: !ls") }
    sink.flush()
    let status = ChildProcess.run(command)
    if status != 0 { presenter.say("exit \(status)", .faint) }
    return status == 0 ? .finished : .failed
  }

  // MARK: Settings

  private func set(_ argument: String, _ line: Int) -> Outcome {
    let parts = argument.split(separator: " ").map(String.init)
    switch (parts.first, parts.count > 1 ? parts[1] : nil) {
    case (nil, _):
      let settings = EngineSettings.current
      presenter.show(StyledText("threads  \(settings.threads)"))
      presenter.show(StyledText("exact    \(settings.exact)"))
      presenter.show(StyledText("seed     \(evaluator.random.seed)"))
      presenter.show(StyledText("max-mem  \(NumberText.bytes(Session.memoryLimit))"))
      presenter.show(StyledText("color    \(appearance.output == .none ? "never" : "always")"))
      presenter.show(StyledText("graphics \((presenter.graphics?.wish ?? .blocks).rawValue)"))
      return .finished
    case ("threads", let value?), ("exact", let value?), ("seed", let value?):
      return feed(Array("\(parts[0])(\(value))".utf8), name: "repl", mode: .prompt, firstLine: line)
    case ("color", let value?):
      guard let wish = ColorDepth.Wish(rawValue: value) else {
        return fail(":set color takes always, never or auto, not \(value)")
      }
      onColorWish?(wish)
      return .finished
    case ("graphics", let value?):
      guard let wish = GraphicsProtocol.Wish(rawValue: value) else {
        return fail(":set graphics takes auto, blocks, kitty or sixel, not \(value)")
      }
      presenter.graphics?.wish = wish
      return .finished
    case ("max-mem", let value?):
      guard let bytes = ByteCount.parse(value), bytes >= 1 << 20 else {
        return fail(":set max-mem takes a size from 1M on, such as 512M or 2G, not \(value)")
      }
      Session.configure(threads: nil, exact: false, memoryLimit: bytes)
      return .finished
    case (let name?, nil) where ["threads", "exact", "seed", "color", "graphics", "max-mem"].contains(name):
      return fail(":set \(name) needs a value")
    default:
      return fail("there is no setting \(parts[0])", note: "threads, exact, seed, color, graphics, max-mem")
    }
  }
}

extension String {
  /// The text without blanks and newlines at its ends.
  var trimmed: String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    var bytes = Array(utf8.drop(while: isBlank))
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A path without the quotes around it.
  var unquoted: String {
    for quote in ["\"", "'"] where utf8.count >= 2 && hasPrefix(quote) && hasSuffix(quote) {
      return String(dropFirst().dropLast())
    }
    return self
  }
}
