internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

typealias FramePointer = UnsafeMutablePointer<Machine.Frame>

extension Machine.Frame {
  /// What the instruction at hand stands for.
  var site: Site { unsafe entry.pointee.code._withUnsafeGuaranteedRef { $0.sites[pc - 1] } }

  /// A register's value: an intermediate result is taken, since nobody reads it again.
  @inline(__always)
  func operand(_ register: UInt16) -> Value {
    let place = unsafe base + Int(register)
    return unsafe Int(register) >= entry.pointee.localCount ? place.taken() : place.pointee ?? .none
  }

  /// An intermediate result that was read is not needed any more, unless the result went to the same register.
  @inline(__always)
  func forget(_ register: UInt16, _ target: UInt16) {
    let isIntermediate = unsafe Int(register) >= entry.pointee.localCount
    if register != target, isIntermediate {
      unsafe (base + Int(register)).pointee = nil
    }
  }

  /// The object that the instruction at hand stands for.
  @inline(__always)
  func object<Object: AnyObject>(_ type: Object.Type) -> Unmanaged<Object> {
    unsafe Unmanaged<Object>.fromOpaque(entry.pointee.sites[pc - 1].unsafelyUnwrapped)
  }

  @inline(__always)
  func set(_ register: UInt16, _ value: Value) { unsafe (base + Int(register)).assign(value) }
}

// Frames: how functions begin and end.
extension Evaluator {
  /// Runs a compiled statement or expression, and gives its value.
  func execute(
    _ code: Code, in surroundings: Machine.Frame? = nil
  ) throws -> Value {
    try checkStack(at: Span(0, 0))
    let base = unsafe surroundings?.base ?? machine.top
    guard machine.depth < Machine.maximumDepth + 256, unsafe machine.prepare(base + code.registerCount) else {
      throw Diagnostic("calls are nested too deeply for the stack", source: source, labels: [])
    }
    _ = unsafe surroundings?.cells?.retain()
    unsafe (machine.frames + machine.depth).initialize(
      to: Machine.Frame(
        entry: code.entry, closure: surroundings?.closure, cells: surroundings?.cells, base: base, pc: 0,
        defers: false, keeps: surroundings == nil ? 0 : code.localCount))
    machine.depth += 1
    return try withExtendedLifetime(code) { try run(from: machine.depth) }
  }

  /// Runs the frames from `floor` on; after an error none of them is left.
  private func run(from floor: Int) throws -> Value {
    while true {
      do { return try loop(floor) } catch {
        if try !recover(from: error, floor) { throw error }
      }
    }
  }

  /// Goes on behind a `try` that stands in a frame from `floor` on, or leaves these frames.
  private func recover(from error: any Error, _ floor: Int) throws -> Bool {
    if let handler = machine.handlers.last, handler.depth >= floor, let caught = caught(error) {
      unwind(to: handler.depth)
      machine.handlers.removeLast()
      restore(handler)
      let frame = unsafe machine.frames + (handler.depth - 1)
      unsafe frame.pointee.pc = handler.target
      unsafe frame.pointee.set(UInt16(handler.register), caught)
      return true
    }
    unwind(to: floor - 1)
    return false
  }

  /// Leaves all frames above `depth`.
  private func unwind(to depth: Int) {
    while machine.depth > depth {
      let frame = unsafe machine.frames + (machine.depth - 1)
      unsafe abandon(frame, returning: .none)
    }
    while let handler = machine.handlers.last, handler.depth > depth {
      machine.handlers.removeLast()
      undo.endTry(handler.mark)
    }
  }

  /// Ends the frame at hand, and gives the value of the register that the instruction names.
  func leave(_ frame: FramePointer, _ i: Instruction) throws -> Value {
    let value = unsafe (frame.pointee.base + Int(i.a)).taken()
    let depth = machine.depth
    while let handler = machine.handlers.last, handler.depth >= depth {
      machine.handlers.removeLast()
      undo.endTry(handler.mark)
    }
    unsafe abandon(frame, returning: value)
    return value
  }

  private func abandon(_ frame: FramePointer, returning value: Value) {
    let entry = unsafe frame.pointee.entry
    let keeps = unsafe frame.pointee.keeps
    unsafe machine.clear(frame.pointee.base + keeps, entry.pointee.registerCount - keeps)
    if let block = unsafe frame.pointee.cells {
      if keeps == 0 { unsafe block._withUnsafeGuaranteedRef { forget($0, returning: value) } }
      unsafe block.release()
    }
    machine.depth -= 1
  }

