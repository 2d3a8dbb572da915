internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

// Instructions that are rare, or large.
extension Evaluator {
  /// Runs an instruction; the answer is how far to jump, if at all.
  @inline(never)
  func slow(_ frame: FramePointer, _ i: Instruction) throws -> Int? {
    let r = unsafe frame.pointee.base
    switch i.opcode {
    case .constant: unsafe (r + Int(i.a)).assign(frame.pointee.code.constants[Int(i.b)])
    case .local, .captured: unsafe try slowName(frame, i)
    case .keep: unsafe try keep(frame, i)
    case .storeCaptured: unsafe try storeCaptured(frame, i)
    case .clear: unsafe (r + Int(i.a)).pointee = nil
    case .binary: unsafe try slowBinary(frame, i)
    case .negate, .plus, .not: unsafe try unary(frame, i)
    case .jumpIfDecidedAnd, .jumpIfDecidedOr: return unsafe try isDecided(frame, i) ? i.distance : nil
    case .checkLogic:
      if case .tensor(let tensor)? = unsafe r[Int(i.a)], tensor.count != 1,
        case .expression(let site) = unsafe frame.pointee.site
      {
        throw logicOnTensor(i.flag == 0 ? .and : .or, at: site.span)
      }
    case .list: unsafe try makeList(frame, i)
    case .record: unsafe try makeRecord(frame, i)
    case .text: unsafe try makeText(frame, i)
    case .closure: unsafe makeClosure(frame, i)
    case .index: unsafe try slowIndex(frame, i)
    case .rejectMethod:
      if case .attribute(let site) = unsafe frame.pointee.site {
        unsafe try rejectMethod(r[Int(i.a)] ?? .none, site)
      }
    case .storePart: unsafe try storePart(frame, i)
    case .storeElement: unsafe try slowStoreElement(frame, i)
    case .append: unsafe try appendPiece(frame, i)
    case .callForm:
      let site = unsafe frame.pointee.callSite
      guard let builtin = site.builtin, case .form(let body) = builtin.body else { return nil }
      if site.cell?.value != nil {
        // A variable hides the form: it is called as it is written.
        unsafe frame.pointee.set(i.a, try evaluate(Expression(.call(site.callee, site.arguments), site.span)))
      } else {
        unsafe frame.pointee.set(i.a, try form(builtin, body, site))
      }
    case .walk: unsafe try walk(frame, i)
    case .unpack: unsafe try unpack(frame, i)
    case .echo:
      if mode == .normal, case .echo(let statement) = unsafe frame.pointee.site {
        unsafe show(r[Int(i.a)] ?? .none, silenced: statement.isSilenced)
      }
    case .announce: unsafe announce(frame)
    case .beginTry: unsafe try beginTry(frame, i)
    case .endTry: endTry()
    default: break
    }
    return nil
  }

  // MARK: Names

  /// The value of a name that is not where it was looked for first.
  @inline(never)
  func slowName(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .expression(let site) = unsafe frame.pointee.site, case .name(let name) = site.kind else {
      return
    }
    let r = unsafe frame.pointee.base
    switch i.opcode {
    case .local:
      if let value = unsafe r[Int(i.b)] { return unsafe frame.pointee.set(i.a, value) }
    case .captured:
      if let value = unsafe frame.pointee.cell(Int(i.b)).value { return unsafe frame.pointee.set(i.a, value) }
    default: break
    }
    if i.opcode != .global, i.c > 0, let value = unsafe frame.pointee.cell(Int(i.c) - 1).value {
      return unsafe frame.pointee.set(i.a, value)
    }
    unsafe frame.pointee.set(i.a, try global(name, at: site.span))
  }

  /// What a name means that is no variable of a function.
  func global(_ name: String, at span: Span) throws -> Value {
    if let value = variables[name] { return value }
    if name == "_" || name == "ans" { return lastValue }
    if let builtin = builtins[name] { return .function(.builtin(builtin)) }
    throw unknownName(name, at: span)
  }

  // MARK: Assignment

