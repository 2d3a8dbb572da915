internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// The registers and the frames of functions that run.
@safe final class Machine {
  /// One function that runs.
  @safe struct Frame {
    let entry: UnsafeMutablePointer<Entry>
    /// The function, which somebody else holds; none for a statement of the session.
    let closure: Unmanaged<Closure>?
    /// Its shared variables, if it has any; the frame holds them.
    let cells: Unmanaged<CellBlock>?
    /// Its first register.
    let base: UnsafeMutablePointer<Value?>
    /// Where it goes on after a call.
    var pc: Int
    /// Whether its caller can take a convolution that has not run yet.
    let defers: Bool
    /// How many of its registers belong to the function in whose surroundings it runs.
    let keeps: Int

    var code: Code { unsafe entry.pointee.code.takeUnretainedValue() }
  }

  /// The shared variables of a function that runs: captured ones first, then its own.
  final class CellBlock {
    let cells: ContiguousArray<Cell>
    /// How many are captured.
    let captured: Int

    init(_ cells: ContiguousArray<Cell>, captured: Int) {
      self.cells = cells
      self.captured = captured
    }
  }

  /// A `try` that is under way.
  struct Handler {
    let depth: Int
    let target: Int
    let register: Int
    let mark: UndoLog.Mark
    /// What the body may change: registers and shared variables, with what they held.
    let registers: [(Int, Value?)]
    let cells: [(Cell, Value?)]
    let random: RandomSource
    let last: Value
  }

  /// Room for so many registers; memory that nobody uses costs nothing.
  static let capacity = 1 << 20
  /// How deep functions may call one another.
  static let maximumDepth = 1000

  let registers: UnsafeMutablePointer<Value?>
  /// Registers that have been set to nothing, at least; all behind are raw memory.
  private var initialized = 0
  let frames: UnsafeMutablePointer<Frame>
  /// How many functions run.
  var depth = 0
  /// The first register that no function uses.
  var top: UnsafeMutablePointer<Value?> {
    guard depth > 0 else { return unsafe registers }
    return unsafe frames[depth - 1].base + frames[depth - 1].entry.pointee.registerCount
  }
  var handlers: [Handler] = []
  /// Shared variables of functions that were given back, and that may keep one another alive.
  var suspects: [Cell] = []

  init() {
    unsafe registers = UnsafeMutablePointer<Value?>.allocate(capacity: Machine.capacity)
    unsafe frames = UnsafeMutablePointer<Frame>.allocate(capacity: Machine.maximumDepth + 260)
  }

  deinit {
    unsafe registers.deinitialize(count: initialized)
    unsafe registers.deallocate()
    unsafe frames.deallocate()
  }

  /// Makes sure that registers before `end` can be used; there may be no room for them.
  @inline(__always)
  func prepare(_ end: UnsafeMutablePointer<Value?>) -> Bool {
    let count = unsafe end - registers
    if count > initialized {
      if count > Machine.capacity { return false }
      grow(count)
    }
    return true
  }

  private func grow(_ count: Int) {
    let wanted = min(Machine.capacity, count + 256)
    unsafe (registers + initialized).initialize(repeating: nil, count: wanted - initialized)
    initialized = wanted
  }

  /// The function that runs; `nil` between statements.
  var current: Frame? { depth > 0 ? unsafe frames[depth - 1] : nil }

  /// Forgets what registers hold.
  @inline(__always)
  func clear(_ first: UnsafeMutablePointer<Value?>, _ count: Int) {
    var register = unsafe first
    for _ in 0..<count {
      if unsafe !register.pointee.isTrivial { unsafe register.pointee = nil }
      unsafe register += 1
    }
  }
}

extension Value? {
  /// Whether the value is held by nobody else and needs no release.
  @inline(__always)
  var isTrivial: Bool {
    switch self {
    case nil, .some(.number), .some(.boolean), .some(.none): true
    default: false
    }
  }
}
