internal import ConvoSyntax

/// Turns statements and functions into code for the machine.
///
/// Names are found once: variables of a function are registers, what functions share are cells, the session's variables
/// are cells too, and builtins are bound where no variable hides them.
struct Compiler {
  let source: SourceText
  let builtins: BuiltinTable
  let scope: FunctionScope
  var builder = CodeBuilder()
  /// The first register that holds nothing of interest.
  var nextTemporary: Int
  /// Whether comparisons jump by themselves; their jumps reach 32 000 instructions.
  var hasShortJumps = true
  /// Jumps out of the loops around, innermost last.
  var loops: [Loop] = []
  /// How many `try` are around.
  var tryDepth = 0
  /// Whether bare expressions show their value.
  var prints = false
  /// Whether assignments may show their line.
  var announces = false
  /// How deep blocks stand in one another.
  var blockDepth = 0

  struct Loop {
    let start: Int
    var ends: [Int] = []
    let tryDepth: Int
  }

  /// The code would need more registers, constants or distance than an instruction can name.
  struct TooLarge: Error {}

  init(source: SourceText, builtins: BuiltinTable, scope: FunctionScope) {
    self.source = source
    self.builtins = builtins
    self.scope = scope
    nextTemporary = scope.localCount
    builder.registerCount = scope.localCount
  }

  /// A statement of the session or of a script.
  static func compile(
    _ statement: Statement, in source: SourceText, _ builtins: BuiltinTable, globals: Variables, prints: Bool
  ) throws -> Code {
    try attempt(source, statement.span) { hasShortJumps in
      let scope = FunctionScope(nil, parent: nil, globals: globals)
      var compiler = Compiler(source: source, builtins: builtins, scope: scope)
      compiler.hasShortJumps = hasShortJumps
      compiler.prints = prints
      compiler.announces = prints
      let result = compiler.temporary()
      try compiler.compile(statement, into: result)
      compiler.builder.emit(.end, result)
      return try compiler.code()
    }
  }

  /// An expression in the surroundings of a function that runs.
  static func compile(
    _ expression: Expression, in source: SourceText, _ builtins: BuiltinTable, _ scope: FunctionScope
  ) throws -> Code {
    try attempt(source, expression.span) { hasShortJumps in
      var compiler = Compiler(source: source, builtins: builtins, scope: scope)
      compiler.hasShortJumps = hasShortJumps
      let result = compiler.temporary()
      try compiler.compile(expression, into: result)
      compiler.builder.emit(.end, result)
      return try compiler.code()
    }
  }

  /// Compiles with short jumps, and where these do not reach, with long ones.
  private static func attempt(_ source: SourceText, _ span: Span, _ body: (Bool) throws -> Code) throws
    -> Code
  {
    do { return try body(true) } catch is TooLarge {
      do { return try body(false) } catch is TooLarge {
        throw Diagnostic("the function is too large", source: source, labels: [.init(span)])
      }
    }
  }

  func code() throws -> Code {
    let most = Int(UInt16.max)
    guard builder.registerCount < most, builder.constants.count < most,
      builder.globals.count < most, builder.functions.count < most
    else { throw TooLarge() }
    return Code(builder, scope, source: source)
  }

  // MARK: Registers

  mutating func temporary() -> Int {
    let register = nextTemporary
    nextTemporary += 1
    builder.registerCount = max(builder.registerCount, nextTemporary)
    return register
  }

  /// Registers that are free again after `body`.
  mutating func withTemporaries<Result>(_ body: (inout Compiler) throws -> Result) rethrows -> Result {
    let mark = nextTemporary
    defer { nextTemporary = mark }
    return try body(&self)
  }

  // MARK: Functions

  /// A function inside; it is compiled at once, so that what it captures is known.
  mutating func closure(_ literal: FunctionLiteral) throws -> Int {
    builder.functions.append(
      try Compiler.prototype(literal, parent: scope, builtins, globals: scope.globals, hasShortJumps: true))
    return builder.functions.count - 1
  }

  static func prototype(
    _ literal: FunctionLiteral, parent: FunctionScope?, _ builtins: BuiltinTable, globals: Variables,
    hasShortJumps: Bool
  ) throws -> Prototype {
    let prototype = Prototype(literal, globals: globals)
    let scope = FunctionScope(literal, parent: parent, globals: globals)
    let captured = parent.map { ($0.captures, $0.cells) }
    do {
      var compiler = Compiler(source: literal.source, builtins: builtins, scope: scope)
      compiler.hasShortJumps = hasShortJumps
      try compiler.compileBody(literal)
      compiler.placeCells()
      prototype.finish(scope, try compiler.code())
      return prototype
    } catch is TooLarge where hasShortJumps {
      if let parent, let captured { (parent.captures, parent.cells) = captured }
      return try Compiler.prototype(literal, parent: parent, builtins, globals: globals, hasShortJumps: false)
    }
  }

  /// Captured variables stand before the function's own shared ones, and are all known only now.
  private mutating func placeCells() {
    for index in builder.instructions.indices {
      switch builder.instructions[index].opcode {
      case .captured:
        let cell = scope.place(Int(builder.instructions[index].b))
        builder.instructions[index].b = UInt16(truncatingIfNeeded: cell)
      case .storeCaptured:
        let cell = scope.place(Int(builder.instructions[index].a))
        builder.instructions[index].a = UInt16(truncatingIfNeeded: cell)
      default: continue
      }
    }
    for function in builder.functions { function.placeCaptures(scope) }
    for site in builder.sites {
      switch site {
      case .place(let place): place.variable = scope.placed(place.variable)
      case .announce(let announce): announce.variable = scope.placed(announce.variable)
      case .attempt(let attempt): attempt.cells = attempt.cells.map(scope.place)
      default: continue
      }
    }
    scope.placeAll()
  }

  private mutating func compileBody(_ literal: FunctionLiteral) throws {
    for (index, parameter) in literal.parameters.enumerated() where parameter.defaultValue != nil {
      scope.assigned.remove(index)
    }
    for (index, parameter) in literal.parameters.enumerated() {
      guard let value = parameter.defaultValue else { continue }
      let given = builder.emit(.jumpIfGiven, index)
      try compile(value, into: index)
      if let cell = scope.cells[parameter.name] {
        let copy = temporary()
        builder.emit(.copy, copy, index)
        builder.emit(.storeCaptured, cell, copy)
      }
      builder.land(given)
      noteAssigned(index)
    }
    let result = temporary()
    switch literal.body {
    case .expression(let expression): try compile(expression, into: result, defers: .asCaller)
    case .block(let statements): try compile(statements, into: result, isTail: true)
    }
    builder.emit(.giveBack, result)
  }
}
