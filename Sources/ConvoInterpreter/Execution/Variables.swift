internal import ConvoSyntax

/// A variable that several functions see, or one of the session.
@safe final class Cell: @unchecked Sendable {
  let name: String
  /// What it holds; `nil` before the first assignment and after `del`.
  var value: Value? {
    didSet {
      if case .function(.user(let closure))? = value {
        unsafe function = Unmanaged.passUnretained(closure)
        unsafe entry = closure.prototype.entry
      } else if unsafe entry != nil {
        unsafe function = nil
        unsafe entry = nil
      }
    }
  }
  /// The statement, or `try`, that has noted what the variable held before it.
  var epoch = 0
  /// Where a call of the function that the variable holds begins.
  private(set) var entry: UnsafeMutablePointer<Entry>?
  private(set) var function: Unmanaged<Closure>?

  init(_ name: String, _ value: Value? = nil) {
    self.name = name
    self.value = value
    if value != nil { self.value = value }
  }

  /// Puts a number in, which takes no reference count.
  @inline(__always)
  func set(number: Double) {
    if value.isTrivial { value = .number(number) } else { value = .number(number) }
  }
}

/// The variables of the session, or of an imported script.
public final class Variables: @unchecked Sendable {
  /// Cells by name, also of names that nothing was assigned to yet. Confined to the thread of the session.
  private var cells: [String: Cell] = [:]

  /// No variables.
  public init() {}

  /// The place of a variable; it is made where it is missing.
  func cell(_ name: String) -> Cell {
    if let cell = cells[name] { return cell }
    let cell = Cell(name)
    cells[name] = cell
    return cell
  }

  /// The value of a variable. Setting `nil` forgets it.
  public subscript(name: String) -> Value? {
    get { cells[name]?.value }
    set { cell(name).value = newValue }
  }

  /// The names of all variables, sorted.
  public var names: [String] { cells.filter { $0.value.value != nil }.keys.sorted() }

  /// All variables, sorted by name.
  public var sorted: [(name: String, value: Value)] {
    names.compactMap { name in cells[name]?.value.map { (name, $0) } }
  }
}

/// A function of the language with the variables of the functions around it that it uses.
public final class Closure: @unchecked Sendable {
  let prototype: Prototype
  private(set) var cells: [Cell]

  deinit { ClosureFreeing.free(&cells) }

  init(_ prototype: Prototype, _ cells: [Cell]) {
    self.prototype = prototype
    self.cells = cells
  }

  /// The names of its parameters.
  public var parameterNames: [String] { prototype.literal.parameters.map(\.name) }

  /// What a name means inside the function, beside its own variables.
  func lookup(_ name: String) -> Value? {
    if let index = prototype.cells[name], index < cells.count, let value = cells[index].value { return value }
    return prototype.globals[name]
  }
}
