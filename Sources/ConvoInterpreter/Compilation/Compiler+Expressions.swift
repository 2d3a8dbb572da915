internal import ConvoSyntax

extension Compiler {
  /// The register of an expression's value: that of the variable where it is one, else a new one.
  mutating func operand(_ expression: Expression) throws -> Int {
    if case .name(let name) = expression.kind, case .register(let register) = scope.resolve(name),
      scope.assigned.contains(register)
    {
      return register
    }
    let register = temporary()
    try compile(expression, into: register)
    return register
  }

  /// The value of an expression goes to a register.
  ///
  /// The register may be that of a variable which the expression reads: it is written last.
  mutating func compile(_ expression: Expression, into target: Int, defers: Deferral = .never) throws {
    switch expression.kind {
    case .number(let number): builder.emit(number: number, target)
    case .boolean(let flag): builder.emit(.constant, target, builder.constant(.boolean(flag)))
    case .none: builder.emit(.constant, target, builder.constant(.none))
    case .string(let parts): try compileText(parts, expression, into: target)
    case .name(let name): compileName(name, expression, into: target)
    case .list(let items): try compileList(items, expression, into: target)
    case .record(let entries):
      try withTemporaries { compiler in
        let first = compiler.nextTemporary
        for entry in entries { try compiler.compile(entry.value, into: compiler.temporary()) }
        compiler.builder.emit(.record, target, first, entries.count, .keys(entries))
      }
    case .unary(let operation, let inner):
      try withTemporaries { compiler in
        let opcode: Opcode =
          switch operation {
          case .not: .not
          case .negate: .negate
          case .plus: .plus
          }
        compiler.builder.emit(opcode, target, try compiler.operand(inner), 0, .expression(expression))
      }
    case .binary(let operation, let left, let right, let operatorSpan):
      try withTemporaries { compiler in
        let first = try compiler.operand(left)
        try compiler.combine(
          operation, target, first, right,
          BinarySite(operation, left, right, at: operatorSpan, in: expression))
      }
    case .chain(let first, let links): try compileChain(first, links, expression, into: target, defers)
    case .call(let callee, let arguments):
      try compileCall(callee, arguments, piped: nil, at: expression.span, into: target, defers)
    case .index(let base, let items): try compileIndex(base, items, expression, into: target)
    case .attribute(let base, let name, let nameSpan):
      try withTemporaries { compiler in
        let value = try compiler.operand(base)
        compiler.builder.emit(.attribute, target, value, 0, .attribute(AttributeSite(base, name, nameSpan)))
      }
    case .function(let literal): builder.emit(.closure, target, try closure(literal))
    }
  }

  private mutating func compileName(_ name: String, _ expression: Expression, into target: Int) {
    switch scope.resolve(name) {
    case .register(let register) where scope.assigned.contains(register):
      if register != target { builder.emit(.copy, target, register) }
    case .register(let register):
      let outside = scope.resolveOutside(name).map { $0 + 1 } ?? 0
      builder.emit(.local, target, register, outside, .expression(expression))
    case .captured(let cell):
      let outside = cell >= FunctionScope.firstOwn ? scope.resolveOutside(name).map { $0 + 1 } ?? 0 : 0
      builder.emit(.captured, target, cell, outside, .expression(expression))
    case .global(let cell):
      builder.emit(.global, target, builder.global(cell), 0, .expression(expression))
    }
  }

  private mutating func compileText(_ parts: [StringPart], _ expression: Expression, into target: Int) throws
  {
    var literal = ""
    var isLiteral = true
    for part in parts {
      if case .literal(let text) = part { literal += text } else { isLiteral = false }
    }
    if isLiteral {
      builder.emit(.constant, target, builder.constant(.string(literal)))
      return
    }
    try withTemporaries { compiler in
      let first = compiler.nextTemporary
      for case .interpolation(let inner) in parts { try compiler.compile(inner, into: compiler.temporary()) }
      compiler.builder.emit(
        .text, target, first, compiler.nextTemporary - first, .parts(TextSite(parts, expression.span)))
    }
  }

