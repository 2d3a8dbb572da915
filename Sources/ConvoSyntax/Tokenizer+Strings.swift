extension Tokenizer {
  /// `r"…"`: everything up to the quote stands for itself.
  mutating func rawString(at start: Int) -> Token {
    let quote = bytes[start + 1]
    var index = start + 2
    while index < bytes.count {
      if bytes[index] == quote { return token(.string, start, index + 1) }
      index += 1
    }
    error = .unterminatedString(
      opening: Span(start, start + 2), brace: openStrings.last.map { Span($0.brace, $0.brace + 1) })
    openStrings = []
    return token(.unterminatedString, start, bytes.count)
  }

  /// A string, or a part of one up to its next interpolation.
  ///
  /// - Parameters:
  ///   - start: where the token begins: the opening quote, or the `}` that ends an interpolation.
  ///   - quote: the quote that ends the string.
  ///   - opening: where the string's own opening quote stands.
  mutating func string(from start: Int, quote: UInt8, opening: Int) -> Token {
    let isContinued = start != opening
    var index = start + 1
    while index < bytes.count {
      let next = bytes[index]
      if next == quote {
        if isContinued { openStrings.removeLast() }
        return token(isContinued ? .stringTail : .string, start, index + 1)
      }
      switch next {
      // The brace of `\u{1F600}` opens no interpolation.
      case 0x5C: index += byte(index + 1) == 0x75 && byte(index + 2) == 0x7B ? 3 : 2
      case 0x7B where byte(index + 1) != 0x7B:
        if isContinued {
          openStrings[openStrings.count - 1].brace = index
        } else {
          openStrings.append(OpenString(quote: quote, start: opening, brace: index))
        }
        return token(isContinued ? .stringMiddle : .stringHead, start, index + 1)
      case 0x7B: index += 2
      default: index += 1
      }
    }
    let outer = isContinued ? openStrings.dropLast().last : openStrings.last
    error = .unterminatedString(
      opening: Span(opening, opening + 1), brace: outer.map { Span($0.brace, $0.brace + 1) })
    // Nothing is left of the strings around it either.
    openStrings = []
    return token(.unterminatedString, start, bytes.count)
  }
}
