internal import ConvoSyntax

extension Compiler {
  /// Statements in order; the value of the last goes to a register.
  mutating func compile(_ statements: [Statement], into target: Int?, isTail: Bool = false) throws {
    blockDepth += 1
    defer { blockDepth -= 1 }
    for (index, statement) in statements.enumerated() {
      let isLast = index + 1 == statements.count
      try compile(statement, into: isLast ? target : nil, isTail: isTail && isLast)
    }
    if statements.isEmpty { compileNone(into: target) }
  }

  mutating func compileNone(into target: Int?) {
    if let target { builder.emit(.constant, target, builder.constant(.none)) }
  }

  /// A statement; its value goes to a register where one is given.
  mutating func compile(_ statement: Statement, into target: Int?, isTail: Bool = false) throws {
    switch statement.kind {
    case .expression(let expression):
      try compileBare(statement, into: target) { compiler, register in
        try compiler.compile(expression, into: register, defers: isTail ? .asCaller : .never)
      }
    case .command(let name, let nameSpan, let arguments):
      try compileBare(statement, into: target) { compiler, register in
        try compiler.compileCommand(name, nameSpan, arguments, at: statement.span, into: register)
      }
    case .assignment(let targets, let expression):
      try compileAssignment(
        targets, expression, announces: announces && !statement.isSilenced && blockDepth == 0)
      compileNone(into: target)
    case .definition(let name, let nameSpan, let literal):
      try withTemporaries { compiler in
        let value = compiler.temporary()
        compiler.builder.emit(.closure, value, try compiler.closure(literal))
        compiler.store(value, in: BoundName(name, nameSpan))
      }
      compileNone(into: target)
    case .conditional(let branches, let otherwise):
      try compileConditional(branches, otherwise, into: target, isTail: isTail)
    case .loop(let names, let expression, let body):
      try compileLoop(names, expression, body)
      compileNone(into: target)
    case .repetition(let test, let body):
      try compileRepetition(test, body)
      compileNone(into: target)
    case .attempt(let body, let name, let otherwise):
      try compileAttempt(body, name, otherwise, into: target, isTail: isTail)
    case .breakLoop: leaveLoop(again: false)
    case .continueLoop: leaveLoop(again: true)
    case .returnValue(let expression):
      try withTemporaries { compiler in
        let value = compiler.temporary()
        if let expression {
          try compiler.compile(
            expression, into: value, defers: compiler.tryDepth == 0 ? .asCaller : .never)
        } else {
          compiler.compileNone(into: value)
        }
        compiler.builder.emit(.giveBack, value)
      }
    }
  }

  /// An expression that stands alone.
  private mutating func compileBare(
    _ statement: Statement, into target: Int?, _ body: (inout Compiler, Int) throws -> Void
  ) throws {
    try withTemporaries { compiler in
      let register = target ?? compiler.temporary()
      try body(&compiler, register)
      if compiler.prints { compiler.builder.emit(.echo, register, 0, 0, .echo(statement)) }
      if target == nil { compiler.builder.emit(.clear, register) }
    }
  }

  private mutating func compileConditional(
    _ branches: [ConditionalBranch], _ otherwise: [Statement]?, into target: Int?, isTail: Bool
  ) throws {
    var ends: [Int] = []
    let before = scope.assigned
    var after: Set<Int>?
    func join(_ assigned: Set<Int>) { after = after?.intersection(assigned) ?? assigned }
    for branch in branches {
      let jumps = try compileCondition(branch.condition)
      try compile(branch.body, into: target, isTail: isTail)
      ends.append(builder.emit(.jump))
      for jump in jumps { try land(jump) }
      join(scope.assigned)
      scope.assigned = before
    }
    try compile(otherwise ?? [], into: target, isTail: isTail)
    join(scope.assigned)
    scope.assigned = after ?? before
    for end in ends { builder.land(end) }
  }

  /// Lets a jump go to the next instruction, if that is not too far.
  private func checkReach(_ jump: Int) throws {
    switch builder.instructions[jump].opcode {
    case .jump, .jumpIfFalse: return
    default: if builder.position - jump > 32_000 { throw TooLarge() }
    }
  }

  private mutating func land(_ jump: Int) throws {
    try checkReach(jump)
    builder.land(jump)
  }

