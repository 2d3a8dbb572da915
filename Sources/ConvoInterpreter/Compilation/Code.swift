internal import ConvoSyntax
internal import ConvoTensor

/// What a call needs of a compiled function, without a reference count.
@safe struct Entry {
  let instructions: UnsafeMutablePointer<Instruction>
  let numbers: UnsafeMutablePointer<Double>
  let registerCount: Int
  let localCount: Int
  let parameterCount: Int
  /// Whether a closure or a function inside shares variables.
  let hasCells: Bool
  /// Whether an argument may be left out.
  let hasDefaults: Bool
  let code: Unmanaged<Code>
  /// For each instruction the object that it stands for, if it is one.
  let sites: UnsafeMutablePointer<UnsafeRawPointer?>
  let globals: UnsafeMutablePointer<Unmanaged<Cell>>
}

/// A compiled statement or function.
///
/// Registers are numbered from the function's own: its parameters come first, its other variables next, intermediate
/// results behind. What an error needs, places and texts, stands beside the instructions and is looked at only then.
@safe final class Code: @unchecked Sendable {
  /// The instructions; read without bounds checks, since the compiler made every index.
  let instructions: UnsafeMutablePointer<Instruction>
  let count: Int
  let numbers: UnsafeMutablePointer<Double>
  let entry: UnsafeMutablePointer<Entry>
  let constants: [Value]
  /// What each instruction stands for in the source.
  let sites: [Site]
  /// Global variables, by the index that instructions use.
  let globals: [Cell]
  /// Functions that this one makes.
  let functions: [Prototype]
  let registerCount: Int
  /// The registers of variables; behind them stand intermediate results, which whoever reads them takes.
  let localCount: Int
  let source: SourceText

  init(_ builder: CodeBuilder, _ scope: FunctionScope, source: SourceText) {
    count = builder.instructions.count
    let code = UnsafeMutablePointer<Instruction>.allocate(capacity: max(count, 1))
    for (index, instruction) in builder.instructions.enumerated() { unsafe code[index] = instruction }
    unsafe instructions = code
    let pool = UnsafeMutablePointer<Double>.allocate(capacity: max(builder.numbers.count, 1))
    for (index, number) in builder.numbers.enumerated() { unsafe pool[index] = number }
    unsafe numbers = pool
    unsafe entry = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
    let places = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(count, 1))
    for (index, site) in builder.sites.enumerated() {
      unsafe places[index] = site.object.map {
        unsafe UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque())
      }
    }
    let cells = UnsafeMutablePointer<Unmanaged<Cell>>.allocate(capacity: max(builder.globals.count, 1))
    for (index, cell) in builder.globals.enumerated() { unsafe cells[index] = .passUnretained(cell) }
    constants = builder.constants
    sites = builder.sites
    globals = builder.globals
    functions = builder.functions
    registerCount = builder.registerCount
    localCount = scope.localCount
    self.source = source
    unsafe entry.initialize(
      to: Entry(
        instructions: instructions, numbers: numbers, registerCount: registerCount, localCount: localCount,
        parameterCount: scope.literal?.parameters.count ?? 0,
        hasCells: !scope.captures.isEmpty || !scope.ownCells.isEmpty,
        hasDefaults: scope.literal?.parameters.contains { $0.defaultValue != nil } ?? false,
        code: Unmanaged.passUnretained(self), sites: places, globals: cells))
  }

  deinit {
    unsafe instructions.deallocate()
    unsafe numbers.deallocate()
    unsafe entry.pointee.sites.deallocate()
    unsafe entry.pointee.globals.deallocate()
    unsafe entry.deallocate()
  }
}

/// What an instruction stands for in the source.
enum Site {
  case none
  case expression(Expression)
  case binary(BinarySite)
  case call(CallSite)
  case index(IndexSite)
  case attribute(AttributeSite)
  case place(PlaceSite)
  case unpack(UnpackSite)
  case echo(Statement)
  case announce(AnnounceSite)
  case attempt(AttemptSite)
  case parts(TextSite)
  case keys([RecordEntry])
}

extension Site {
  /// The object that frequent instructions look at without a reference count.
  var object: AnyObject? {
    switch self {
    case .binary(let site): site
    case .call(let site): site
    case .attribute(let site): site
    default: nil
    }
  }
}

