/// What an instruction does. `a`, `b` and `c` are its operands; `r` are the registers of the function at hand.
enum Opcode: UInt8, Sendable {
  // Values
  /// r[a] = constants[b]
  case constant
  /// r[a] = numbers[b]
  case number
  /// r[a] = r[b]
  case copy
  /// r[a] = r[b], or, where nothing was assigned yet, what the name of r[b] means around the function
  case local
  /// r[a] = the global b
  case global
  /// r[a] = the captured variable b
  case captured
  /// r[a] = a copy to keep: layers are independent of where they came from
  case keep
  /// The global a = r[b], which is taken
  case storeGlobal
  /// The captured variable a = r[b], which is taken
  case storeCaptured
  /// Forgets what r[a] holds
  case clear
  // Arithmetic
  /// r[a] = r[b] + r[c]
  case add
  case subtract
  case multiply
  case divide
  /// r[a] = r[b] + numbers[c]
  case addNumber
  case subtractNumber
  case multiplyNumber
  case remainderNumber
  /// r[a] = r[b] op r[c]; the operator is `flag`
  case binary
  case negate
  case plus
  case not
  // Jumps: `b` and `c` together, or `c` alone, are the distance from the next instruction
  case jump
  /// A jump back, which hears Ctrl-C
  case jumpBack
  /// if not r[a]
  case jumpIfFalse
  /// if r[a] is decided for `and`
  case jumpIfDecidedAnd
  case jumpIfDecidedOr
  /// if not r[a] < r[b]; r[b] is numbers[b] where `flag` is 1. The five others alike
  case jumpUnlessLess
  case jumpUnlessLessOrEqual
  case jumpUnlessGreater
  case jumpUnlessGreaterOrEqual
  case jumpUnlessEqual
  case jumpUnlessNotEqual
  /// if the parameter a was given
  case jumpIfGiven
  /// r[a] may not be a tensor of several elements: an operand of `and` and `or`
  case checkLogic
  // Making
  /// r[a] = [r[b], …], c of them
  case list
  /// r[a] = {…}, from r[b] on
  case record
  /// r[a] = text of the parts from r[b] on
  case text
  /// r[a] = the function b
  case closure
  // Parts
  /// r[a] = r[b][r[c]]
  case indexOne
  /// r[a] = r[b][r[c], r[c + 1]]
  case indexTwo
  /// r[a] = r[b][…], the items from r[c] on
  case index
  /// r[a] = r[b].name
  case attribute
  /// An error if r[a].name(…) is written where a function is meant
  case rejectMethod
  /// The variable a: [r[b], …] or .name = r[c]; which variable and how is told by the place
  case storePart
  /// r[a][r[b]] = r[c], of a variable in a register
  case storeElement
  /// r[a][r[b], r[b + 1]] = r[c], of a variable in a register
  case storeElementTwo
  /// r[a] = append(r[a], r[b], …), c of them
  case append
  // Calls
  /// r[a] = r[b](r[b + 1], …)
  case call
  /// r[a] = global(r[b + 1], …)
  case callGlobal
  /// r[a] = builtin(r[b + 1], …)
  case callBuiltin
  /// r[a] = builtin, which sees its arguments unevaluated
  case callForm
  /// Returns r[a]
  case giveBack
  // Loops
  /// Begins to walk through r[b], in r[a] … r[a + 2]
  case walk
  /// r[b] = the next element of r[a] …; jumps at the end
  case next
  /// r[a] … = the c elements of r[b]
  case unpack
  // Statements
  /// Prints r[a], which `_` keeps
  case echo
  /// Tells that a variable has changed
  case announce
  /// Begins a `try`, whose failure goes on at the jump, with the error in r[a]
  case beginTry
  case endTry
  /// The end of a statement; its value is r[a]
  case end
}

/// One step of a compiled program: eight bytes.
struct Instruction: Sendable {
  var opcode: Opcode
  var flag: UInt8 = 0
  var a: UInt16 = 0
  var b: UInt16 = 0
  var c: UInt16 = 0

  /// `b` and `c` as one signed number: how far a jump goes.
  @inline(__always)
  var distance: Int {
    get { Int(Int32(bitPattern: UInt32(b) | UInt32(c) << 16)) }
    set {
      let bits = UInt32(bitPattern: Int32(truncatingIfNeeded: newValue))
      b = UInt16(truncatingIfNeeded: bits)
      c = UInt16(truncatingIfNeeded: bits >> 16)
    }
  }

  /// `c` as a signed number: how far a short jump goes.
  @inline(__always)
  var shortDistance: Int { Int(Int16(bitPattern: c)) }
}
