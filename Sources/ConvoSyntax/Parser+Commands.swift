extension Parser {
  /// `show x` and its like, when the word is followed by what cannot continue an expression.
  mutating func command() throws(Failure) -> Statement.Kind? {
    let word = current
    guard (3...7).contains(word.span.end - word.span.start), !isSurelyNoCommand,
      let command = Command(rawValue: source.text(of: word.span))
    else { return nil }
    guard startsCommand(command, tokenizer.following) else { return nil }
    if !options.allowsCommands { throw onlyAtPrompt(command) }
    let arguments =
      switch command {
      case .whos: try rawArgument()
      // `help for` asks for a keyword, which is no expression.
      case .help where !isHelpAboutValue: try rawArgument()
      default: try commandArguments(command)
      }
    return .command(name: command.rawValue, nameSpan: word.span, arguments)
  }

  /// Whether the sign after the word tells at a glance that an expression or assignment goes on.
  private var isSurelyNoCommand: Bool {
    var index = tokenizer.position
    while tokenizer.byte(index) == 0x20 { index += 1 }
    return switch tokenizer.byte(index) {
    case 0x3D, 0x28, 0x2E, 0x5B, 0x2C, 0x7C, 0x2B, 0x2D: true
    default: false
    }
  }

  private var isHelpAboutValue: Bool {
    let next = tokenizer.following
    return !next.isAfterNewline && (next.kind == .name || next.kind == .string)
  }

  /// Whether what follows the word makes it a command.
  private func startsCommand(_ command: Command, _ next: Token) -> Bool {
    if next.isAfterNewline || next.kind == .end || next.kind == .semicolon {
      // These two stand alone, unless the script has a variable of that name.
      guard command == .help || command == .whos, next.kind != .pipe else { return false }
      return options.allowsCommands || !isAssignedBefore(current)
    }
    switch next.kind {
    case .name, .number, .string, .stringHead, .unterminatedString, .leftBrace, .not, .true, .false, .none,
      .newaxis, .fn:
      return true
    case .star, .question: return command == .whos && isGlob(next)
    default: return command == .help && next.kind.category == .keyword
    }
  }

  /// Whether `name =` stands somewhere before a name.
  private func isAssignedBefore(_ name: Token) -> Bool {
    let word = source.text(of: name.span)
    var earlier = Tokenizer(source)
    var last = earlier.next()
    while last.kind != .end && last.span.start < name.span.start {
      let next = earlier.next()
      if next.kind == .assign && last.kind == .name && source.text(of: last.span) == word { return true }
      last = next
    }
    return false
  }

  /// Whether `*` after `whos` begins a pattern: `whos *W`, `whos *`, but not `whos * 2`.
  private func isGlob(_ sign: Token) -> Bool {
    switch tokenizer.byte(sign.span.end) {
    case 0x20, 0x09: sign.kind == .star && sign.span.start > current.span.end && isLast(sign)
    case 0x28, 0x5B: false
    case 0, 0x0A, 0x0D, 0x3B: sign.kind == .star
    default: sign.span.start > current.span.end
    }
  }

  private func isLast(_ token: Token) -> Bool {
    var rest = tokenizer
    rest.position = token.span.end
    let next = rest.next()
    return next.isAfterNewline || next.kind == .end
  }

  private mutating func commandArguments(_ command: Command) throws(Failure) -> [Expression] {
    try advance()
    var arguments = [try expression()]
    while current.kind == .comma && !isAtLineEnd {
      try advance()
      arguments.append(try expression())
    }
    if current.kind == .assign && !isAtLineEnd { throw namedArgumentOfCommand(command) }
    return arguments
  }

  /// The rest of the line as a string: `k*` of `whos k*`.
  private mutating func rawArgument() throws(Failure) -> [Expression] {
    var end = current.span.end
    while end < source.bytes.count, !"\n;#".utf8.contains(source.bytes[end]) { end += 1 }
    let span = source.trimmed(Span(current.span.end, end))
    tokenizer.position = end
    let isEmpty = span.start == span.end
    let last = isEmpty ? current : Token(kind: .name, span: span, isAfterNewline: false)
    try advance()
    previous = last
    let text = source.text(of: span)
    // In quotes, as the call form has it: `whos "k*"`.
    let isQuoted =
      text.utf8.count >= 2 && (text.utf8.first == 0x22 || text.utf8.first == 0x27) && text.first == text.last
    let pattern = isQuoted ? String(text.dropFirst().dropLast()) : text
    return isEmpty ? [] : [Expression(.string([.literal(pattern)]), span)]
  }

  /// `?name`
  mutating func questionMark() throws(Failure) -> Statement.Kind {
    let sign = current
    let next = tokenizer.following
    if !options.allowsCommands { throw onlyAtPrompt(.help, asking: next.span) }
    let arguments = try isHelpAboutValue ? commandArguments(.help) : rawArgument()
    return .command(name: Command.help.rawValue, nameSpan: sign.span, arguments)
  }

  /// `name?`
  mutating func help(for expression: Expression) throws(Failure) -> Statement.Kind {
    let sign = current
    switch expression.kind {
    case .name, .attribute: break
    default: throw unexpectedAfterStatement()
    }
    let next = tokenizer.following
    if next.kind != .end && next.kind != .semicolon && !next.isAfterNewline { throw ternary() }
    if !options.allowsCommands { throw onlyAtPrompt(.help, asking: expression.span) }
    try advance()
    return .command(name: Command.help.rawValue, nameSpan: sign.span, [expression])
  }
}

extension Tokenizer {
  /// The token after the last one, which stays unread.
  var following: Token {
    var copy = self
    return copy.next()
  }

  /// Whether a name is the next token, on the same line.
  var isNameNext: Bool {
    let next = following
    return next.kind == .name && !next.isAfterNewline
  }
}

extension SourceText {
  /// A span without the spaces at its ends.
  func trimmed(_ span: Span) -> Span {
    var result = Span(max(0, span.start), min(bytes.count, span.end))
    while result.start < result.end, bytes[result.start] <= 0x20 { result.start += 1 }
    while result.end > result.start, bytes[result.end - 1] <= 0x20 { result.end -= 1 }
    return result
  }
}
