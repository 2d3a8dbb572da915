extension Tokenizer {
  /// A name or keyword that begins with an ASCII letter or `_`.
  mutating func name(from start: Int) -> Token {
    var index = start
    var letters: UInt64 = 0
    while index < bytes.count {
      let next = bytes[index]
      switch next {
      case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F:
        letters = letters << 8 | UInt64(next)
        index += 1
      case 0x80...:
        let end = endOfName(from: index)
        // A keyword has only ASCII letters.
        if end > index { return token(.name, start, end) }
        return token(keyword(letters, length: index - start), start, index)
      default: return token(keyword(letters, length: index - start), start, index)
      }
    }
    return token(keyword(letters, length: index - start), start, index)
  }

  /// A name that begins with a letter beyond ASCII, or a character that belongs nowhere.
  mutating func wide(at start: Int) -> Token {
    guard let (scalar, length) = scalar(at: start) else {
      return mistake(.invalidEncoding, start, start + 1)
    }
    guard scalar.properties.isXIDStart else {
      return mistake(.unknownCharacter(scalar), start, start + length)
    }
    return token(.name, start, endOfName(from: start + length))
  }

  /// The end of the name characters that begin at an offset.
  func endOfName(from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F: index += 1
      case 0x80...:
        guard let (scalar, length) = scalar(at: index), scalar.properties.isXIDContinue else { return index }
        index += length
      default: return index
      }
    }
    return index
  }

  /// Whether the next token is `in`.
  var isInNext: Bool {
    var ahead = self
    return ahead.next().kind == .in
  }

  /// Whether a name may begin at an offset.
  func startsName(at index: Int) -> Bool {
    switch byte(index) {
    case 0x61...0x7A, 0x41...0x5A, 0x5F: true
    case 0x80...: scalar(at: index)?.0.properties.isXIDStart ?? false
    default: false
    }
  }

  /// The character beyond ASCII at an offset with its length in bytes; nil for damaged UTF-8.
  func scalar(at index: Int) -> (Unicode.Scalar, Int)? {
    let first = UInt32(bytes[index])
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2 && first <= 0xF4 && index + length <= bytes.count else { return nil }
    var value = first & (0x7F >> UInt32(length))
    for offset in 1..<length {
      let next = UInt32(bytes[index + offset])
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | next & 0x3F
    }
    let smallest: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }

  private func keyword(_ letters: UInt64, length: Int) -> Token.Kind {
    Keyword.kind(letters: letters, length: length) ?? .name
  }

  func token(_ kind: Token.Kind, _ start: Int, _ end: Int) -> Token {
    Token(kind: kind, span: Span(start, end), isAfterNewline: false)
  }

  /// The first byte of the text that UTF-8 does not allow where it stands.
  var firstInvalidEncoding: Span? {
    var index = position
    while index < bytes.count {
      if bytes[index] < 0x80 {
        index += 1
      } else if let (_, length) = scalar(at: index) {
        index += length
      } else {
        return Span(index, index + 1)
      }
    }
    return nil
  }
}
