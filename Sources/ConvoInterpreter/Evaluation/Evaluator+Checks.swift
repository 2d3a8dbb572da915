internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

extension Evaluator {
  /// Throws when the user has pressed Ctrl-C, or when what the values of the session hold has grown over the limit.
  func checkInterruption() throws {
    if Cancellation.isRequested { throw Interruption() }
    try MemoryBudget.checkpoint()
  }

  /// Throws when what the values of the session hold has grown over the limit; a loop asks once in 64 turns.
  @inline(never)
  func checkMemory() throws {
    do { try MemoryBudget.checkpoint(allocating: 64 << 10) } catch {
      throw diagnostic(for: error, at: Span(0, 0), operation: nil)
    }
  }

  /// Functions that know one another by shared variables keep one another alive: those that no variable of the session
  /// leads to are forgotten.
  func forgetUnreachable() {
    var reached = Reachable()
    for variable in globals.sorted { reached.visit(variable.value) }
    reached.visit(lastValue)
    for cell in machine.suspects where !reached.contains(cell) { cell.value = nil }
    machine.suspects = reached.isWhole ? machine.suspects.filter { reached.contains($0) } : []
  }
}

/// The shared variables that values lead to.
private struct Reachable {
  private var cells: Set<ObjectIdentifier> = []
  /// How many values may still be looked at: parts that are shared are met again and again.
  private var room = 1_000_000

  /// Whether everything was looked at.
  var isWhole: Bool { room > 0 }

  func contains(_ cell: Cell) -> Bool { !isWhole || cells.contains(ObjectIdentifier(cell)) }

  /// Looks at a value and all that it leads to, one after another: chains of functions may be of any length.
  mutating func visit(_ value: Value) {
    var waiting = [value]
    while let next = waiting.popLast() {
      room -= 1
      if room <= 0 { return }
      switch next {
      case .function(.user(let closure)):
        for cell in closure.cells where cells.insert(ObjectIdentifier(cell)).inserted {
          if let inner = cell.value { waiting.append(inner) }
        }
      case .list(let values): waiting.append(contentsOf: values.lazy.filter(\.mayHoldFunction))
      case .record(let record): waiting.append(contentsOf: record.values.lazy.filter(\.mayHoldFunction))
      case .layer(let layer): waiting.append(contentsOf: layer.members ?? [])
      default: continue
      }
    }
  }
}
