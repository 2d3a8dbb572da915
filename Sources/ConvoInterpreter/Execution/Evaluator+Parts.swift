internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

// Parts of values: what stands in brackets or behind a point.
extension Evaluator {
  /// The items between brackets, from registers.
  private func resolve(
    _ items: [IndexItem], _ first: UnsafeMutablePointer<Value?>
  ) throws -> (items: [ResolvedIndex], next: UnsafeMutablePointer<Value?>) {
    var place = unsafe first
    var resolved: [ResolvedIndex] = []
    resolved.reserveCapacity(items.count)
    for item in items {
      switch item.kind {
      case .ellipsis: resolved.append(.ellipsis)
      case .single:
        unsafe resolved.append(try resolve(place.taken(), at: item.span))
        unsafe place += 1
      case .slice(let start, let stop, let step):
        let bounds = unsafe try (
          bound(place[0], start), bound(place[1], stop), bound(place[2], step)
        )
        for index in 0..<3 { unsafe place[index] = nil }
        unsafe place += 3
        if bounds.2 == 0 {
          throw Diagnostic(
            "the step of a slice cannot be 0", source: source, labels: [.init(item.span)])
        }
        resolved.append(.range(start: bounds.0, stop: bounds.1, step: bounds.2 ?? 1))
      }
    }
    return unsafe (resolved, place)
  }

  private func bound(_ value: Value?, _ expression: Expression?) throws -> Int? {
    guard let expression else { return nil }
    return try bound(value ?? .none, at: expression.span)
  }

  @inline(never)
  func slowIndex(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .index(let site) = unsafe frame.pointee.site else { return }
    let items: [ResolvedIndex]
    switch i.opcode {
    case .indexOne: items = unsafe [try resolve(frame.pointee.operand(i.c), at: site.items[0].span)]
    case .indexTwo:
      items = unsafe [
        try resolve(frame.pointee.operand(i.c), at: site.items[0].span),
        try resolve(frame.pointee.operand(UInt16(i.flag)), at: site.items[1].span),
      ]
    default: items = unsafe try resolve(site.items, frame.pointee.base + Int(i.c)).items
    }
    let value = unsafe try finish(frame.pointee.operand(i.b))
    do { unsafe frame.pointee.set(i.a, try value.element(at: items, self)) } catch {
      throw indexDiagnostic(for: error, of: value, site.base, site.items, items)
    }
  }

  /// r[a] = r[b].name
  @inline(__always)
  func attribute(_ frame: FramePointer, _ i: Instruction) throws {
    let place = unsafe frame.pointee.base + Int(i.b)
    let known = unsafe frame.pointee.object(AttributeSite.self)
    if case .record(let record)? = unsafe place.pointee, !record.hasUnread {
      let found = unsafe known._withUnsafeGuaranteedRef { site -> Int? in
        guard let position = record.position(of: site.name, guess: site.guess) else { return nil }
        site.guess = position
        return position
      }
      if let found {
        unsafe frame.pointee.set(i.a, record.known(at: found))
        if !isKept(i) { unsafe frame.pointee.forget(i.b, i.a) }
        return
      }
    }
    let site = unsafe known.takeUnretainedValue()
    if case .record(let record)? = unsafe place.pointee,
      let position = record.position(of: site.name, guess: site.guess)
    {
      site.guess = position
      do {
        let value = try record.value(at: position)
        if unsafe Int(i.b) >= frame.pointee.entry.pointee.localCount, i.a != i.b, !isKept(i) {
          unsafe place.pointee = nil
        }
        unsafe frame.pointee.set(i.a, value)
        return
      } catch { throw diagnostic(for: error, at: site.nameSpan, operation: nil) }
    }
    unsafe try slowAttribute(frame, i, site)
  }

  /// Whether the value is needed again: that of a method is.
  @inline(__always)
  private func isKept(_ i: Instruction) -> Bool { i.flag != 0 }

  @inline(never)
  private func slowAttribute(_ frame: FramePointer, _ i: Instruction, _ site: AttributeSite) throws {
    let value = unsafe try finish(frame.pointee.operand(i.b))
    do { unsafe frame.pointee.set(i.a, try value.attribute(site.name, builtins: builtins)) } catch {
      throw diagnostic(for: error, at: site.nameSpan, operation: nil)
    }
  }