  /// A layer in a variable is the variable's own.
  private func keep(_ frame: FramePointer, _ i: Instruction) throws {
    let place = unsafe frame.pointee.base + Int(i.a)
    switch unsafe place.pointee {
    case .tensor(let tensor)? where tensor.origin == nil:
      guard case .expression(let expression) = unsafe frame.pointee.site else { return }
      if case .name = expression.kind { return }
      var noted = unsafe place.taken()
      noteOrigin(&noted, of: expression)
      unsafe place.assign(noted)
    case nil, .number?, .boolean?, .string?, .tensor?, .range?, .chart?, .some(.none): return
    case let value?: unsafe place.assign(value.copiedForBinding())
    }
  }

  private func storeCaptured(_ frame: FramePointer, _ i: Instruction) throws {
    let value = unsafe (frame.pointee.base + Int(i.b)).taken()
    unsafe frame.pointee.cell(Int(i.a)).value = value.copiedForBinding()
  }

  @inline(never)
  func storeGlobal(_ frame: FramePointer, _ i: Instruction) throws {
    let cell = unsafe frame.pointee.entry.pointee.code._withUnsafeGuaranteedRef { $0.globals[Int(i.a)] }
    let place = unsafe frame.pointee.base + Int(i.b)
    if case .number(let number)? = unsafe place.pointee, cell.epoch == undo.epoch {
      cell.value = .number(number)
      return
    }
    let value = unsafe place.taken()
    if cell.value == nil, announcesAssignments, variables === globals, builtins[cell.name] != nil {
      presenter.warn("\(cell.name) now hides the builtin of that name; del \(cell.name) brings it back")
    }
    let stored = value.copiedForBinding()
    undo.note(cell)
    cell.value = stored
  }

  private func announce(_ frame: FramePointer) {
    guard announcesAssignments, case .announce(let site) = unsafe frame.pointee.site,
      case .global(let cell) = site.variable, let value = cell.value
    else { return }
    presenter.announce(site.name, value)
  }

  // MARK: Operators

  @inline(never)
  func slowBinary(_ frame: FramePointer, _ i: Instruction) throws {
    if mode == .normal, unsafe small(frame, i) { return }
    guard case .binary(let site) = unsafe frame.pointee.site else { return }
    let right = unsafe rightOperand(frame, i)
    let left = unsafe operandToReplace(frame, i.b, by: i.a)
    unsafe frame.pointee.set(i.a, try combine(left, right, site, frame))
  }

  private func rightOperand(_ frame: FramePointer, _ i: Instruction) -> Value {
    switch i.opcode {
    case .addNumber, .subtractNumber, .multiplyNumber, .remainderNumber:
      .number(unsafe frame.pointee.entry.pointee.numbers[Int(i.c)])
    default: unsafe frame.pointee.operand(i.c)
    }
  }

  /// An operand that is taken out of its variable where the result goes there and nobody could want it back.
  private func operandToReplace(_ frame: FramePointer, _ register: UInt16, by target: UInt16) -> Value {
    if register == target, machine.handlers.last?.depth != machine.depth {
      return unsafe (frame.pointee.base + Int(register)).taken()
    }
    return unsafe frame.pointee.operand(register)
  }

  private func combine(_ left: Value, _ right: Value, _ site: BinarySite, _ frame: FramePointer) throws
    -> Value
  {
    if case .number(let a) = left, case .number(let b) = right, !site.operation.asksForParts {
      return Operators.apply(site.operation, a, b)
    }
    var left = left
    if case .deferred(let waiting) = left {
      if site.operation == .add, let fused = absorbSum(waiting, right) {
        let defers = unsafe site.defers == .always || (site.defers == .asCaller && frame.pointee.defers)
        return defers && mode == .normal ? .deferred(fused) : try finish(.deferred(fused))
      }
      left = try finish(left)
    }
    return try combine(
      site.operation, left, site.left, right, site.right, at: site.operatorSpan, in: site.whole)
  }

