/// Cuts a text into tokens, one at a time; it never fails, but marks what it does not know.
public struct Tokenizer {
  /// A string of which an interpolation is being read.
  struct OpenString {
    let quote: UInt8
    let start: Int
    /// Where the interpolation's `{` stands.
    var brace: Int
    /// How many `{` inside of the interpolation are open.
    var depth = 0
  }

  let bytes: [UInt8]
  /// The first byte not yet read.
  var position: Int
  /// The strings around the position, the innermost last.
  var openStrings: [OpenString] = []
  /// Why the last token was `error` or `unterminatedString`.
  var error: LexicalError?
  private let keepsComments: Bool

  /// Begins at the start of a text, after a byte order mark.
  public init(_ source: SourceText, keepsComments: Bool = false) {
    bytes = source.bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.keepsComments = keepsComments
  }

  /// All tokens of a text, comments too, for highlighting; a bracket that closes nothing is an `error`.
  public static func tokens(of source: SourceText) -> [Token] {
    var tokenizer = Tokenizer(source, keepsComments: true)
    var tokens: [Token] = []
    var open: [Token.Kind] = []
    while true {
      var token = tokenizer.next()
      if token.kind == .end { return tokens }
      if token.kind.isClosing {
        // The rest of a string closes its interpolation whatever else is still open in it.
        if token.kind == .stringTail || token.kind == .stringMiddle {
          while let last = open.popLast(), last != .stringTail {}
        } else if open.last == token.kind {
          open.removeLast()
        } else {
          token.kind = .error
        }
      }
      if let closing = token.kind.closing { open.append(closing) }
      tokens.append(token)
    }
  }

  /// The byte at an offset, 0 beyond the end.
  @inline(__always)
  func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  /// Reads the next token; after the last one, `end` again and again.
  public mutating func next() -> Token {
    var index = position
    var isAfterNewline = index == 0 || (index == 3 && bytes[0] == 0xEF)
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09: index += 1
      case 0x0A:
        isAfterNewline = true
        index += 1
      case 0x0D where index + 1 == bytes.count || bytes[index + 1] == 0x0A: index += 1
      case 0x23:
        let start = index
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        if keepsComments {
          position = index
          let end = bytes[index - 1] == 0x0D ? index - 1 : index
          return Token(kind: .comment, span: Span(start, end), isAfterNewline: isAfterNewline)
        }
      default:
        var token = read(at: index)
        token.isAfterNewline = isAfterNewline
        position = token.span.end
        return token
      }
    }
    position = index
    return Token(kind: .end, span: Span(index, index), isAfterNewline: isAfterNewline)
  }

  /// The token that begins at a byte which is neither space nor comment.
  private mutating func read(at start: Int) -> Token {
    let first = bytes[start]
    switch first {
    case 0x72 where byte(start + 1) == 0x22 || byte(start + 1) == 0x27: return rawString(at: start)
    case 0x61...0x7A, 0x41...0x5A, 0x5F: return name(from: start)
    case 0x30...0x39: return number(from: start)
    case 0x28: return sign(.leftParenthesis, start, 1)
    case 0x29: return sign(.rightParenthesis, start, 1)
    case 0x5B: return sign(.leftBracket, start, 1)
    case 0x5D: return sign(.rightBracket, start, 1)
    case 0x7B: return leftBrace(at: start)
    case 0x7D: return rightBrace(at: start)
    case 0x2C: return sign(.comma, start, 1)
    case 0x3A: return sign(.colon, start, 1)
    case 0x3B: return sign(.semicolon, start, 1)
    case 0x3F: return sign(.question, start, 1)
    case 0x2B: return sign(.plus, start, 1)
    case 0x2D: return sign(.minus, start, 1)
    case 0x25: return sign(.percent, start, 1)
    case 0x40: return sign(.at, start, 1)
    case 0x2A: return byte(start + 1) == 0x2A ? sign(.doubleStar, start, 2) : sign(.star, start, 1)
    case 0x2F: return byte(start + 1) == 0x2F ? sign(.doubleSlash, start, 2) : sign(.slash, start, 1)
    case 0x3D: return byte(start + 1) == 0x3D ? sign(.equal, start, 2) : sign(.assign, start, 1)
    case 0x3C: return byte(start + 1) == 0x3D ? sign(.lessOrEqual, start, 2) : sign(.less, start, 1)
    case 0x3E: return byte(start + 1) == 0x3D ? sign(.greaterOrEqual, start, 2) : sign(.greater, start, 1)
    case 0x21 where byte(start + 1) == 0x3D: return sign(.notEqual, start, 2)
    case 0x7C where byte(start + 1) == 0x3E: return sign(.pipe, start, 2)
    case 0x2E: return dot(at: start)
    case 0x22, 0x27: return string(from: start, quote: first, opening: start)
    case 0x80...: return wide(at: start)
    default: return foreignSign(at: start)
    }
  }

  @inline(__always)
  private func sign(_ kind: Token.Kind, _ start: Int, _ length: Int) -> Token {
    Token(kind: kind, span: Span(start, start + length), isAfterNewline: false)
  }

  /// `.5`, `...` or `.`
  private mutating func dot(at start: Int) -> Token {
    let second = byte(start + 1)
    if second >= 0x30 && second <= 0x39 { return number(from: start) }
    if second == 0x2E && byte(start + 2) == 0x2E { return sign(.ellipsis, start, 3) }
    return sign(.dot, start, 1)
  }

  private mutating func leftBrace(at start: Int) -> Token {
    if !openStrings.isEmpty { openStrings[openStrings.count - 1].depth += 1 }
    return sign(.leftBrace, start, 1)
  }

  /// A bracket, or the `}` after which an interpolated string goes on.
  private mutating func rightBrace(at start: Int) -> Token {
    guard let open = openStrings.last else { return sign(.rightBrace, start, 1) }
    if open.depth == 0 {
      return string(from: start, quote: open.quote, opening: open.start)
    }
    openStrings[openStrings.count - 1].depth -= 1
    return sign(.rightBrace, start, 1)
  }

  /// A sign of other languages, or a control character.
  private mutating func foreignSign(at start: Int) -> Token {
    let first = bytes[start]
    guard first > 0x20 && first < 0x7F else { return mistake(.controlCharacter(first), start, start + 1) }
    guard first == 0x21 || first == 0x26 || first == 0x5E || first == 0x7C else {
      return mistake(.unknownCharacter(Unicode.Scalar(first)), start, start + 1)
    }
    let isDouble = byte(start + 1) == first && (first == 0x26 || first == 0x7C)
    let instead: String? =
      switch first {
      case 0x26: "and"
      case 0x7C: isDouble ? "or" : "|>"
      case 0x21: "not"
      case 0x5E: "**"
      default: nil
      }
    let text = String(decoding: bytes[start..<(start + (isDouble ? 2 : 1))], as: UTF8.self)
    return mistake(.foreignOperator(text, instead: instead), start, start + text.utf8.count)
  }

  /// Bytes that are no token, and why.
  mutating func mistake(_ error: LexicalError, _ start: Int, _ end: Int) -> Token {
    self.error = error
    return Token(kind: .error, span: Span(start, end), isAfterNewline: false)
  }
}
