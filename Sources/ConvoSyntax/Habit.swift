/// What people write who come from other languages.
public enum Habit {
  private static let names: [String: String] = [
    "True": "true", "False": "false", "None": "none", "null": "none", "nil": "none", "undefined": "none",
    "elif": "else if", "elsif": "else if", "elseif": "else if", "def": "fn", "func": "fn", "function": "fn",
    "lambda": "fn",
  ]

  /// How the language writes a word of another one: `true` for `True`.
  public static func word(for foreign: String) -> String? { names[foreign] }
}

extension Parser {
  /// The error for two things side by side that make sense in another language.
  mutating func habit() -> Failure? {
    let word = source.text(of: previous.span)
    let next = source.text(of: current.span)
    if previous.kind == .name {
      switch word {
      case "def", "func", "function": return definitionHabit(previous)
      case "lambda": return lambdaHabit()
      case "import", "from", "using", "include":
        return fail(
          "there is no `\(word)`", [.init(previous.span)],
          hint: "every builtin is there from the start: help() lists them")
      case "let", "var", "const", "auto", "local", "global":
        return fail(
          "there is no `\(word)`", [.init(previous.span)], candidate: line(replacing: [(previous.span, "")]),
          hint: "a name is assigned with =")
      case "elif", "elsif", "elseif": return elifHabit(previous)
      case "f", "r", "b", "F", "R", "B":
        if current.span.start == previous.span.end, current.kind.category == .string {
          return fail(
            "a string has no prefix", [.init(previous.span)],
            candidate: line(replacing: [(previous.span, "")]),
            hint: "every string interpolates {…}")
        }
      default: break
      }
    }
    switch (current.kind, next) {
    case (.in, _), (.not, _): return membership()
    case (.name, "is"):
      return fail(
        "there is no operator `is`", [.init(current.span)],
        candidate: line(replacing: [(current.span, "==")]), hint: "`==` compares")
    case (.name, "elif"), (.name, "elsif"), (.name, "elseif"): return elifHabit(current)
    case (.if, _):
      return fail(
        "`if` cannot stand after a value", [.init(current.span)],
        hint: "where(condition, a, b) chooses a value; if c { } is a statement")
    case (.for, _):
      return fail(
        "`for` cannot stand after a value", [.init(current.span)],
        hint: "there are no comprehensions: for v in values { … }")
    default: return nil
    }
  }

  /// `a in b`, `a not in b`
  mutating func membership() -> Failure {
    fail(
      "\(described(current)) cannot stand after a value", [.init(current.span)],
      hint: current.kind == .in || tokenizer.following.kind == .in
        ? "any(values == x) looks for a number" : nil)
  }

  /// `elif c {`
  private mutating func elifHabit(_ word: Token) -> Failure {
    fail(
      "there is no `\(source.text(of: word.span))`", [.init(word.span)],
      candidate: line(replacing: [(word.span, "else if")]), hint: "else if c { … }")
  }

  /// `def f(x): return x + 1`
  private mutating func definitionHabit(_ word: Token) -> Failure {
    let tokens = tokensOnLine(from: word)
    var replacements = [(word.span, "fn")]
    if let colon = tokens.firstIndex(where: { $0.kind == .colon }) {
      let isLast = colon + 1 == tokens.count
      var end = tokens[colon].span.end
      if !isLast && tokens[colon + 1].kind == .return { end = tokens[colon + 1].span.end }
      replacements.append((Span(tokens[colon].span.start, end), isLast ? " {" : " ="))
    }
    return fail(
      "there is no `\(source.text(of: word.span))`", [.init(word.span)],
      candidate: line(replacing: replacements),
      hint: "fn f(x) = x + 1")
  }

  /// `lambda x: x + 1`
  private mutating func lambdaHabit() -> Failure {
    let word = previous
    var candidate: String?
    if let colon = tokensOnLine(from: word).first(where: { $0.kind == .colon }) {
      let parameters = source.text(of: source.trimmed(Span(word.span.end, colon.span.start)))
      candidate = line(replacing: [(Span(word.span.start, colon.span.end), "fn(\(parameters)) =")])
    }
    return fail("there is no `lambda`", [.init(word.span)], candidate: candidate, hint: "fn(x) = x + 1")
  }

  /// The error for `x += 1`, `x ** = 2`.
  mutating func operatorHabit() -> Failure? {
    guard current.kind == .assign, current.span.start == previous.span.end,
      let operation = previous.kind.binaryOperator
    else {
      return nil
    }
    let sign = Span(previous.span.start, current.span.end)
    let target = source.text(of: source.trimmed(Span(statementStart, previous.span.start)))
    return fail(
      "there is no operator `\(source.text(of: sign))`", [.init(sign)],
      candidate: line(replacing: [(sign, "= \(target) \(operation.rawValue)")]), hint: "x = x + 1")
  }

  /// Whether the current sign is the second of `x++` at the end of a line.
  var isIncrement: Bool {
    guard previous.kind == current.kind, previous.span.end == current.span.start else { return false }
    guard current.kind == .plus || current.kind == .minus else { return false }
    let next = tokenizer.following
    return previous.span.start > statementStart
      && (next.kind == .end || next.kind == .semicolon || (next.isAfterNewline && newlinesCount))
  }

  /// The error for `x++`.
  mutating func increment() -> Failure {
    let sign = Span(previous.span.start, current.span.end)
    let target = source.text(of: source.trimmed(Span(statementStart, sign.start)))
    let operation = source.text(of: current.span)
    return fail(
      "there is no operator `\(source.text(of: sign))`", [.init(sign)],
      candidate: line(replacing: [(sign, " = \(target) \(operation.prefix(1)) 1")]),
      hint: "x = x \(operation.prefix(1)) 1")
  }
}