  private mutating func compileLoop(_ names: [BoundName], _ expression: Expression, _ body: [Statement])
    throws
  {
    try withTemporaries { compiler in
      // The sequence, the place in it, and how long it is; of a range the next number, its end and its step.
      let state = compiler.temporary()
      _ = compiler.temporary()
      _ = compiler.temporary()
      let values = try compiler.operand(expression)
      compiler.builder.emit(.walk, state, values, flag: names.count, .expression(expression))
      let start = compiler.builder.position
      compiler.loops.append(Loop(start: start, tryDepth: compiler.tryDepth))
      let before = compiler.scope.assigned
      compiler.withTemporaries { compiler in
        // Straight into the variable, where it is a register.
        if names.count == 1, case .register(let register) = compiler.scope.resolve(names[0].name) {
          compiler.builder.emit(.next, state, register)
          let end = compiler.builder.emit(.jump)
          compiler.loops[compiler.loops.count - 1].ends.append(end)
          compiler.noteAssigned(register)
        } else {
          let element = compiler.temporary()
          compiler.builder.emit(.next, state, element)
          let end = compiler.builder.emit(.jump)
          compiler.loops[compiler.loops.count - 1].ends.append(end)
          if names.count == 1 {
            compiler.store(element, in: names[0])
          } else {
            compiler.unpack(element, into: names.map { .name($0) }, at: expression.span) {
              compiler, index, value in
              compiler.store(value, in: names[index])
            }
          }
        }
      }
      try compiler.compile(body, into: nil)
      compiler.builder.aim(compiler.builder.emit(.jumpBack), at: start)
      compiler.scope.assigned = before
      if let loop = compiler.loops.popLast() { for end in loop.ends { compiler.builder.land(end) } }
      compiler.builder.emit(.clear, state)
    }
  }

  private mutating func compileRepetition(_ test: Expression, _ body: [Statement]) throws {
    let start = builder.position
    loops.append(Loop(start: start, tryDepth: tryDepth))
    let exits = try compileCondition(test)
    let before = scope.assigned
    try compile(body, into: nil)
    builder.aim(builder.emit(.jumpBack), at: start)
    scope.assigned = before
    for exit in exits { try land(exit) }
    if let loop = loops.popLast() { for end in loop.ends { builder.land(end) } }
  }

  /// What the body has changed is put back before what stands behind `catch` runs.
  private mutating func compileAttempt(
    _ body: [Statement], _ name: BoundName?, _ otherwise: [Statement], into target: Int?, isTail: Bool
  ) throws {
    try withTemporaries { compiler in
      let error = compiler.temporary()
      var registers: [Int] = []
      var cells: [Int] = []
      for bound in BoundNames.changed(by: body) {
        switch compiler.scope.resolve(bound) {
        case .register(let register): registers.append(register)
        case .captured(let cell): cells.append(cell)
        case .global: continue
        }
      }
      let before = compiler.scope.assigned
      let start = compiler.builder.emit(
        .beginTry, error, 0, 0, .attempt(AttemptSite(registers: registers, cells: cells)))
      compiler.tryDepth += 1
      try compiler.compile(body, into: target)
      compiler.tryDepth -= 1
      compiler.builder.emit(.endTry)
      let end = compiler.builder.emit(.jump)
      compiler.scope.assigned = before
      compiler.builder.land(start)
      if let name { compiler.store(error, in: name) }
      try compiler.compile(otherwise, into: target, isTail: isTail)
      compiler.scope.assigned = before
      compiler.builder.land(end)
    }
  }

  private mutating func leaveLoop(again: Bool) {
    guard let loop = loops.last else { return }
    for _ in loop.tryDepth..<tryDepth { builder.emit(.endTry) }
    if again {
      builder.aim(builder.emit(.jumpBack), at: loop.start)
    } else {
      loops[loops.count - 1].ends.append(builder.emit(.jump))
    }
  }

  // MARK: Assignment

  mutating func noteAssigned(_ register: Int) {
    if scope.tracksAssignment { scope.assigned.insert(register) }
  }

  /// Puts a value from a register, which is taken, into a variable.
  mutating func store(_ value: Int, in name: BoundName) {
    let site = Site.expression(Expression(.name(name.name), name.span))
    switch scope.resolve(name.name) {
    case .register(let register):
      builder.emit(.copy, register, value, flag: 1)
      builder.emit(.keep, register, 0, 0, site)
      noteAssigned(register)
    case .captured(let cell): builder.emit(.storeCaptured, cell, value, 0, site)
    case .global(let cell): builder.emit(.storeGlobal, builder.global(cell), value, 0, site)
    }
  }