  /// An operator on small tensors, without planning; false where they are not small.
  private func small(_ frame: FramePointer, _ i: Instruction) -> Bool {
    unsafe frame.pointee.object(BinarySite.self)._withUnsafeGuaranteedRef { site in
      let b = unsafe frame.pointee.base + Int(i.b)
      var number: Double?
      var other: Tensor?
      switch i.opcode {
      case .addNumber, .subtractNumber, .multiplyNumber, .remainderNumber:
        number = unsafe frame.pointee.entry.pointee.numbers[Int(i.c)]
      default:
        switch unsafe frame.pointee.base[Int(i.c)] {
        case .number(let value)?: number = value
        case .tensor(let tensor)?: other = tensor
        default: return false
        }
      }
      let result: Tensor?
      switch unsafe b.pointee {
      case .tensor(let left)?:
        if let other {
          if site.operation == .matrixMultiply {
            result = Tensor.smallProduct(left, other, origin: origin(site, left, other))
          } else {
            guard let operation = site.small else { return false }
            result = Tensor.small(operation, left, other, origin: origin(site, left, other))
          }
        } else {
          guard let operation = site.small, let number else { return false }
          result = Tensor.small(
            operation, left, Float(number), isReversed: false, origin: origin(site, left, nil))
        }
      case .number(let left)?:
        guard let operation = site.small, let other else { return false }
        result = Tensor.small(
          operation, other, Float(left), isReversed: true, origin: origin(site, nil, other))
      default: return false
      }
      guard let result else { return false }
      unsafe frame.pointee.set(i.a, .tensor(result))
      unsafe frame.pointee.forget(i.b, i.a)
      if other != nil { unsafe frame.pointee.forget(i.c, i.a) }
      return true
    }
  }

  @inline(__always)
  private func origin(_ site: BinarySite, _ left: Tensor?, _ right: Tensor?) -> Origin {
    if let known = site.origins.known(left, right) { return known }
    let operands = [
      left.flatMap { describe(site.left, .tensor($0)) }, right.flatMap { describe(site.right, .tensor($0)) },
    ].compactMap(\.self)
    return site.origins.origin(site.operation.rawValue, site.whole.span, source, operands)
  }

  private func unary(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .expression(let expression) = unsafe frame.pointee.site,
      case .unary(let operation, let inner) = expression.kind
    else { return }
    let value = unsafe frame.pointee.operand(i.b)
    do { unsafe frame.pointee.set(i.a, try Operators.apply(operation, value, self)) } catch {
      throw diagnostic(
        for: error, at: expression.span, operation: operation.rawValue, operands: ["right": inner.span])
    }
  }

  // MARK: Conditions

  /// Whether a comparison holds.
  @inline(never)
  func slowTest(_ frame: FramePointer, _ i: Instruction) throws -> Bool {
    guard case .binary(let site) = unsafe frame.pointee.site else { return false }
    let right: Value =
      unsafe i.flag == 1 ? .number(frame.pointee.entry.pointee.numbers[Int(i.b)]) : frame.pointee.operand(i.b)
    let result = unsafe try combine(frame.pointee.operand(i.a), right, site, frame)
    return try isTrue(result, at: site.whole.span, logic: site.isLogic ? .and : nil)
  }

  @inline(never)
  func slowTruth(_ frame: FramePointer, _ i: Instruction) throws -> Bool {
    guard case .expression(let site) = unsafe frame.pointee.site else { return false }
    return unsafe try isTrue(frame.pointee.operand(i.a), at: site.span, logic: i.flag == 1 ? .and : nil)
  }

  private func isTrue(_ value: Value, at span: Span, logic: BinaryOperator?) throws -> Bool {
    do { return try value.isTrue() } catch {
      if let logic, !(error is NeedsValues) { throw logicOnTensor(logic, at: span) }
      throw diagnostic(for: error, at: span, operation: nil)
    }
  }

  private func isDecided(_ frame: FramePointer, _ i: Instruction) throws -> Bool {
    guard case .expression(let site) = unsafe frame.pointee.site else { return false }
    let operation: BinaryOperator = i.opcode == .jumpIfDecidedAnd ? .and : .or
    let value = unsafe frame.pointee.base[Int(i.a)] ?? .none
    let decided = try isTrue(value, at: site.span, logic: operation) == (operation == .or)
    if decided, case .tensor(let tensor) = value, tensor.count != 1 {
      throw logicOnTensor(operation, at: site.span)
    }
    return decided
  }

