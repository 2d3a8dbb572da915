internal import ConvoSyntax

/// What a name means where it stands.
enum Variable {
  /// A variable of the function at hand, in a register.
  case register(Int)
  /// A variable that functions share: one of a function around, or one that a function inside uses.
  case captured(Int)
  /// A variable of the session or of an imported script, or a builtin, as long as no variable hides it.
  case global(Cell)
}

/// A function as it was compiled: what all its closures have in common.
@safe final class Prototype: @unchecked Sendable {
  let literal: FunctionLiteral
  /// For each captured variable, its place among the shared variables of the function that makes the closure.
  fileprivate(set) var captures: [Int] = []
  /// For each variable that is shared with functions inside, the parameter that it is, if it is one.
  fileprivate(set) var ownCells: [Int?] = []
  /// Where each name is.
  fileprivate(set) var registers: [String: Int] = [:]
  fileprivate(set) var cells: [String: Int] = [:]
  /// The variables around the outermost function.
  let globals: Variables
  fileprivate(set) var code: Code?

  init(_ literal: FunctionLiteral, globals: Variables) {
    self.literal = literal
    self.globals = globals
  }

  /// Takes over what the compiler found out.
  func finish(_ scope: FunctionScope, _ code: Code) {
    captures = scope.captures
    ownCells = scope.ownCells
    registers = scope.registers
    cells = scope.cells
    self.code = code
  }

  /// Where a call begins.
  var entry: UnsafeMutablePointer<Entry>? { unsafe code?.entry }

  /// The function around has found all that it captures: its shared variables have their places.
  func placeCaptures(_ scope: FunctionScope) { captures = captures.map(scope.place) }

  /// The name in errors.
  var name: String { literal.name ?? "fn" }
}

/// The names of a function while it is compiled.
final class FunctionScope {
  let literal: FunctionLiteral?
  let parent: FunctionScope?
  let globals: Variables
  /// Variables in registers.
  var registers: [String: Int] = [:]
  /// Shared variables: captured ones first, then the function's own.
  var cells: [String: Int] = [:]
  /// For each captured variable, its place in the parent.
  var captures: [Int] = []
  /// For each own shared variable, the parameter that it is.
  var ownCells: [Int?] = []
  /// Names that the function binds.
  private var ownNames: Set<String> = []
  private var sharedNames: Set<String> = []
  /// Registers that surely hold something here.
  var assigned: Set<Int> = []
  /// Whether ``assigned`` is kept: not where a variable may be deleted.
  private(set) var tracksAssignment = false
  /// The captured variables are not known in full before the body is compiled: own ones are counted from here.
  static let firstOwn = 1 << 14

  init(_ literal: FunctionLiteral?, parent: FunctionScope?, globals: Variables) {
    self.literal = literal
    self.parent = parent
    self.globals = globals
    guard let literal else { return }
    let names = BoundNames.of(literal)
    tracksAssignment = !UsedNames.of(literal).contains("del")
    sharedNames = names.shared
    for (index, parameter) in literal.parameters.enumerated() {
      ownNames.insert(parameter.name)
      if sharedNames.contains(parameter.name) {
        cells[parameter.name] = FunctionScope.firstOwn + ownCells.count
        ownCells.append(index)
      } else {
        registers[parameter.name] = index
        if tracksAssignment { assigned.insert(index) }
      }
    }
    var next = literal.parameters.count
    for name in names.bound where ownNames.insert(name).inserted {
      if sharedNames.contains(name) {
        cells[name] = FunctionScope.firstOwn + ownCells.count
        ownCells.append(nil)
      } else {
        registers[name] = next
        next += 1
      }
    }
    localCount = next
  }

  /// The names of a function that runs, for an expression that is compiled while it does.
  init(running prototype: Prototype?, globals: Variables, firstTemporary: Int) {
    literal = prototype?.literal
    parent = nil
    self.globals = globals
    registers = prototype?.registers ?? [:]
    cells = prototype?.cells ?? [:]
    localCount = firstTemporary
  }

  /// How many registers variables take.
  private(set) var localCount = 0

  /// What a name means; a variable of a function around is captured.
  func resolve(_ name: String) -> Variable {
    if let register = registers[name] { return .register(register) }
    if let cell = captured(name) { return .captured(cell) }
    return .global(globals.cell(name))
  }

  /// What a name means around this function, for a variable of it that holds nothing yet.
  func resolveOutside(_ name: String) -> Int? {
    guard let parent, let outer = parent.captured(name) else { return nil }
    let key = "outside " + name
    if let known = cells[key] { return known }
    captures.append(outer)
    cells[key] = captures.count - 1
    return captures.count - 1
  }

  private func captured(_ name: String) -> Int? {
    if let cell = cells[name] { return cell }
    // A register of a function around cannot be captured: the resolver puts what is shared into cells.
    if registers[name] != nil { return nil }
    guard let parent, let outer = parent.captured(name) else { return nil }
    captures.append(outer)
    cells[name] = captures.count - 1
    return captures.count - 1
  }

  /// The same for a variable.
  func placed(_ variable: Variable) -> Variable {
    if case .captured(let cell) = variable { return .captured(place(cell)) }
    return variable
  }

  /// Gives every shared variable its place.
  func placeAll() { cells = cells.mapValues(place) }

  /// The place of a shared variable once all captured ones are known.
  func place(_ cell: Int) -> Int {
    cell >= FunctionScope.firstOwn ? cell - FunctionScope.firstOwn + captures.count : cell
  }
}