  private mutating func compileList(_ items: [Expression], _ expression: Expression, into target: Int) throws
  {
    if let constant = Compiler.constant(expression) {
      builder.emit(.constant, target, builder.constant(constant))
      return
    }
    try withTemporaries { compiler in
      // A long list is put together piece by piece: registers are few.
      let whole = items.count > 128 ? compiler.temporary() : target
      var isFirst = true
      for start in stride(from: 0, to: max(items.count, 1), by: 128) {
        let piece = items[start..<min(start + 128, items.count)]
        try compiler.withTemporaries { compiler in
          let first = compiler.nextTemporary
          for item in piece { try compiler.compile(item, into: compiler.temporary()) }
          compiler.builder.emit(isFirst ? .list : .append, whole, first, piece.count, .expression(expression))
        }
        isFirst = false
      }
      if whole != target { compiler.builder.emit(.copy, target, whole) }
    }
  }

  /// The value of an expression that is written out: numbers, texts and lists of them.
  static func constant(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .number(let number): return .number(number)
    case .boolean(let flag): return .boolean(flag)
    case .string(let parts):
      guard parts.count <= 1 else { return nil }
      guard let part = parts.first else { return .string("") }
      if case .literal(let text) = part { return .string(text) }
      return nil
    case .unary(.negate, let inner):
      guard case .number(let number) = inner.kind else { return nil }
      return .number(-number)
    case .list(let items):
      var values: [Value] = []
      values.reserveCapacity(items.count)
      for item in items {
        guard let value = constant(item) else { return nil }
        values.append(value)
      }
      return .list(values)
    default: return nil
    }
  }

  // MARK: Operators

  /// r[target] = r[left] op right
  mutating func combine(
    _ operation: BinaryOperator, _ target: Int, _ left: Int, _ right: Expression, _ site: BinarySite
  ) throws {
    if case .number(let number) = right.kind {
      let opcode: Opcode? =
        switch operation {
        case .add: .addNumber
        case .subtract: .subtractNumber
        case .multiply: .multiplyNumber
        case .remainder: .remainderNumber
        default: nil
        }
      if let opcode, let index = builder.shortNumber(number) {
        builder.emit(opcode, target, left, index, .binary(site))
        return
      }
    }
    let second = try operand(right)
    let opcode: Opcode =
      switch operation {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      default: .binary
      }
    builder.emit(opcode, target, left, second, flag: Int(operation.code), .binary(site))
  }

  /// Operators of one precedence from left to right.
  private mutating func compileChain(
    _ first: Expression, _ links: [ChainLink], _ whole: Expression, into target: Int, _ defers: Deferral
  ) throws {
    if links[0].operation == .and || links[0].operation == .or {
      return try compileLogic(first, links, into: target)
    }
    try withTemporaries { compiler in
      // What stands before a pipe or a sum may wait for it.
      var result: Int
      if links[0].operation == .pipe || links[0].operation == .add, first.mayDefer {
        result = compiler.temporary()
        try compiler.compile(first, into: result, defers: .always)
      } else {
        result = try compiler.operand(first)
      }
      // One register holds what has been worked out so far.
      let between = links.count > 1 ? compiler.temporary() : target
      var left = first
      for (index, link) in links.enumerated() {
        let isLast = index + 1 == links.count
        let next = isLast ? nil : links[index + 1].operation
        let waits: Deferral = next == .pipe || next == .add ? .always : isLast ? defers : .never
        let destination = isLast ? target : between
        if link.operation == .pipe {
          let span = left.span.union(link.operand.span)
          // A call in parentheses begins before its callee.
          if case .call(let callee, let arguments) = link.operand.kind,
            callee.span.start == link.operand.span.start
          {
            try compiler.compileCall(
              callee, arguments, piped: (result, left), at: span, into: destination, waits)
          } else {
            try compiler.compileCall(
              link.operand, [], piped: (result, left), at: span, into: destination, waits)
          }
        } else {
          let site = BinarySite(link.operation, left, link.operand, at: link.operatorSpan, in: whole)
          site.defers = waits
          try compiler.withTemporaries { compiler in
            try compiler.combine(link.operation, destination, result, link.operand, site)
          }
        }
        result = destination
        left = Expression(left.kind, left.span.union(link.operand.span))
      }
    }
  }

  /// `a and b`: the first operand that decides, else the last.
  private mutating func compileLogic(_ first: Expression, _ links: [ChainLink], into target: Int) throws {
    try withTemporaries { compiler in
      let result = compiler.temporary()
      try compiler.compile(first, into: result)
      var ends: [Int] = []
      var left = first
      let before = compiler.scope.assigned
      for link in links {
        let opcode: Opcode = link.operation == .and ? .jumpIfDecidedAnd : .jumpIfDecidedOr
        ends.append(compiler.builder.emit(opcode, result, 0, 0, .expression(left)))
        try compiler.compile(link.operand, into: result)
        compiler.builder.emit(
          .checkLogic, result, 0, 0, flag: link.operation == .and ? 0 : 1, .expression(link.operand))
        left = Expression(left.kind, left.span.union(link.operand.span))
      }
      compiler.scope.assigned = before
      for end in ends { compiler.builder.land(end) }
      compiler.builder.emit(.copy, target, result)
    }
  }

  // MARK: Conditions

  /// Jumps where a condition does not hold; gives the jumps.
  mutating func compileCondition(_ condition: Expression) throws -> [Int] {
    if case .chain(let first, let links) = condition.kind, links.allSatisfy({ $0.operation == .and }) {
      var jumps: [Int] = []
      for (index, part) in ([first] + links.map(\.operand)).enumerated() {
        jumps += try compileTest(part, logic: true, isFirst: index == 0)
      }
      return jumps
    }
    return try compileTest(condition, logic: false, isFirst: true)
  }

  private mutating func compileTest(_ condition: Expression, logic: Bool, isFirst: Bool) throws -> [Int] {
    if hasShortJumps, case .binary(let operation, let left, let right, let span) = condition.kind,
      let opcode = operation.jump
    {
      return try withTemporaries { compiler in
        let first = try compiler.operand(left)
        let site = BinarySite(operation, left, right, at: span, in: condition)
        site.isLogic = logic
        if case .number(let number) = right.kind, let second = compiler.builder.shortNumber(number) {
          return [compiler.builder.emit(opcode, first, second, 0, flag: 1, .binary(site))]
        }
        let second = try compiler.operand(right)
        return [compiler.builder.emit(opcode, first, second, 0, .binary(site))]
      }
    }
    return try withTemporaries { compiler in
      let value = try compiler.operand(condition)
      return [compiler.builder.emit(.jumpIfFalse, value, 0, 0, flag: logic ? 1 : 0, .expression(condition))]
    }
  }
}

extension BinaryOperator {
  /// Whether the operator looks into its right operand: `in`.
  var asksForParts: Bool { self == .contained || self == .notContained }

  /// A number for the operator, for instructions.
  var code: UInt8 { UInt8(BinaryOperator.allCases.firstIndex(of: self) ?? 0) }

  /// The instruction that jumps where the comparison does not hold.
  var jump: Opcode? {
    switch self {
    case .less: .jumpUnlessLess
    case .lessOrEqual: .jumpUnlessLessOrEqual
    case .greater: .jumpUnlessGreater
    case .greaterOrEqual: .jumpUnlessGreaterOrEqual
    case .equal: .jumpUnlessEqual
    case .notEqual: .jumpUnlessNotEqual
    default: nil
    }
  }
}

extension Expression {
  /// Whether the expression is a call, whose convolution may wait for its reader.
  var mayDefer: Bool {
    switch kind {
    case .call, .chain: true
    default: false
    }
  }
}
