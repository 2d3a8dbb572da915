public import ConvoEngine
internal import ConvoFormats
public import ConvoSyntax
internal import ConvoTensor

/// Runs statements of the language on variables.
///
/// A statement either succeeds or changes nothing: what it had assigned before an error is taken back.
public final class Evaluator {
  /// The variables of the session.
  public let globals = Variables()
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

  /// The registers and frames of what runs.
  let machine = Machine()
  /// What the statement at hand has changed.
  var undo = UndoLog()
  /// The variables of the script at hand: the session's, or those of an import.
  var variables: Variables
  /// Whether the statement at hand holds others, of which one may fail after another has changed something.
  var isCompound = false
  /// Where texts are put together.
  var buffer = TextBuffer()
  /// Whether the statement at hand does nothing but delete variables.
  var isDeletion = false
  /// A text that is tried, whose spans errors speak of.
  var sourceAtHand: SourceText?
  /// How much is computed.
  var mode = EvaluationMode.normal
  /// What a check did not save, by its path: loading it later gives its shapes.
  var unsaved: [String: Value] = [:]
  /// Who keeps the operations of a plan.
  var plan: PlanRecorder?
  /// Layers that a plan has settled, to be unsettled after it.
  var settledLayers: [Layer] = []
  /// Where the builtin at hand was called, for the functions that it calls in turn.
  var callSite = Span(0, 0)
  /// The scripts that are being imported, outermost first.
  var importsUnderWay: [String] = []
  /// How much of the stack a recursion has left.
  var stack = StackGuard()

  /// The text that the spans at hand belong to.
  var source: SourceText {
    sourceAtHand ?? machine.current?.code.source ?? SourceText(name: "", "")
  }

  /// A session without variables.
  ///
  /// - Parameter seed: where the random numbers begin.
  public init(presenter: any Presenter, seed: UInt64 = 0) {
    self.presenter = presenter
    self.builtins = BuiltinTable.standard
    self.random = RandomSource(seed: seed)
    self.variables = globals
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
    stack.enter()
    undo.begin()
    sourceAtHand = source
    isCompound = statement.isCompound
    isDeletion = statement.isDeletion
    let (savedLast, savedRandom) = (lastValue, random)
    defer {
      sourceAtHand = nil
      if !machine.suspects.isEmpty { forgetUnreachable() }
    }
    do {
      let code = try Compiler.compile(statement, in: source, builtins, globals: globals, prints: true)
      sourceAtHand = nil
      _ = try execute(code)
    } catch {
      undo.undoAll()
      // Numbers that a failed statement drew are drawn again: a session can be replayed from what succeeded.
      (lastValue, random) = (savedLast, savedRandom)
      switch error {
      case is Interruption: throw StopReason.interrupted
      case is NeedsValues: throw StopReason.needsValues
      case let request as ExitRequest: throw StopReason.exit(request.code)
      default:
        sourceAtHand = source
        throw diagnostic(for: error, at: statement.span, operation: nil)
      }
    }
  }

  /// The value of an expression in the surroundings of what runs: a function, or a statement of the session.
  func evaluate(_ expression: Expression) throws -> Value {
    let frame = machine.current
    let prototype = unsafe frame?.closure?.takeUnretainedValue().prototype
    let scope = unsafe FunctionScope(
      running: prototype, globals: prototype?.globals ?? variables,
      firstTemporary: frame?.entry.pointee.registerCount ?? 0)
    let code = try Compiler.compile(expression, in: source, builtins, scope)
    return try finish(execute(code, in: frame))
  }

  /// The value of a variable that can be seen from where something runs.
  func lookup(_ name: String) -> Value? {
    guard let frame = machine.current, let prototype = unsafe frame.closure?.takeUnretainedValue().prototype
    else {
      return variables[name]
    }
    if let register = prototype.registers[name], let value = unsafe frame.base[register] { return value }
    if let cell = prototype.cells[name], let value = frame.cell(cell).value { return value }
    return prototype.globals[name]
  }

  /// The names of all variables that can be seen from where something runs.
  var visibleNames: [String] {
    guard let prototype = unsafe machine.current?.closure?.takeUnretainedValue().prototype else {
      return variables.names
    }
    let own = Array(prototype.registers.keys) + prototype.cells.keys
    return Set(own.filter { lookup($0) != nil } + prototype.globals.names).sorted()
  }

  /// Forgets a variable of what runs; false where it has none of that name.
  func forget(_ name: String) -> Bool {
    if let frame = machine.current, let prototype = unsafe frame.closure?.takeUnretainedValue().prototype {
      if let register = prototype.registers[name], unsafe frame.base[register] != nil {
        unsafe frame.base[register] = nil
        return true
      }
      guard let cell = prototype.cells[name], cell >= prototype.captures.count, frame.cell(cell).value != nil
      else {
        return false
      }
      frame.cell(cell).value = nil
      return true
    }
    guard variables[name] != nil else { return false }
    let cell = variables.cell(name)
    // A statement that does nothing else cannot fail any more: the memory is free at once.
    if !isDeletion { undo.note(cell) }
    cell.value = nil
    return true
  }

  /// Whether a variable of what runs has a name.
  func owns(_ name: String) -> Bool {
    guard let frame = machine.current, let prototype = unsafe frame.closure?.takeUnretainedValue().prototype
    else {
      return variables[name] != nil
    }
    if let register = prototype.registers[name] { return unsafe frame.base[register] != nil }
    guard let cell = prototype.cells[name], cell >= prototype.captures.count else { return false }
    return frame.cell(cell).value != nil
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
  /// Whether the statement is `del(x)` and nothing else.
  var isDeletion: Bool {
    switch kind {
    case .command(let name, _, _): return name == "del"
    case .expression(let expression):
      guard case .call(let callee, _) = expression.kind, case .name(let name) = callee.kind else {
        return false
      }
      return name == "del"
    default: return false
    }
  }

  /// Whether the statement assigns more than once, so that one assignment may fail after others.
  var isCompound: Bool {
    switch kind {
    case .assignment(let targets, _): targets.count > 1
    case .conditional, .loop, .repetition, .attempt: true
    default: false
    }
  }
}
