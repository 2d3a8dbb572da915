extension Parser {
  /// The text of a string's part with its escapes resolved, `{{` and `}}` as braces and CRLF as newline.
  mutating func literal(_ span: Span) throws(Failure) -> String {
    var isPlain = true
    for byte in source.bytes[span.start..<span.end]
    where byte == 0x5C || byte == 0x7B || byte == 0x7D || byte < 0x20 || byte == 0x7F {
      isPlain = false
      break
    }
    return isPlain ? source.text(of: span) : try resolved(span)
  }

  private mutating func resolved(_ span: Span) throws(Failure) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(span.end - span.start)
    var index = span.start
    while index < span.end {
      let byte = source.bytes[index]
      let next = index + 1 < span.end ? source.bytes[index + 1] : 0
      switch byte {
      case 0x5C:
        let (scalar, end) = try escape(at: index, before: span.end)
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = end
      case 0x7B, 0x7D:
        if byte == 0x7D && next != 0x7D { throw loneBrace(at: index) }
        text.append(byte)
        index += 2
      case 0x0D where next == 0x0A: index += 1
      case 0x00..<0x20 where byte != 0x09 && byte != 0x0A, 0x7F: throw controlCharacter(at: index)
      default:
        text.append(byte)
        index += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The character that an escape means, and where the escape ends.
  private mutating func escape(at start: Int, before end: Int) throws(Failure) -> (Unicode.Scalar, Int) {
    guard start + 1 < end else { throw unknownEscape(Span(start, end)) }
    switch source.bytes[start + 1] {
    case 0x6E: return ("\n", start + 2)
    case 0x74: return ("\t", start + 2)
    case 0x5C: return ("\\", start + 2)
    case 0x22: return ("\"", start + 2)
    case 0x27: return ("'", start + 2)
    case 0x75: return try codePoint(at: start, before: end)
    default: throw unknownEscape(Span(start, start + 1 + characterLength(at: start + 1)))
    }
  }

  /// `\u{1F600}`
  private mutating func codePoint(at start: Int, before end: Int) throws(Failure) -> (Unicode.Scalar, Int) {
    var index = start + 2
    guard index < end, source.bytes[index] == 0x7B else { throw badCodePoint(Span(start, index)) }
    index += 1
    let digits = index
    while index < end, source.bytes[index] != 0x7D, index - digits < 9 { index += 1 }
    let span = Span(start, min(end, index + 1))
    guard index < end, source.bytes[index] == 0x7D, index > digits, index - digits <= 8,
      let value = UInt32(source.text(of: Span(digits, index)), radix: 16), source.bytes[digits] != 0x2B,
      let scalar = Unicode.Scalar(value)
    else { throw badCodePoint(span) }
    return (scalar, index + 1)
  }

  private func characterLength(at index: Int) -> Int {
    source.bytes[index] < 0x80 ? 1 : tokenizer.scalar(at: index)?.1 ?? 1
  }
}
