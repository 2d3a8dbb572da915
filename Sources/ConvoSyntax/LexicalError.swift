/// Why a piece of the source is no token.
enum LexicalError: Sendable, Hashable {
  /// `x = 3 § 4`
  case unknownCharacter(Unicode.Scalar)
  /// A NUL or an escape character.
  case controlCharacter(UInt8)
  /// A byte that UTF-8 does not allow.
  case invalidEncoding
  /// `a && b`, and what the language writes.
  case foreignOperator(String, instead: String?)
  /// `1__0`, `1_`
  case underscore
  /// `0x`
  case missingHexadecimalDigits
  /// `1e`
  case missingExponent
  /// `3px`
  case numberRunsIntoName
  /// `0b101`
  case foreignBase
  /// `1..2`
  case doubleDot
  /// `"abc`; `brace` is the `{` of the interpolation in which the quote stands, as in `"size {x"`.
  case unterminatedString(opening: Span, brace: Span?)
}

extension LexicalError {
  /// The first line of the message, about the text that is to blame.
  func message(about text: String) -> String {
    switch self {
    case .unknownCharacter(let scalar):
      "unexpected character `\(text)`" + (scalar.isASCII ? "" : " (\(Self.codePoint(scalar.value)))")
    case .controlCharacter(let byte): "unexpected control character \(Self.codePoint(UInt32(byte)))"
    case .invalidEncoding: "the text is not UTF-8 here"
    case .foreignOperator(let sign, _): "there is no operator `\(sign)`"
    case .underscore: "`\(text)` is not a number: a `_` stands between two digits"
    case .missingHexadecimalDigits: "`\(text)` is not a number: hexadecimal digits are missing after `0x`"
    case .missingExponent: "`\(text)` is not a number: the exponent has no digits"
    case .numberRunsIntoName: "`\(text)` is neither a number nor a name"
    case .foreignBase: "`\(text)` is not a number: only decimal and `0x` numbers exist"
    case .doubleDot: "`\(text)` is not a number"
    case .unterminatedString(_, nil): "the string is never closed"
    case .unterminatedString(_, .some): "the `{` in the string is never closed"
    }
  }

  /// What to type instead, in words or signs.
  var hint: String? {
    switch self {
    case .unknownCharacter("\\"): "a line goes on inside brackets, after an operator and before |>"
    case .unknownCharacter(let scalar):
      Self.lookalike(scalar).map { $0 == " " ? "write a plain space" : "write `\($0)`" }
    case .foreignOperator(_, let instead): instead
    case .doubleDot: "a slice is written a:b, a sequence range(n) or arange(start, stop, step)"
    case .unterminatedString(_, .some): "{{ and }} write braces in a string"
    default: nil
    }
  }

  /// `U+00A7`
  static func codePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The sign of the language that a word processor or web page replaces by `scalar`.
  static func lookalike(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{00AB}", "\u{00BB}": "\""
    case "\u{2018}", "\u{2019}", "\u{201A}", "\u{00B4}": "'"
    case "\u{2212}", "\u{2013}", "\u{2014}": "-"
    case "\u{00D7}", "\u{00B7}", "\u{2217}": "*"
    case "\u{00F7}": "/"
    case "\u{2264}": "<="
    case "\u{2265}": ">="
    case "\u{2260}": "!="
    case "\u{2026}": "..."
    case "\u{FF08}": "("
    case "\u{FF09}": ")"
    case "\u{FF0C}": ","
    case "\u{00A0}", "\u{202F}", "\u{3000}", "\u{2003}", "\u{200B}", "\u{FEFF}": " "
    default: nil
    }
  }
}