/// An operator with its operands.
final class BinarySite {
  let operation: BinaryOperator
  let left: Expression
  let right: Expression
  let operatorSpan: Span
  let whole: Expression
  /// Whether the reader of the result can take a convolution that has not run yet.
  var defers = Deferral.never
  /// Whether the result decides an `and`.
  var isLogic = false
  /// What the operator does to small tensors.
  let small: SmallOperation?
  var origins = OriginCache()

  init(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, at span: Span, in whole: Expression
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    self.operatorSpan = span
    self.whole = whole
    small =
      switch operation {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      default: nil
      }
  }
}

/// A call as it is written, with what was found out about its callee when it ran last.
@safe final class CallSite {
  let callee: Expression
  /// The arguments, the piped one first.
  let arguments: [Argument]
  let isPiped: Bool
  let span: Span
  /// The builtin that is called unless a variable of its name hides it.
  let builtin: Builtin?
  /// The global variable that holds the callee, or could hide the builtin.
  let cell: Cell?
  /// Whether the caller can take a convolution that has not run yet.
  let defers: Deferral
  /// Whether every argument is given by position.
  let isPlain: Bool
  /// How the arguments of the builtin go to its parameters.
  let binding: BuiltinBinding?
  var origins = OriginCache()
  /// The function that ``order`` was made for.
  var prototype: Prototype?
  /// Where that function begins, if its arguments need no reordering.
  var known: UnsafeMutablePointer<Entry>?
  /// Where each argument goes among the parameters; nil where they stay in their order.
  var order: [Int]?

  init(
    callee: Expression, arguments: [Argument], isPiped: Bool, span: Span, builtin: Builtin? = nil,
    cell: Cell? = nil, defers: Deferral
  ) {
    self.callee = callee
    self.arguments = arguments
    self.isPiped = isPiped
    self.span = span
    self.builtin = builtin
    self.cell = cell
    self.defers = defers
    self.isPlain = arguments.allSatisfy { $0.name == nil }
    self.binding = builtin.flatMap { BuiltinBinding($0, arguments) }
  }
}

/// When a call may leave its convolution to the reader of its result.
enum Deferral {
  case never
  case always
  /// When the call of the function at hand may.
  case asCaller
}

/// What stands between the brackets of an index.
final class IndexSite {
  let base: Expression
  let items: [IndexItem]
  let whole: Span

  init(_ base: Expression, _ items: [IndexItem], _ whole: Span) {
    self.base = base
    self.items = items
    self.whole = whole
  }
}

/// A name behind a point, with where it stood in the record that was looked at last.
final class AttributeSite {
  let name: String
  let nameSpan: Span
  let base: Expression
  let arguments: [Argument]
  var guess = 0

  init(_ base: Expression, _ name: String, _ nameSpan: Span, _ arguments: [Argument] = []) {
    self.base = base
    self.name = name
    self.nameSpan = nameSpan
    self.arguments = arguments
  }
}

/// A variable, and the way to a part of it that is assigned.
final class PlaceSite {
  enum Step {
    case attribute(String, Span)
    case items(IndexSite)

    var span: Span {
      switch self {
      case .attribute(_, let span): span
      case .items(let site): site.whole
      }
    }
  }
  let name: String
  let nameSpan: Span
  var variable: Variable
  let steps: [Step]

  init(_ name: String, _ nameSpan: Span, _ variable: Variable, _ steps: [Step]) {
    self.name = name
    self.nameSpan = nameSpan
    self.variable = variable
    self.steps = steps
  }
}

/// Names that take a value apart.
final class UnpackSite {
  let targets: Int
  let firstSpan: Span
  let span: Span

  init(targets: Int, first: Span, span: Span) {
    self.targets = targets
    self.firstSpan = first
    self.span = span
  }
}

/// A text with values in it.
final class TextSite {
  /// The bytes of each part; an empty one stands for a value.
  let parts: [[UInt8]]
  let span: Span

  init(_ parts: [StringPart], _ span: Span) {
    self.parts = parts.compactMap { part in
      switch part {
      case .literal(let text): text.isEmpty ? nil : Array(text.utf8)
      case .interpolation: []
      }
    }
    self.span = span
  }
}

/// A variable whose change is told.
final class AnnounceSite {
  let name: String
  var variable: Variable

  init(_ name: String, _ variable: Variable) {
    self.name = name
    self.variable = variable
  }
}

/// What a `try` puts back when it fails.
final class AttemptSite {
  /// Registers of variables that its body may change.
  let registers: [Int]
  /// Shared variables that its body may change.
  var cells: [Int]

  init(registers: [Int], cells: [Int]) {
    self.registers = registers
    self.cells = cells
  }
}
