internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

// The loop of the machine. What is frequent and small stands here; everything else is called.
extension Evaluator {
  /// Runs until the frame at `floor` gives back its value.
  func loop(_ floor: Int) throws -> Value {
    let machine = machine
    let cancel = unsafe Cancellation.flag
    var frame = unsafe machine.frames + (machine.depth - 1)
    var start = unsafe frame.pointee.entry.pointee.instructions
    var numbers = unsafe frame.pointee.entry.pointee.numbers
    var r = unsafe frame.pointee.base
    var ip = unsafe start + frame.pointee.pc
    var turns = 0
    while true {
      let i = unsafe ip.pointee
      unsafe ip += 1
      let a = unsafe r + Int(i.a)
      switch i.opcode {
      case .number: unsafe a.set(numbers[i.distance])
      case .copy:
        let b = unsafe r + Int(i.b)
        if i.flag == 0 { unsafe a.pointee = unsafe b.pointee } else { unsafe a.take(b) }
      case .addNumber:
        if case .number(let x)? = unsafe r[Int(i.b)] {
          unsafe a.set(x + numbers[Int(i.c)])
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .subtractNumber:
        if case .number(let x)? = unsafe r[Int(i.b)] {
          unsafe a.set(x - numbers[Int(i.c)])
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .multiplyNumber:
        if case .number(let x)? = unsafe r[Int(i.b)] {
          unsafe a.set(x * numbers[Int(i.c)])
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .remainderNumber:
        if case .number(let x)? = unsafe r[Int(i.b)] {
          unsafe a.set(Operators.remainder(x, numbers[Int(i.c)]))
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .add:
        if case .number(let x)? = unsafe r[Int(i.b)], case .number(let y)? = unsafe r[Int(i.c)] {
          unsafe a.set(x + y)
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .subtract:
        if case .number(let x)? = unsafe r[Int(i.b)], case .number(let y)? = unsafe r[Int(i.c)] {
          unsafe a.set(x - y)
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .multiply:
        if case .number(let x)? = unsafe r[Int(i.b)], case .number(let y)? = unsafe r[Int(i.c)] {
          unsafe a.set(x * y)
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .divide:
        if case .number(let x)? = unsafe r[Int(i.b)], case .number(let y)? = unsafe r[Int(i.c)] {
          unsafe a.set(x / y)
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowBinary(frame, i)
      case .jump: unsafe ip += i.distance
      case .jumpBack:
        unsafe ip += i.distance
        if unsafe cancel.pointee != 0 { throw Interruption() }
        turns &+= 1
        // Many small values are not booked one by one.
        if turns & 63 == 0 {
          unsafe frame.pointee.pc = unsafe ip - start
          try checkMemory()
        }
      case .jumpUnlessLess:
        if case .number(let x)? = unsafe a.pointee {
          if i.flag == 1 {
            if _fastPath(unsafe x < numbers[Int(i.b)]) {} else { unsafe ip += i.shortDistance }
            continue
          }
          if case .number(let y)? = unsafe r[Int(i.b)] {
            if _fastPath(x < y) {} else { unsafe ip += i.shortDistance }
            continue
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTest(frame, i) { unsafe ip += i.shortDistance }
      case .jumpUnlessLessOrEqual:
        if case .number(let x)? = unsafe a.pointee {
          if i.flag == 1 {
            if _fastPath(unsafe x <= numbers[Int(i.b)]) {} else { unsafe ip += i.shortDistance }
            continue
          }
          if case .number(let y)? = unsafe r[Int(i.b)] {
            if _fastPath(x <= y) {} else { unsafe ip += i.shortDistance }
            continue
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTest(frame, i) { unsafe ip += i.shortDistance }
      case .jumpUnlessGreater:
        if case .number(let x)? = unsafe a.pointee {
          if i.flag == 1 {
            if _fastPath(unsafe x > numbers[Int(i.b)]) {} else { unsafe ip += i.shortDistance }
            continue
          }
          if case .number(let y)? = unsafe r[Int(i.b)] {
            if _fastPath(x > y) {} else { unsafe ip += i.shortDistance }
            continue
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTest(frame, i) { unsafe ip += i.shortDistance }
      case .jumpUnlessGreaterOrEqual:
        if case .number(let x)? = unsafe a.pointee {
          if i.flag == 1 {
            if _fastPath(unsafe x >= numbers[Int(i.b)]) {} else { unsafe ip += i.shortDistance }
            continue
          }
          if case .number(let y)? = unsafe r[Int(i.b)] {
            if _fastPath(x >= y) {} else { unsafe ip += i.shortDistance }
            continue
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTest(frame, i) { unsafe ip += i.shortDistance }
      case .jumpUnlessEqual:
        if case .number(let x)? = unsafe a.pointee {
          if i.flag == 1 {
            if _fastPath(unsafe x == numbers[Int(i.b)]) {} else { unsafe ip += i.shortDistance }
            continue
          }
          if case .number(let y)? = unsafe r[Int(i.b)] {
            if _fastPath(x == y) {} else { unsafe ip += i.shortDistance }
            continue
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTest(frame, i) { unsafe ip += i.shortDistance }
      case .jumpUnlessNotEqual:
        if case .number(let x)? = unsafe a.pointee {
          if i.flag == 1 {
            if _fastPath(unsafe x != numbers[Int(i.b)]) {} else { unsafe ip += i.shortDistance }
            continue
          }
          if case .number(let y)? = unsafe r[Int(i.b)] {
            if _fastPath(x != y) {} else { unsafe ip += i.shortDistance }
            continue
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTest(frame, i) { unsafe ip += i.shortDistance }
      case .jumpIfFalse:
        if case .boolean(let flag)? = unsafe a.pointee {
          if flag {} else { unsafe ip += i.distance }
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try !slowTruth(frame, i) { unsafe ip += i.distance }
      case .jumpIfGiven: if unsafe a.pointee != nil { unsafe ip += i.distance }
      case .next:
        if case .number(let x)? = unsafe a.pointee, case .number(let end)? = unsafe a[1],
          case .number(let step)? = unsafe a[2]
        {
          if step > 0 ? x < end : x > end {
            unsafe a.set(x + step)
            unsafe (r + Int(i.b)).set(x)
            unsafe ip += 1
          }
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try slowNext(frame, i) { unsafe ip += 1 }
      case .indexOne:
        if case .number(let x)? = unsafe r[Int(i.c)] {
          if case .list(let values)? = unsafe r[Int(i.b)], x >= 0, x < Double(values.count) {
            let position = Int(x)
            if Double(position) == x {
              unsafe a.assign(values[position])
              unsafe frame.pointee.forget(i.b, i.a)
              continue
            }
          } else if mode == .normal, case .tensor(let tensor)? = unsafe r[Int(i.b)] {
            if let element = tensor.element(x) {
              unsafe a.set(Double(element))
              unsafe frame.pointee.forget(i.b, i.a)
              continue
            }
            if let row = tensor.smallRow(x) {
              unsafe a.assign(.tensor(row))
              unsafe frame.pointee.forget(i.b, i.a)
              continue
            }
          }
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowIndex(frame, i)
      case .indexTwo:
        if case .tensor(let tensor)? = unsafe r[Int(i.b)], case .number(let x)? = unsafe r[Int(i.c)],
          case .number(let y)? = unsafe r[Int(i.flag)], let element = tensor.element(x, y)
        {
          unsafe a.set(Double(element))
          unsafe frame.pointee.forget(i.b, i.a)
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowIndex(frame, i)
      case .attribute:
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try attribute(frame, i)
      case .storeElementTwo:
        if case .number(let x)? = unsafe r[Int(i.b)], case .number(let y)? = unsafe r[Int(i.flag)],
          case .number(let value)? = unsafe r[Int(i.c)], case .tensor? = unsafe a.pointee,
          unsafe a.setElement(x, y, Float(value))
        {
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowStoreElement(frame, i)
      case .callGlobal:
        unsafe frame.pointee.pc = unsafe ip - start
        let cell = unsafe frame.pointee.entry.pointee.globals[Int(i.c)]
        let function = unsafe cell._withUnsafeGuaranteedRef { unsafe $0.function }
        let called = unsafe cell._withUnsafeGuaranteedRef { unsafe $0.entry }
        if let called = unsafe called, let given = unsafe givenCount(called, i, frame),
          unsafe push(called, function, r + Int(i.b) + 1, given, frame)
        {
          unsafe frame += 1
          unsafe start = unsafe called.pointee.instructions
          unsafe numbers = unsafe called.pointee.numbers
          unsafe r = unsafe frame.pointee.base
          unsafe ip = unsafe start
          if unsafe cancel.pointee != 0 { throw Interruption() }
          continue
        }
        if unsafe try call(frame, i) {
          unsafe frame = unsafe machine.frames + (machine.depth - 1)
          unsafe start = unsafe frame.pointee.entry.pointee.instructions
          unsafe numbers = unsafe frame.pointee.entry.pointee.numbers
          unsafe r = unsafe frame.pointee.base
          unsafe ip = unsafe start
        }
      case .call, .callBuiltin:
        unsafe frame.pointee.pc = unsafe ip - start
        if unsafe try call(frame, i) {
          // A function of the language goes on in a frame of its own.
          unsafe frame = unsafe machine.frames + (machine.depth - 1)
          unsafe start = unsafe frame.pointee.entry.pointee.instructions
          unsafe numbers = unsafe frame.pointee.entry.pointee.numbers
          unsafe r = unsafe frame.pointee.base
          unsafe ip = unsafe start
          if unsafe cancel.pointee != 0 { throw Interruption() }
        }
      case .giveBack, .end:
        if machine.depth == floor { return unsafe try leave(frame, i) }
        let entry = unsafe frame.pointee.entry
        if unsafe entry.pointee.hasCells || machine.handlers.count > 0 {
          let value = unsafe try leave(frame, i)
          unsafe frame -= 1
          unsafe start = unsafe frame.pointee.entry.pointee.instructions
          unsafe numbers = unsafe frame.pointee.entry.pointee.numbers
          unsafe r = unsafe frame.pointee.base
          unsafe ip = unsafe start + frame.pointee.pc
          unsafe (r + Int((ip - 1).pointee.a)).assign(value)
          continue
        }
        let value = unsafe a.move()
        unsafe a.initialize(to: nil)
        unsafe machine.clear(r, entry.pointee.registerCount)
        machine.depth -= 1
        unsafe frame -= 1
        unsafe start = unsafe frame.pointee.entry.pointee.instructions
        unsafe numbers = unsafe frame.pointee.entry.pointee.numbers
        unsafe r = unsafe frame.pointee.base
        unsafe ip = unsafe start + frame.pointee.pc
        let target = unsafe r + Int((ip - 1).pointee.a)
        if unsafe target.pointee.isTrivial {
          unsafe target.initialize(to: value)
        } else {
          unsafe target.pointee = value
        }
      case .global:
        let cell = unsafe frame.pointee.entry.pointee.code._withUnsafeGuaranteedRef { $0.globals[Int(i.b)] }
        if case .number(let x)? = cell.value {
          unsafe a.set(x)
          continue
        }
        if let value = cell.value {
          unsafe a.assign(value)
          continue
        }
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try slowName(frame, i)
      case .storeGlobal:
        unsafe frame.pointee.pc = unsafe ip - start
        unsafe try storeGlobal(frame, i)
      default:
        unsafe frame.pointee.pc = unsafe ip - start
        if let distance = unsafe try slow(frame, i) { unsafe ip += distance }
      }
    }
  }

  /// How many arguments a function gets that stand where its parameters are; nil where they do not.
  @inline(__always)
  private func givenCount(
    _ called: UnsafeMutablePointer<Entry>, _ i: Instruction, _ frame: FramePointer
  ) -> Int? {
    if unsafe called.pointee.parameterCount == Int(i.flag) { return Int(i.flag) }
    return unsafe frame.pointee.object(CallSite.self)._withUnsafeGuaranteedRef { site in
      unsafe site.known == called ? site.arguments.count : nil
    }
  }
}