  // MARK: Making

  private func makeList(_ frame: FramePointer, _ i: Instruction) throws {
    let first = unsafe frame.pointee.base + Int(i.b)
    var values: [Value] = []
    values.reserveCapacity(Int(i.c))
    for index in 0..<Int(i.c) { unsafe values.append((first + index).taken().copiedForBinding()) }
    unsafe try checkNesting(values, frame)
    unsafe frame.pointee.set(i.a, .list(values))
  }

  private func makeRecord(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .keys(let entries) = unsafe frame.pointee.site else { return }
    let first = unsafe frame.pointee.base + Int(i.b)
    var record = Record()
    for (index, entry) in entries.enumerated() {
      record[entry.key] = unsafe (first + index).taken().copiedForBinding()
    }
    guard let span = entries.first.map({ $0.keySpan.union($0.value.span) }) else {
      return unsafe frame.pointee.set(i.a, .record(record))
    }
    do { try Nesting.check(parts: record.values) } catch {
      throw diagnostic(for: error, at: span, operation: nil)
    }
    unsafe frame.pointee.set(i.a, .record(record))
  }

  private func checkNesting(_ values: [Value], _ frame: FramePointer) throws {
    guard case .expression(let site) = unsafe frame.pointee.site else { return }
    do { try Nesting.check(parts: values) } catch {
      throw diagnostic(for: error, at: site.span, operation: nil)
    }
  }

  private func appendPiece(_ frame: FramePointer, _ i: Instruction) throws {
    let place = unsafe frame.pointee.base + Int(i.a)
    guard case .list(var values) = unsafe place.taken() else { return }
    let first = unsafe frame.pointee.base + Int(i.b)
    for index in 0..<Int(i.c) { unsafe values.append((first + index).taken().copiedForBinding()) }
    unsafe try checkNesting(values, frame)
    unsafe place.assign(.list(values))
  }

  private func makeText(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .parts(let site) = unsafe frame.pointee.site else { return }
    var place = unsafe frame.pointee.base + Int(i.b)
    buffer.clear()
    for part in site.parts {
      guard part.isEmpty else {
        buffer.append(part)
        continue
      }
      switch unsafe place.pointee {
      case .number(let number)?: buffer.append(number)
      case .string(let text)?: buffer.append(text)
      default:
        // What a value reads like may itself be put together from texts.
        let before = buffer.text
        let text = ValueText.text(of: try finish(unsafe place.taken()), presenter)
        buffer.clear()
        buffer.append(before)
        buffer.append(text)
      }
      unsafe place.pointee = nil
      unsafe place += 1
    }
    do { try Value.checkRoom(bytes: buffer.count) } catch {
      throw diagnostic(for: error, at: site.span, operation: nil)
    }
    unsafe frame.pointee.set(i.a, .string(buffer.text))
  }

  private func makeClosure(_ frame: FramePointer, _ i: Instruction) {
    let prototype = unsafe frame.pointee.code.functions[Int(i.b)]
    let cells = prototype.captures.map { unsafe frame.pointee.cell($0) }
    unsafe frame.pointee.set(i.a, .function(.user(Closure(prototype, cells))))
  }

  // MARK: Loops

  private func walk(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .expression(let site) = unsafe frame.pointee.site else { return }
    let state = unsafe frame.pointee.base + Int(i.a)
    var value = unsafe frame.pointee.operand(i.b)
    if i.flag > 1, case .record(let record) = value {
      var pairs: [Value] = []
      for (position, key) in record.keys.enumerated() {
        do { pairs.append(.list([.string(key), try record.value(at: position)])) } catch {
          throw diagnostic(for: error, at: site.span, operation: "for")
        }
      }
      value = .list(pairs)
    }
    if case .range(let range) = value {
      unsafe state.assign(.number(Double(range.start)))
      unsafe state[1] = .number(Double(range.start + range.count * range.step))
      unsafe state[2] = .number(Double(range.step))
      return
    }
    do {
      let sequence = try ValueSequence(value)
      if case .keys(let keys) = sequence { value = .list(keys.map { .string($0) }) }
      unsafe state[1] = .number(0)
      unsafe state[2] = .number(Double(sequence.count))
      unsafe state.assign(value)
    } catch { throw diagnostic(for: error, at: site.span, operation: "for") }
  }

