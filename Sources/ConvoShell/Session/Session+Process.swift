internal import CEdit
internal import ConvoEngine
internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoSyntax
internal import ConvoTensor

// What a session has to do with the process it runs in.
extension Session {
  /// Sets what all sessions of the process share; `nil` leaves a setting as it is.
  public static func configure(threads: Int?, exact: Bool, memoryLimit: Int?) {
    if let threads { EngineSettings.current.threads = threads }
    if exact { EngineSettings.current.exact = true }
    if let memoryLimit { MemoryBudget.limit = memoryLimit }
  }

  /// The most bytes that values may take together.
  static var memoryLimit: Int { MemoryBudget.limit }

  /// Lets Ctrl-C cancel what runs. With `endsProcess` a second one ends the process with 130.
  public func watchInterrupts(endsProcess: Bool) {
    cedit_watch_interrupt(Cancellation.flag, endsProcess)
    isInterrupted = { cedit_is_interrupted() }
  }

  /// The list `args` of a script.
  public func setArguments(_ arguments: [String]) {
    evaluator.globals["args"] = .list(arguments.map { .string($0) })
  }

  /// Says on stderr what went wrong outside of the language.
  public func complain(_ message: String) {
    sink.flush()
    presenter.sayWrapped(StyledText("error: ", .error) + StyledText(message, .strong), indent: 7)
  }

  /// Says on stderr why a file cannot be used.
  public func complain(file: String, reason: String) { complain("\(file.visible): \(reason)") }

  /// Runs stdin statement by statement, each as soon as it is whole.
  public func feedStandardInput() -> Outcome {
    let lines = LineSource.standardInput
    var text: [UInt8] = []
    var firstLine = 1
    var depth = 0
    while true {
      let line = lines.nextBytes()
      if isInterrupted() { return .interrupted }
      if let line {
        text += line
        text.append(0x0A)
        depth += Session.bracketBalance(line)
        // A long block is parsed only where its brackets could be closed, or its cost would grow with its square.
        if depth > 0 && text.count > 1 << 16 { continue }
        if Parser.isUnfinished(SourceText(name: "stdin", bytes: text)) || lines.isContinuedOnNextLine {
          continue
        }
      }
      if !text.isEmpty {
        let outcome = feed(text, name: "stdin", mode: .script, firstLine: firstLine)
        if outcome != .finished { return outcome }
        firstLine += text.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        text = []
        depth = 0
      }
      if line == nil { return .finished }
    }
  }

  /// Opening brackets minus closing ones, strings and comments not told apart.
  private static func bracketBalance(_ line: ArraySlice<UInt8>) -> Int {
    line.reduce(0) { balance, byte in
      switch byte {
      case 0x28, 0x5B, 0x7B: balance + 1
      case 0x29, 0x5D, 0x7D: balance - 1
      default: balance
      }
    }
  }
}
