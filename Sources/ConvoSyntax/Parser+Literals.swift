extension Parser {
  /// `3`, with a warning where it is too large for a 64-bit float.
  mutating func number() throws(Failure) -> Expression {
    let span = current.span
    let value = NumberLiteral.value(of: source.bytes, span)
    if value.isInfinite { warnInfinite(span) }
    try advance()
    return Expression(.number(value), span)
  }

  /// `"edge"`
  mutating func string() throws(Failure) -> Expression {
    let span = current.span
    let text = try text(ofString: span)
    try advance()
    return Expression(.string([.literal(text)]), span)
  }

  /// What a string without interpolation says; a raw one says what is written.
  private mutating func text(ofString span: Span) throws(Failure) -> String {
    if source.bytes[span.start] == 0x72 { return source.text(of: Span(span.start + 2, span.end - 1)) }
    return try literal(Span(span.start + 1, span.end - 1))
  }

  /// `"size {x.shape}"`
  mutating func interpolatedString() throws(Failure) -> Expression {
    let start = current.span
    var parts: [StringPart] = []
    while true {
      let part = current.span
      let isTail = current.kind == .stringTail
      if part.end - part.start > 2 {
        parts.append(.literal(try literal(Span(part.start + 1, part.end - 1))))
      }
      if isTail { break }
      // The tail both closes this interpolation and, as a middle, opens the next.
      try openInterpolation()
      parts.append(.interpolation(try expression()))
      guard current.kind == .stringTail || current.kind == .stringMiddle else {
        throw unclosed(expecting: "")
      }
      closeInterpolation()
    }
    try advance()
    return Expression(.string(parts), Span(start.start, previous.span.end))
  }

  private mutating func openInterpolation() throws(Failure) {
    try open()
    if current.kind == .stringTail || current.kind == .stringMiddle { throw emptyInterpolation() }
  }

  private mutating func closeInterpolation() {
    guard let bracket = brackets.popLast() else { return }
    newlinesCount = bracket.newlinesCountedBefore
    depth -= 1
  }

  /// `[1, 2, 3]`
  mutating func list() throws(Failure) -> Expression {
    let start = current.span
    try open()
    var elements: [Expression] = []
    while !isAtClosing {
      elements.append(try expression())
      guard try continuesAfterElement() else { break }
    }
    try close()
    return Expression(.list(elements), Span(start.start, previous.span.end))
  }

  /// `{W: conv1.W, "conv1/b": conv1.b}`
  mutating func record() throws(Failure) -> Expression {
    let start = current.span
    try open()
    var entries: [RecordEntry] = []
    // Keys are bytes: texts that only look alike are two keys.
    var keys: Set<[UInt8]> = []
    while !isAtClosing {
      let (key, span) = try key()
      if !keys.insert(Array(key.utf8)).inserted { throw fail("the key `\(key)` stands twice", [.init(span)]) }
      if !(try take(.colon)) { throw expectedColon(afterKey: span) }
      entries.append(RecordEntry(key: key, keySpan: span, value: try expression()))
      guard try continuesAfterElement() else { break }
    }
    try close()
    return Expression(.record(entries), Span(start.start, previous.span.end))
  }

  private mutating func key() throws(Failure) -> (String, Span) {
    let span = current.span
    var key = source.text(of: span)
    if current.kind == .string {
      key = try text(ofString: span)
    } else if current.kind != .name && current.kind.category != .keyword {
      throw expectedKey()
    }
    try advance()
    return (key, span)
  }
}
