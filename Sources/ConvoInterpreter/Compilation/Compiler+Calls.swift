internal import ConvoSyntax

extension Compiler {
  /// `f(a, k=b)`; a piped value is the first argument.
  ///
  /// The callee and its arguments stand in registers side by side, which become the first registers of the function.
  mutating func compileCall(
    _ callee: Expression, _ arguments: [Argument], piped: (register: Int, expression: Expression)?,
    at span: Span,
    into target: Int, _ defers: Deferral
  ) throws {
    var written = arguments
    if let expression = piped?.expression {
      written.insert(Argument(name: nil, nameSpan: expression.span, value: expression), at: 0)
    }
    func site(_ builtin: Builtin? = nil, _ cell: Cell? = nil) -> Site {
      .call(
        CallSite(
          callee: callee, arguments: written, isPiped: piped != nil, span: span, builtin: builtin, cell: cell,
          defers: defers))
    }
    try withTemporaries { compiler in
      let base = compiler.temporary()
      if case .name(let name) = callee.kind, case .global(let cell) = compiler.scope.resolve(name) {
        if let builtin = compiler.builtins[name], cell.value == nil {
          if case .form = builtin.body {
            compiler.capture(written)
            compiler.builder.emit(.callForm, target, base, 0, site(builtin, cell))
            return
          }
          try compiler.compileArguments(arguments, piped, defers: true)
          compiler.builder.emit(.callBuiltin, target, base, written.count, site(builtin, cell))
          return
        }
        // A name that nobody knows is told before its arguments are looked at.
        if cell.value == nil, compiler.scope.literal?.name != name {
          compiler.builder.emit(.global, base, compiler.builder.global(cell), 0, .expression(callee))
        }
        try compiler.compileArguments(arguments, piped, defers: true)
        // By position: how many arguments there are; 255 asks the call itself.
        let isPlain = written.count < 255 && written.allSatisfy { $0.name == nil }
        compiler.builder.emit(
          .callGlobal, target, base, compiler.builder.global(cell), flag: isPlain ? written.count : 255,
          site(compiler.builtins[name], cell))
        return
      }
      if case .attribute(let inner, let name, let nameSpan) = callee.kind {
        try compiler.withTemporaries { compiler in
          let value = try compiler.operand(inner)
          let attribute = AttributeSite(inner, name, nameSpan, arguments)
          compiler.builder.emit(.rejectMethod, value, 0, 0, .attribute(attribute))
          compiler.builder.emit(.attribute, base, value, 0, .attribute(attribute))
        }
      } else {
        try compiler.compile(callee, into: base)
      }
      try compiler.compileArguments(arguments, piped, defers: true)
      compiler.builder.emit(.call, target, base, written.count, site())
    }
  }

  /// The arguments go to the registers behind the callee's.
  private mutating func compileArguments(
    _ arguments: [Argument], _ piped: (register: Int, expression: Expression)?, defers: Bool
  ) throws {
    if let piped {
      let isTemporary = piped.register >= scope.localCount
      builder.emit(.copy, temporary(), piped.register, flag: isTemporary ? 1 : 0)
    }
    for (index, argument) in arguments.enumerated() {
      let mayWait = index == 0 && piped == nil && argument.name == nil && argument.value.mayDefer
      try compile(argument.value, into: temporary(), defers: mayWait ? .always : .never)
    }
  }

  /// A form looks its names up when it runs: those of functions around are captured for it.
  private mutating func capture(_ arguments: [Argument]) {
    for argument in arguments {
      for name in UsedNames.of(argument.value) { _ = scope.resolve(name) }
    }
  }

  /// `show x` at the prompt is `show(x)`.
  mutating func compileCommand(
    _ name: String, _ nameSpan: Span, _ arguments: [Expression], at span: Span, into target: Int
  ) throws {
    var arguments = arguments
    // Of a name that nobody knows, help knows the neighbours.
    if name == "help", arguments.count == 1, case .name(let topic) = arguments[0].kind,
      case .global(let cell) = scope.resolve(topic), cell.value == nil, builtins[topic] == nil, topic != "_",
      topic != "ans"
    {
      arguments[0] = Expression(.string([.literal(topic)]), arguments[0].span)
    }
    try compileCall(
      Expression(.name(name), nameSpan),
      arguments.map { Argument(name: nil, nameSpan: $0.span, value: $0) }, piped: nil, at: span, into: target,
      .never)
  }

  // MARK: Parts

  mutating func compileIndex(
    _ base: Expression, _ items: [IndexItem], _ expression: Expression, into target: Int
  ) throws {
    try withTemporaries { compiler in
      let value = try compiler.operand(base)
      let site = Site.index(IndexSite(base, items, expression.span))
      if let (first, second) = try compiler.singleItems(items) {
        if let second {
          compiler.builder.emit(.indexTwo, target, value, first, flag: second, site)
        } else {
          compiler.builder.emit(.indexOne, target, value, first, site)
        }
        return
      }
      let first = compiler.nextTemporary
      try compiler.compileItems(items)
      compiler.builder.emit(.index, target, value, first, site)
    }
  }

  /// The registers of one or two items that are no slices; the second register fits into a byte.
  mutating func singleItems(_ items: [IndexItem]) throws -> (Int, Int?)? {
    guard items.count == 1 || items.count == 2 else { return nil }
    var expressions: [Expression] = []
    for item in items {
      guard case .single(let expression) = item.kind else { return nil }
      expressions.append(expression)
    }
    if expressions.count == 1 { return (try operand(expressions[0]), nil) }
    guard nextTemporary < 250 else { return nil }
    let first = try operand(expressions[0])
    return (first, try operand(expressions[1]))
  }

  /// Each item takes a register, a slice three.
  mutating func compileItems(_ items: [IndexItem]) throws {
    for item in items {
      switch item.kind {
      case .ellipsis: continue
      case .single(let expression): try compile(expression, into: temporary())
      case .slice(let start, let stop, let step):
        for bound in [start, stop, step] {
          let register = temporary()
          if let bound {
            try compile(bound, into: register)
          } else {
            builder.emit(.constant, register, builder.constant(.none))
          }
        }
      }
    }
  }
}
