internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How `format` writes a value: `[<>^][0][width][.digits][f e g d %]`.
struct FormatSpecification {
  private enum Alignment { case left, right, middle }
  private var alignment: Alignment?
  private var hasZeros = false
  private var width = 0
  private var digits: Int?
  private var kind: Character?

  init(_ spec: String) throws(Failure) {
    let mistake = Failure(
      "spec must be like \".2f\" or \">8\", not \"\(spec)\"", labels: [.init(operand: "spec", text: "")])
    var rest = Substring(spec)
    switch rest.first {
    case "<": alignment = .left
    case ">": alignment = .right
    case "^": alignment = .middle
    default: break
    }
    if alignment != nil { rest.removeFirst() }
    if rest.first == "0" {
      hasZeros = true
      rest.removeFirst()
    }
    func number() -> Int? {
      let text = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(text.count)
      return text.count <= 4 ? Int(text) : nil
    }
    if let first = rest.first, ("0"..."9").contains(first) {
      guard let value = number() else { throw mistake }
      width = value
    }
    if rest.first == "." {
      rest.removeFirst()
      guard let value = number(), value <= 100 else { throw mistake }
      digits = value
    }
    kind = rest.popFirst()
    guard rest.isEmpty, kind.map({ "fegd%s".contains($0) }) ?? true else { throw mistake }
  }

  /// The text of a value under this specification.
  func text(of value: Value, _ presenter: any Presenter) throws(Failure) -> String {
    var body: String
    let number: Double?
    switch value {
    case .number(let value): number = value
    case .tensor(let tensor) where tensor.count == 1: number = tensor.item.map(Double.init)
    default: number = nil
    }
    if let number {
      body = numeric(number)
    } else {
      if let kind, kind != "s" {
        throw Failure(
          "\"\(kind)\" writes numbers, not \(value.brief)", labels: [.init(operand: "x", text: "")])
      }
      body = ValueText.text(of: value, presenter)
      if let digits { body = String(body.prefix(digits)) }
    }
    let missing = max(0, width - body.count)
    if hasZeros, number != nil {
      let sign = body.hasPrefix("-") ? "-" : ""
      return sign + String(repeating: "0", count: missing) + body.dropFirst(sign.count)
    }
    switch alignment ?? (number == nil ? .left : .right) {
    case .left: return body + String(repeating: " ", count: missing)
    case .right: return String(repeating: " ", count: missing) + body
    case .middle:
      return String(repeating: " ", count: missing / 2) + body
        + String(repeating: " ", count: missing - missing / 2)
    }
  }

  private func numeric(_ number: Double) -> String {
    switch kind {
    case "f": return Decimals.fixed(number, digits ?? 6)
    case "%": return Decimals.fixed(number * 100, digits ?? 6) + "%"
    case "e": return Decimals.scientific(number, digits ?? 6)
    case "d": return Decimals.fixed(number.rounded(.toNearestOrEven) + 0, 0)
    default:
      return digits.map { NumberText.significant(number, digits: min(max($0, 1), 15)) }
        ?? NumberText.plain(number)
    }
  }
}

/// Numbers with a given number of decimals, through C's own conversion.
enum Decimals {
  static func fixed(_ number: Double, _ digits: Int) -> String { convert("%.\(digits)f", number) }
  static func scientific(_ number: Double, _ digits: Int) -> String { convert("%.\(digits)e", number) }

  private static func convert(_ format: String, _ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    // 309 digits before the point, 100 behind it, and a sign.
    var buffer = [CChar](repeating: 0, count: 512)
    let count = buffer.count
    _ = unsafe withVaList([number]) { arguments in
      unsafe vsnprintf(&buffer, count, format, arguments)
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