  /// Functions that know one another by shared variables would keep one another for ever. What no function that is given
  /// back can need is forgotten here; the rest is looked at after the statement.
  private func forget(_ block: Machine.CellBlock, returning value: Value) {
    guard block.cells.count > block.captured else { return }
    let own = block.cells[block.captured...]
    guard own.contains(where: { $0.value?.mayHoldFunction ?? false }) else { return }
    if value.mayHoldFunction {
      machine.suspects.append(contentsOf: own)
    } else {
      for cell in own { cell.value = nil }
    }
  }

  // MARK: Calls

  /// Calls a function of the language from inside a builtin, such as `map`.
  func call(_ closure: Closure, _ values: [Value]) throws -> Value {
    guard let (entry, first) = unsafe try place(closure, values.count) else { return .none }
    for (index, value) in values.enumerated() { unsafe (first + index).assign(value) }
    let name = Expression(.none, callSite)
    let site = CallSite(
      callee: name, arguments: values.map { _ in Argument(name: nil, nameSpan: callSite, value: name) },
      isPiped: false, span: callSite, defers: .never)
    return try withExtendedLifetime(closure) {
      unsafe try enter(entry, .passUnretained(closure), first, values.count, site, defers: false)
      return try run(from: machine.depth)
    }
  }

  /// Calls a function of the language with one value; the usual call of `map` and `filter`.
  func call(_ closure: Closure, with value: Value) throws -> Value {
    guard let (entry, first) = unsafe try place(closure, 1), unsafe entry.pointee.parameterCount == 1,
      machine.depth < Machine.maximumDepth
    else { return try call(closure, [value]) }
    unsafe first.assign(value)
    return try withExtendedLifetime(closure) {
      unsafe try enter(entry, .passUnretained(closure), first, 1, .none, defers: false)
      return try run(from: machine.depth)
    }
  }

  /// Where the arguments of a function go, and where it begins.
  private func place(
    _ closure: Closure, _ count: Int
  ) throws -> (UnsafeMutablePointer<Entry>, UnsafeMutablePointer<Value?>)? {
    try checkStack(at: callSite)
    guard let entry = unsafe closure.prototype.entry else { return nil }
    let first = unsafe machine.top
    guard unsafe machine.prepare(first + max(count, entry.pointee.parameterCount)) else {
      throw Diagnostic("calls are nested too deeply for the stack", source: source, labels: [.init(callSite)])
    }
    return unsafe (entry, first)
  }

  /// Begins a function of the language, whose arguments stand from `first` on.
  @inline(__always)
  func enter(
    _ entry: UnsafeMutablePointer<Entry>, _ closure: Unmanaged<Closure>,
    _ first: UnsafeMutablePointer<Value?>,
    _ count: Int, _ site: CallSite, defers: Bool
  ) throws {
    if machine.depth >= Machine.maximumDepth { throw unsafe tooDeep(closure, site) }
    if unsafe !machine.prepare(first + entry.pointee.registerCount) { throw unsafe tooDeep(closure, site) }
    if case .deferred(let waiting)? = unsafe first.pointee, count > 0 {
      unsafe first.pointee = try finish(.deferred(waiting))
    }
    var given = count
    if unsafe !site.isPlain || count != entry.pointee.parameterCount {
      unsafe try arrange(closure, first, count, site)
      given = unsafe entry.pointee.parameterCount
    }
    // A trivial register is set without a look at what it held.
    var register = unsafe first + given
    for _ in unsafe given..<max(given, entry.pointee.localCount) {
      if unsafe register.pointee.isTrivial {
        unsafe register.initialize(to: nil)
      } else {
        unsafe register.pointee = nil
      }
      unsafe register += 1
    }
    let cells = unsafe entry.pointee.hasCells ? makeCells(closure, first) : nil
    unsafe (machine.frames + machine.depth).initialize(
      to: Machine.Frame(
        entry: entry, closure: closure, cells: cells, base: first, pc: 0, defers: defers, keeps: 0))
    machine.depth += 1
  }