  // MARK: Assignment to parts

  /// x[i] = v, of a variable in a register
  @inline(never)
  func slowStoreElement(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .place(let place) = unsafe frame.pointee.site, case .items(let site) = place.steps[0] else {
      return
    }
    var items = unsafe [try resolve(frame.pointee.operand(i.b), at: site.items[0].span)]
    if i.opcode == .storeElementTwo {
      unsafe items.append(try resolve(frame.pointee.operand(UInt16(i.flag)), at: site.items[1].span))
    }
    let value = unsafe try finish(frame.pointee.operand(i.c))
    let target = unsafe frame.pointee.base + Int(i.a)
    // The value is taken out of its variable, so that nobody shares it meanwhile.
    var root = unsafe target.taken()
    defer { unsafe target.assign(root) }
    do { try root.assign(value, at: items) } catch {
      throw diagnostic(for: error, at: site.whole, operation: nil)
    }
  }

  /// `x[0].a[1] = v`, of any variable
  func storePart(_ frame: FramePointer, _ i: Instruction) throws {
    guard case .place(let place) = unsafe frame.pointee.site else { return }
    var next = unsafe frame.pointee.base + Int(i.b)
    var steps: [PlaceStep] = []
    for step in place.steps {
      switch step {
      case .attribute(let name, let span): steps.append(.attribute(name, span))
      case .items(let site):
        let (items, end) = unsafe try resolve(site.items, next)
        unsafe next = unsafe end
        steps.append(.items(items, site.whole))
      }
    }
    let value = unsafe try finish(frame.pointee.operand(i.a))
    switch place.variable {
    case .register(let register):
      let target = unsafe frame.pointee.base + register
      guard unsafe target.pointee != nil else { throw notOwn(place) }
      var root = unsafe target.taken()
      defer { unsafe target.assign(root) }
      try write(value, into: &root, steps[...])
    case .captured(let index):
      let cell = unsafe frame.pointee.cell(index)
      let own =
        unsafe frame.pointee.cells.map { unsafe $0._withUnsafeGuaranteedRef { index >= $0.captured } }
        ?? false
      guard own, cell.value != nil else { throw notOwn(place) }
      try write(value, into: cell, steps)
    case .global(let cell):
      guard unsafe frame.pointee.closure == nil, cell.value != nil else { throw notOwn(place) }
      // Within a loop the value may be needed again; a simple statement fails before it changes anything.
      if isCompound { undo.note(cell) }
      try write(value, into: cell, steps)
    }
  }

  private func write(_ value: Value, into cell: Cell, _ steps: [PlaceStep]) throws {
    var root = cell.value ?? .none
    cell.value = Value.none
    defer { cell.value = root }
    try write(value, into: &root, steps[...])
  }

  /// The error for a variable that is not the function's, or that nobody knows.
  private func notOwn(_ place: PlaceSite) -> Diagnostic {
    if (try? global(place.name, at: place.nameSpan)) != nil,
      builtins[place.name] == nil || variables[place.name] != nil
    {
      return Diagnostic(
        "\(place.name) belongs to the session; a function changes only its own variables", source: source,
        labels: [.init(place.nameSpan)],
        helps: [.init("\(place.name) = \(place.name)", gives: "a variable of the function to change")])
    }
    return unknownName(place.name, at: place.nameSpan)
  }

  private func write(_ value: Value, into target: inout Value, _ steps: ArraySlice<PlaceStep>) throws {
    guard let step = steps.first else {
      target = try value.bound()
      return
    }
    let rest = steps.dropFirst()
    do {
      switch step {
      case .attribute(let name, _):
        try target.changeAttribute(name) { part throws in try write(value, into: &part, rest) }
      case .items(let items, _):
        if rest.isEmpty {
          try target.assign(value, at: items)
        } else {
          try target.changeElement(at: items) { part throws in try write(value, into: &part, rest) }
        }
      }
    } catch {
      throw diagnostic(for: error, at: step.span, operation: nil)
    }
  }
}

/// A step on the way to a part of a variable, with what stands in its brackets.
private enum PlaceStep {
  case attribute(String, Span)
  case items([ResolvedIndex], Span)

  var span: Span {
    switch self {
    case .attribute(_, let span), .items(_, let span): span
    }
  }
}
