internal import ConvoSyntax

/// Instructions that are being put together.
struct CodeBuilder {
  var instructions: [Instruction] = []
  var sites: [Site] = []
  var numbers: [Double] = []
  var constants: [Value] = []
  var globals: [Cell] = []
  var functions: [Prototype] = []
  /// The most registers that were in use at once.
  var registerCount = 0
  private var globalIndex: [ObjectIdentifier: Int] = [:]

  /// The place of the next instruction.
  var position: Int { instructions.count }

  @discardableResult
  mutating func emit(
    _ opcode: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, flag: Int = 0, _ site: Site = .none
  ) -> Int {
    instructions.append(
      Instruction(
        opcode: opcode, flag: UInt8(truncatingIfNeeded: flag), a: UInt16(truncatingIfNeeded: a),
        b: UInt16(truncatingIfNeeded: b), c: UInt16(truncatingIfNeeded: c)))
    sites.append(site)
    return instructions.count - 1
  }

  /// Lets a jump go to the next instruction.
  mutating func land(_ jump: Int) { aim(jump, at: position) }

  /// Lets a jump go to an instruction.
  mutating func aim(_ jump: Int, at target: Int) {
    let distance = target - jump - 1
    switch instructions[jump].opcode {
    case .jump, .jumpBack, .jumpIfFalse, .jumpIfDecidedAnd, .jumpIfDecidedOr, .jumpIfGiven, .beginTry:
      instructions[jump].distance = distance
    default:
      instructions[jump].c = UInt16(bitPattern: Int16(truncatingIfNeeded: distance))
    }
  }

  /// r[a] = number
  mutating func emit(number: Double, _ register: Int) {
    let position = emit(.number, register)
    instructions[position].distance = index(of: number)
  }

  /// The place of a number, if an operand of an instruction can name it.
  mutating func shortNumber(_ number: Double) -> Int? {
    let place = index(of: number)
    return place <= Int(UInt16.max) ? place : nil
  }

  private mutating func index(of number: Double) -> Int {
    // Looking for a number among the last few is cheaper than a table of all.
    if let index = numbers.suffix(16).lastIndex(where: { $0.bitPattern == number.bitPattern }) {
      return index
    }
    numbers.append(number)
    return numbers.count - 1
  }

  mutating func constant(_ value: Value) -> Int {
    constants.append(value)
    return constants.count - 1
  }

  mutating func global(_ cell: Cell) -> Int {
    if let index = globalIndex[ObjectIdentifier(cell)] { return index }
    globals.append(cell)
    globalIndex[ObjectIdentifier(cell)] = globals.count - 1
    return globals.count - 1
  }
}