  /// The next element, if there is one.
  @inline(never)
  func slowNext(_ frame: FramePointer, _ i: Instruction) throws -> Bool {
    let state = unsafe frame.pointee.base + Int(i.a)
    guard case .number(let position)? = unsafe state[1], case .number(let count)? = unsafe state[2],
      position < count,
      let value = unsafe state.pointee
    else { return false }
    unsafe state[1] = .number(position + 1)
    let element = try ValueSequence(value)[Int(position)]
    unsafe frame.pointee.set(i.b, element.copiedForBinding())
    return true
  }

  private func unpack(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .unpack(let site) = unsafe frame.pointee.site else { return }
    let value = unsafe frame.pointee.operand(i.b)
    let sequence: ValueSequence
    do { sequence = try ValueSequence(value) } catch {
      throw Diagnostic(
        "\(site.targets) names are assigned, but \(value.brief) cannot be taken apart", source: source,
        labels: [.init(site.span)])
    }
    guard sequence.count == site.targets else {
      throw Diagnostic(
        "\(site.targets) names are assigned, but there are \(sequence.count) values", source: source,
        labels: [.init(site.firstSpan), .init(site.span, "\(sequence.count) values")])
    }
    for index in 0..<site.targets { unsafe frame.pointee.set(i.a + UInt16(index), sequence[index]) }
  }

  /// Keeps a value as the last one and prints it.
  private func show(_ value: Value, silenced: Bool) {
    if value.isNone { return }
    lastValue = value
    if !silenced { presenter.echo(value) }
  }

  // MARK: Try

  private func beginTry(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .attempt(let site) = unsafe frame.pointee.site else { return }
    unsafe machine.handlers.append(
      Machine.Handler(
        depth: machine.depth, target: frame.pointee.pc + i.distance, register: Int(i.a),
        mark: undo.beginTry(),
        registers: site.registers.map { unsafe ($0, frame.pointee.base[$0]) },
        cells: site.cells.map { unsafe (frame.pointee.cell($0), frame.pointee.cell($0).value) },
        random: random,
        last: lastValue))
  }

  private func endTry() {
    if let handler = machine.handlers.popLast() { undo.endTry(handler.mark) }
  }

  /// Puts back what the body of a failed `try` has changed.
  func restore(_ handler: Machine.Handler) {
    undo.undo(to: handler.mark)
    let base = unsafe machine.frames[handler.depth - 1].base
    for (register, value) in handler.registers { unsafe base[register] = value }
    for (cell, value) in handler.cells { cell.value = value }
    (random, lastValue) = (handler.random, handler.last)
  }

  /// What `catch` gets of an error; nil for what passes through every `try`.
  func caught(_ error: any Error) -> Value? {
    switch error {
    case is Interruption, is ExitRequest, is NeedsValues: return nil
    default: break
    }
    guard let diagnostic = diagnostic(for: error, at: Span(0, 0), operation: nil) as? Diagnostic else {
      return nil
    }
    let place = diagnostic.labels.first.map { label in
      "\(diagnostic.source.name):\(diagnostic.source.location(of: label.span.start).line)"
    }
    return .record(
      Record([
        ("message", .string(diagnostic.message)), ("place", .string(place ?? "")),
        ("help", diagnostic.helps.first.map { .string($0.text) } ?? .none),
      ]))
  }
}

extension Machine.Frame {
  /// A shared variable.
  func cell(_ index: Int) -> Cell {
    unsafe cells?._withUnsafeGuaranteedRef { $0.cells[index] } ?? Cell("")
  }
}
