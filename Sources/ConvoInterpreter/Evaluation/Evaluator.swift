public import ConvoEngine
internal import ConvoFormats
public import ConvoSyntax
internal import ConvoTensor

/// Runs statements of the language on variables.
///
/// A statement either succeeds or changes nothing: what it had assigned before an error is taken back.
public final class Evaluator {
  /// The variables of the session.
  public let globals = Scope()
  /// Who shows what is to be seen.
  public let presenter: any Presenter
  /// The functions of the language.
  public let builtins: BuiltinTable
  /// Whether assignments show their line, as at the prompt.
  public var announcesAssignments = false
  /// Where relative paths start; the working directory if empty.
  public var directory = ""
  /// The last value that was not `none`: `_` and `ans`.
  public internal(set) var lastValue: Value = .none
  /// Where random numbers come from.
  public var random: RandomSource
  /// The multiplications with an addition since the counter was last cleared, for timing lines.
  public var multiplyAdds = 0

  /// The text that the spans at hand belong to.
  var source: SourceText
  /// How many blocks are around the statement at hand; assignments inside of one show no line.
  var blockDepth = 0
  /// How many calls of functions are under way.
  var callDepth = 0
  /// Layers whose sizes the statement at hand has settled; taken back when it fails.
  var settledLayers: [Layer] = []
  /// How much is computed.
  var mode = EvaluationMode.normal
  /// What a check did not save, by its path: loading it later gives its shapes.
  var unsaved: [String: Value] = [:]
  /// Who keeps the operations of a plan.
  var plan: PlanRecorder?
  /// Where the call at hand looks names up, for hints that are tried before they are given.
  var scopeAtHand: Scope
  /// Where the builtin at hand was called, for the functions that it calls in turn.
  var callSite = Span(0, 0)
  /// The scripts that are being imported, outermost first.
  var importsUnderWay: [String] = []
  /// How much of the stack a recursion has left.
  var stack = StackGuard()

  /// A session without variables.
  ///
  /// - Parameter seed: where the random numbers begin.
  public init(presenter: any Presenter, seed: UInt64 = 0) {
    self.presenter = presenter
    self.builtins = BuiltinTable.standard
    self.random = RandomSource(seed: seed)
    self.source = SourceText(name: "", "")
    self.scopeAtHand = globals
    _ = Evaluator.listensWhileFilesAreRead
  }

  /// Ctrl-C stops large files too.
  private static let listensWhileFilesAreRead: Void = {
    FileInterruption.ask { Cancellation.isRequested }
  }()

  /// Runs one statement of a text.
  ///
  /// A wish to cancel that is there already stops it at once: whoever hands a line over forgets old wishes before.
  ///
  /// - Throws: ``ConvoSyntax/Diagnostic`` for a mistake, ``StopReason`` for Ctrl-C and `exit`.
  public func run(_ statement: Statement, in source: SourceText) throws {
    if Cancellation.isRequested { throw StopReason.interrupted }
    self.source = source
    callDepth = 0
    blockDepth = 0
    stack.enter()
    settledLayers.removeAll(keepingCapacity: true)
    // A compound statement may assign before it fails. Keeping the old table makes its first change of a tensor copy
    // it, so simple statements, which assign last, do without.
    let saved: [String: Value]? = statement.isCompound ? globals.variables : nil
    let (savedLast, savedRandom) = (lastValue, random)
    do {
      let flow = try execute(statement, globals, prints: mode == .normal)
      guard case .normal = flow else { return }
    } catch {
      if let saved { globals.variables = saved }
      // Numbers that a failed statement drew are drawn again: a session can be replayed from what succeeded.
      (lastValue, random) = (savedLast, savedRandom)
      for layer in settledLayers { layer.unsettle() }
      switch error {
      case is Interruption: throw StopReason.interrupted
      case is NeedsValues: throw StopReason.needsValues
      case let request as ExitRequest: throw StopReason.exit(request.code)
      default: throw diagnostic(for: error, at: statement.span, operation: nil)
      }
    }
  }

  /// Whether only shapes are computed where values would cost time, and nothing is shown or saved: `--check`.
  public var isChecking: Bool {
    get { mode == .checking }
    set { mode = newValue ? .checking : .normal }
  }

  /// Why a statement ended the run without being wrong.
  public enum StopReason: Error, Sendable {
    /// Ctrl-C.
    case interrupted
    /// A check came to a statement that needs values which only running gives.
    case needsValues
    /// `exit`.
    case exit(Int32)
  }

  /// Turns whatever was thrown into a diagnostic; one that has a place keeps it.
  func diagnostic(
    for error: any Error, at span: Span, operation: String?, operands: [String: Span] = [:]
  ) -> any Error {
    switch error {
    case is Diagnostic, is Interruption, is ExitRequest, is NeedsValues: return error
    case OperationError.cancelled: return Interruption()
    case let error as FormatError where error.problem == .interrupted: return Interruption()
    default: break
    }
    let failure = Wording.failure(for: error)
    var labels: [Diagnostic.Label] = []
    for label in failure.labels {
      if let place = operands[label.operand] { labels.append(.init(place, label.text)) }
    }
    if labels.isEmpty { labels.append(.init(span)) }
    let message = operation.map { failure.isComplete ? failure.message : "\($0): \(failure.message)" }
    return Diagnostic(
      message ?? failure.message, source: source, labels: labels, notes: failure.notes,
      helps: failure.helps.map { .init($0.text, gives: $0.remark) })
  }
}

extension Statement {
  /// Whether the statement holds statements, of which one may fail after others have assigned.
  var isCompound: Bool {
    switch kind {
    case .conditional, .loop, .repetition: true
    default: false
    }
  }
}
