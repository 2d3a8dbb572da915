/// What a statement, or the body of a `try`, has changed, so that it can be taken back.
struct UndoLog {
  private enum Entry {
    case cell(Cell, Value?, epoch: Int)
    case layer(Unowned<Layer>, Layer)
    case settled(Unowned<Layer>)
    case action(() -> Void)
  }

  /// An object that need not be there any more.
  struct Unowned<Object: AnyObject> {
    weak var object: Object?
  }

  private var entries: [Entry] = []
  /// The statement or `try` at hand; it grows without end.
  private(set) var epoch = 1
  /// Where the epoch began.
  private var start = 1
  private var lastEpoch = 1

  /// How far the log has come, to go back to.
  struct Mark {
    fileprivate let count: Int
    fileprivate let epoch: Int
    fileprivate let start: Int
  }

  /// Begins a statement of the session: nothing before it is taken back any more.
  mutating func begin() {
    entries.removeAll(keepingCapacity: true)
    lastEpoch += 1
    epoch = lastEpoch
    start = epoch
  }

  /// Begins the body of a `try`.
  mutating func beginTry() -> Mark {
    let mark = Mark(count: entries.count, epoch: epoch, start: start)
    lastEpoch += 1
    epoch = lastEpoch
    return mark
  }

  /// Ends the body of a `try` that did not fail: what was noted for it alone is forgotten.
  mutating func endTry(_ mark: Mark) {
    var kept = mark.count
    for index in mark.count..<entries.count {
      if case .cell(let cell, _, let before) = entries[index] {
        cell.epoch = mark.epoch
        // The statement around has its own note of this variable.
        if before >= start { continue }
      }
      entries[kept] = entries[index]
      kept += 1
    }
    entries.removeSubrange(kept...)
    epoch = mark.epoch
  }

  /// Takes back everything since a mark.
  mutating func undo(to mark: Mark) {
    undo(to: mark.count)
    epoch = mark.epoch
  }

  /// Takes back everything.
  mutating func undoAll() { undo(to: 0) }

  private mutating func undo(to count: Int) {
    while entries.count > count {
      switch entries.removeLast() {
      case .cell(let cell, let value, let before):
        cell.value = value
        cell.epoch = before
      case .layer(let layer, let before): layer.object?.become(before)
      case .settled(let layer): layer.object?.unsettle()
      case .action(let action): action()
      }
    }
  }

  /// A variable is about to change.
  @inline(__always)
  mutating func note(_ cell: Cell) {
    if cell.epoch != epoch { noteFirst(cell) }
  }

  private mutating func noteFirst(_ cell: Cell) {
    entries.append(.cell(cell, cell.value, epoch: cell.epoch))
    cell.epoch = epoch
  }

  /// A layer is about to get other parameters.
  mutating func note(_ layer: Layer) { entries.append(.layer(Unowned(object: layer), layer.copy())) }

  /// A layer has settled its sizes.
  mutating func noteSettling(of layer: Layer) { entries.append(.settled(Unowned(object: layer))) }

  /// Something else has changed, which `undo` takes back.
  mutating func note(_ undo: @escaping () -> Void) { entries.append(.action(undo)) }
}