  /// Begins a function whose parameters are all given, in their order; false where it needs more than that.
  @inline(__always)
  func push(
    _ entry: UnsafeMutablePointer<Entry>, _ closure: Unmanaged<Closure>?,
    _ first: UnsafeMutablePointer<Value?>,
    _ given: Int, _ caller: FramePointer
  ) -> Bool {
    if unsafe entry.pointee.hasCells || machine.depth >= Machine.maximumDepth
      || !machine.prepare(first + entry.pointee.registerCount)
    {
      return false
    }
    if given > 0, case .deferred? = unsafe first.pointee { return false }
    var register = unsafe first + given
    for _ in given..<max(given, unsafe entry.pointee.localCount) {
      if unsafe register.pointee.isTrivial {
        unsafe register.initialize(to: nil)
      } else {
        unsafe register.pointee = nil
      }
      unsafe register += 1
    }
    unsafe (machine.frames + machine.depth).initialize(
      to: Machine.Frame(
        entry: entry, closure: closure, cells: nil, base: first, pc: 0,
        defers: mode == .normal
          && caller.pointee.object(CallSite.self)._withUnsafeGuaranteedRef {
            unsafe $0.defers == .always || ($0.defers == .asCaller && caller.pointee.defers)
          }, keeps: 0))
    machine.depth += 1
    return true
  }

  private func tooDeep(_ closure: Unmanaged<Closure>, _ site: CallSite) -> Diagnostic {
    let literal = unsafe closure._withUnsafeGuaranteedRef { $0.prototype.literal }
    return Diagnostic(
      "calls are nested deeper than \(Machine.maximumDepth) levels", source: source,
      labels: [.init(site.callee.span)],
      notes: ["\(literal.name ?? "the function") calls itself without an end, or too often"])
  }

  @inline(never)
  private func makeCells(
    _ closure: Unmanaged<Closure>, _ first: UnsafeMutablePointer<Value?>
  ) -> Unmanaged<Machine.CellBlock> {
    unsafe closure._withUnsafeGuaranteedRef { closure in
      var cells = ContiguousArray(closure.cells)
      for parameter in closure.prototype.ownCells {
        cells.append(Cell("", parameter.flatMap { unsafe first[$0] }))
      }
      return unsafe .passRetained(Machine.CellBlock(cells, captured: closure.cells.count))
    }
  }

  /// Puts arguments where the parameters are: names are looked up once for each call in the source.
  @inline(never)
  private func arrange(
    _ closure: Unmanaged<Closure>, _ first: UnsafeMutablePointer<Value?>, _ count: Int, _ site: CallSite
  ) throws {
    let prototype = unsafe closure._withUnsafeGuaranteedRef { $0.prototype }
    let parameters = prototype.literal.parameters
    if site.prototype !== prototype {
      let order = try order(of: site, for: prototype.literal)
      site.order = order.enumerated().allSatisfy({ $0 == $1 }) ? nil : order
      site.prototype = prototype
      unsafe site.known = site.order == nil ? prototype.entry : nil
    }
    if let order = site.order {
      var values = [Value?](repeating: nil, count: parameters.count)
      for (index, position) in order.enumerated() { values[position] = unsafe first[index] }
      for (index, value) in values.enumerated() { unsafe first[index] = value }
    } else {
      for index in count..<max(count, parameters.count) { unsafe first[index] = nil }
    }
  }

  /// The parameter of each argument.
  private func order(of site: CallSite, for literal: FunctionLiteral) throws -> [Int] {
    let parameters = literal.parameters
    let signature = literal.signature
    var order: [Int] = []
    do {
      var position = 0
      for argument in site.arguments {
        if let keyword = argument.name {
          guard let index = parameters.firstIndex(where: { $0.name == keyword }) else {
            throw Binding.unknownKeyword(keyword, parameters.map(\.name), signature: signature)
          }
          guard !order.contains(index) else { throw Binding.twice(keyword, signature: signature) }
          order.append(index)
        } else {
          guard position < parameters.count else {
            throw Binding.tooMany(site.arguments.count, most: parameters.count, signature: signature)
          }
          order.append(position)
          position += 1
        }
      }
    } catch {
      var places: [String: Span] = [:]
      Binding.place(
        site.arguments.map { ($0.name, $0.name == nil ? nil : $0.nameSpan, $0.value.span) }, in: &places)
      throw diagnostic(for: error, at: site.callee.span, operation: literal.name ?? "fn", operands: places)
    }
    for (index, parameter) in parameters.enumerated()
    where parameter.defaultValue == nil && !order.contains(index) {
      throw Diagnostic(
        "\(literal.name ?? "fn"): \(parameter.name) is missing", source: source,
        labels: [.init(site.callee.span)], helps: [.init(signature)])
    }
    return order
  }
}

extension Value {
  /// Whether the value is a function of the language, or may hold one.
  var mayHoldFunction: Bool {
    switch self {
    case .function(.user): true
    // Not looked into: parts that are shared would be met again and again.
    case .list(let values): !values.isEmpty
    case .record(let record): record.count > 0
    case .layer(let layer): layer.members != nil
    default: false
    }
  }
}
