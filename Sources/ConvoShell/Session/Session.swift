public import ConvoInterpreter
internal import ConvoEngine
public import ConvoSyntax

/// One run of the language: the same path for the prompt, scripts, pipes and tests.
///
/// Text goes in, styled text goes out to the sink; variables stay from one text to the next.
public final class Session {
  /// Where the text comes from, which decides what is shown unasked.
  public enum Mode: Sendable {
    /// A person types: assignments show their line, commands need no parentheses, long statements tell their time.
    case prompt
    /// A file, `-e` or a pipe.
    case script
  }

  /// How a text ended.
  public enum Outcome: Sendable, Equatable {
    /// Everything ran.
    case finished
    /// A statement was wrong; nothing after it ran.
    case failed
    /// Ctrl-C.
    case interrupted
    /// `exit`.
    case exit(Int32)
  }

  /// What runs the language.
  public let evaluator: Evaluator
  /// What shows values.
  let presenter: ShellPresenter
  /// Where everything is written.
  public let sink: any OutputSink
  /// Whether Ctrl-C was pressed between two statements.
  public var isInterrupted: () -> Bool = { false }
  /// Whether a script shows the line of each assignment on stderr.
  public var isVerbose = false
  /// The statements that succeeded, for `:save`.
  var succeeded: [String] = []
  /// The seed with which the session began.
  let firstSeed: UInt64
  /// The number of the prompt's next line.
  var nextLine = 1
  /// Whether long statements of the prompt say how long they took.
  var tellsTime = true
  /// The last input of the prompt, for `:edit`.
  public var lastInput: String?
  /// Whether the terminal echoes keys while a statement runs.
  var echoesKeys = false
  /// Takes an input that was made in an editor, for the history.
  var onEdited: ((String) -> Void)?
  /// Takes a change of `:set color`.
  var onColorWish: ((ColorDepth.Wish) -> Void)?

  /// A session without variables.
  public init(sink: any OutputSink, appearance: Appearance = Appearance(), seed: UInt64 = 0) {
    self.sink = sink
    firstSeed = seed
    presenter = ShellPresenter(sink: sink, appearance: appearance)
    evaluator = Evaluator(presenter: presenter, seed: seed)
  }

  /// How text looks; it changes with the size of the terminal.
  public var appearance: Appearance {
    get { presenter.appearance }
    set { presenter.appearance = newValue }
  }

  /// Draws pictures as pixels where the terminal on stdout can.
  public func useGraphics(
    _ wish: GraphicsProtocol.Wish, isTerminal: Bool, environment: @escaping (String) -> String?
  ) {
    presenter.graphics = TerminalGraphics(wish, isTerminal: isTerminal, environment: environment)
  }

  /// Runs a text and shows what it gives. A text that does not parse runs not at all.
  public func feed(_ text: [UInt8], name: String, mode: Mode, firstLine: Int = 1) -> Outcome {
    let source = SourceText(name: name, bytes: text, firstLine: firstLine)
    var warnings: [Diagnostic] = []
    let statements: [Statement]
    do {
      statements = try Parser.parse(
        source, options: .init(allowsCommands: mode == .prompt), warnings: &warnings)
    } catch {
      report(error)
      return .failed
    }
    for warning in warnings { presenter.warn(warning.message) }
    evaluator.announcesAssignments = mode == .prompt || isVerbose
    presenter.announcesOnDiagnostics = mode == .script
    let start = ContinuousClock.now
    for statement in statements {
      if isInterrupted() {
        if mode == .prompt { tellInterruption(start.elapsed) }
        return .interrupted
      }
      let outcome = run(statement, source, mode)
      sink.flush()
      if outcome != .finished { return outcome }
    }
    return .finished
  }

  /// Runs a text, for tests and `-e`.
  public func feed(_ text: String, name: String = "repl", mode: Mode = .prompt) -> Outcome {
    feed(Array(text.utf8), name: name, mode: mode)
  }

  func run(_ statement: Statement, _ source: SourceText, _ mode: Mode) -> Outcome {
    if leaves(statement) { return .exit(0) }
    let clock = ContinuousClock()
    let start = clock.now
    presenter.showingTime = 0
    evaluator.multiplyAdds = 0
    do {
      try evaluator.run(statement, in: source)
    } catch Evaluator.StopReason.exit(let code) {
      return .exit(code)
    } catch Evaluator.StopReason.interrupted {
      if mode == .prompt { tellInterruption(start.elapsed) }
      return .interrupted
    } catch let diagnostic as Diagnostic {
      sink.flush()
      report(diagnostic)
      return .failed
    } catch {
      presenter.warn("\(error)")
      return .failed
    }
    if let text = statement.replayText(source) { succeeded.append(text) }
    if mode == .prompt && tellsTime { tellTime(start.elapsed - presenter.showingTime) }
    return .finished
  }

  /// `exit` and `quit` without parentheses, unless a variable of that name is asked for.
  private func leaves(_ statement: Statement) -> Bool {
    guard case .expression(let expression) = statement.kind, case .name(let name) = expression.kind else {
      return false
    }
    return ["exit", "quit"].contains(name) && evaluator.globals[name] == nil
  }

  /// What Ctrl-C leaves at the prompt, whether it met a statement or came between two.
  func tellInterruption(_ seconds: Double?) {
    sink.flush()
    // Where the terminal itself echoes keys, `^C` stands on the line.
    if echoesKeys { sink.writeDiagnostic("\n") }
    let time = seconds.map { "after \(NumberFormat.duration($0))" } ?? "before it began"
    presenter.say("cancelled \(time)", .warning)
  }

  /// `12.4 ms · 41 GFLOP/s · 2 threads`, for statements of more than 10 ms.
  private func tellTime(_ seconds: Double) {
    guard seconds >= 0.010 else { return }
    sink.flush()
    presenter.say(TimingLine.text(seconds: seconds, multiplyAdds: evaluator.multiplyAdds), .faint)
  }

  /// Shows an error.
  public func report(_ diagnostic: Diagnostic) {
    sink.flush()
    let text = DiagnosticRenderer(width: appearance.columns, wraps: appearance.wrapsDiagnostics)
      .render(diagnostic)
    sink.writeDiagnostic(TerminalRenderer(depth: appearance.diagnostics).render(text))
  }
}

extension ContinuousClock.Instant {
  /// The seconds since this instant.
  var elapsed: Double {
    let (seconds, attoseconds) = duration(to: .now).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

extension Statement {
  /// The statement as a script can have it; `nil` for what only asks for help.
  func replayText(_ source: SourceText) -> String? {
    if case .command(let name, _, let arguments) = kind {
      if name == "help" || name == "whos" { return nil }
      return "\(name)(\(arguments.map { source.text(of: $0.span) }.joined(separator: ", ")))"
    }
    return source.text(of: span) + (isSilenced ? ";" : "")
  }
}

/// What a long statement says at its end.
enum TimingLine {
  static func text(seconds: Double, multiplyAdds: Int) -> String {
    var parts = [NumberFormat.duration(seconds)]
    let rate = 2 * Double(multiplyAdds) / seconds / 1e9
    if rate >= 0.1 { parts.append("\(NumberFormat.summary(rate)) GFLOP/s") }
    let threads = EngineSettings.current.threads
    parts.append(threads == 1 ? "1 thread" : "\(threads) threads")
    return parts.joined(separator: " · ")
  }
}