  private mutating func compileAssignment(
    _ targets: [AssignmentTarget], _ expression: Expression, announces: Bool
  ) throws {
    try withTemporaries { compiler in
      if targets.count > 1 {
        let value = try compiler.operand(expression)
        try compiler.unpackInto(targets, value, expression, announces)
        return
      }
      switch targets[0] {
      case .name(let name):
        if case .register(let register) = compiler.scope.resolve(name.name) {
          try compiler.compile(expression, into: register)
          if expression.needsKeeping { compiler.builder.emit(.keep, register, 0, 0, .expression(expression)) }
          compiler.noteAssigned(register)
          return
        }
        let value = compiler.temporary()
        try compiler.compile(expression, into: value)
        if expression.needsKeeping { compiler.builder.emit(.keep, value, 0, 0, .expression(expression)) }
        compiler.store(value, in: name)
        compiler.announce(name.name, announces)
      case .index, .attribute:
        let value = compiler.nextTemporary
        let register = try compiler.operand(expression)
        try compiler.storePart(register, in: targets[0], announces)
        _ = value
      }
    }
  }

  private mutating func announce(_ name: String, _ announces: Bool) {
    guard announces else { return }
    builder.emit(.announce, 0, 0, 0, .announce(AnnounceSite(name, scope.resolve(name))))
  }

  private mutating func unpackInto(
    _ targets: [AssignmentTarget], _ value: Int, _ expression: Expression, _ announces: Bool
  ) throws {
    var failure: (any Error)?
    unpack(value, into: targets, at: expression.span) { compiler, index, part in
      do {
        if case .name(let name) = targets[index] {
          compiler.store(part, in: name)
          compiler.announce(name.name, announces)
        } else {
          try compiler.storePart(part, in: targets[index], announces)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Takes a value apart into registers, and hands each to `store`.
  private mutating func unpack(
    _ value: Int, into targets: [AssignmentTarget], at span: Span,
    _ store: (inout Compiler, Int, Int) -> Void
  ) {
    withTemporaries { compiler in
      let first = compiler.nextTemporary
      for _ in targets { _ = compiler.temporary() }
      let site = UnpackSite(targets: targets.count, first: targets[0].span, span: span)
      compiler.builder.emit(.unpack, first, value, targets.count, .unpack(site))
      for index in targets.indices { store(&compiler, index, first + index) }
    }
  }

  /// `x[…] = v`, `layer.W = v`, `r.a[0].b = v`
  private mutating func storePart(_ value: Int, in target: AssignmentTarget, _ announces: Bool) throws {
    var steps: [PlaceSite.Step] = []
    var current: Expression
    switch target {
    case .name: return
    case .index(let base, let items, let span):
      steps.append(.items(IndexSite(base, items, span)))
      current = base
    case .attribute(let base, let name):
      steps.append(.attribute(name.name, name.span))
      current = base
    }
    while true {
      switch current.kind {
      case .name(let name):
        return try storePart(value, of: name, current.span, steps.reversed(), announces)
      case .attribute(let inner, let name, let nameSpan):
        steps.append(.attribute(name, nameSpan))
        current = inner
      case .index(let inner, let items):
        steps.append(.items(IndexSite(inner, items, current.span)))
        current = inner
      default:
        throw Diagnostic(
          "only a variable, or a part of one, can be assigned to", source: source,
          labels: [.init(current.span)])
      }
    }
  }

  private mutating func storePart(
    _ value: Int, of name: String, _ span: Span, _ steps: [PlaceSite.Step], _ announces: Bool
  ) throws {
    try withTemporaries { compiler in
      let variable = compiler.scope.resolve(name)
      let place = Site.place(PlaceSite(name, span, variable, steps))
      if case .register(let register) = variable, steps.count == 1, case .items(let site) = steps[0],
        compiler.scope.assigned.contains(register), register < 250,
        let (first, second) = try compiler.singleItems(site.items)
      {
        if let second {
          compiler.builder.emit(.storeElementTwo, register, first, value, flag: second, place)
        } else {
          compiler.builder.emit(.storeElement, register, first, value, place)
        }
        return
      }
      let first = compiler.nextTemporary
      for case .items(let site) in steps { try compiler.compileItems(site.items) }
      compiler.builder.emit(.storePart, value, first, 0, place)
      if case .global = variable { compiler.announce(name, announces) }
    }
  }
}

extension Expression {
  /// Whether the value may be a layer, or hold one, of which a variable gets a copy of its own; or a tensor whose making
  /// is not noted yet.
  var needsKeeping: Bool {
    switch kind {
    case .number, .string, .boolean, .none, .function, .unary, .binary: false
    case .chain(_, let links):
      links[0].operation == .pipe || links[0].operation == .and || links[0].operation == .or
    case .name, .list, .record, .call, .index, .attribute: true
    }
  }
}
