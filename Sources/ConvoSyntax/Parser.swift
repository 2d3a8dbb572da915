// The grammar. `⏎` is a newline that ends a statement: one that stands outside of ( [ and a record's {, not after
// a binary operator or `=`, and not before a line that begins with `|>`. In a block's { newlines count again.
//
//   program     = separator* [ statement { separator+ statement } ] separator*
//   separator   = ⏎ | ';'
//   statement   = definition | if | for | while | 'break' | 'continue' | 'return' [ expression ]
//               | try | assignment | command | expression
//   definition  = 'fn' name parameters body
//   if          = 'if' expression block { 'else' 'if' expression block } [ 'else' block ]
//   for         = 'for' name { ',' name } 'in' expression block
//   while       = 'while' expression block
//   try         = 'try' block [ 'catch' [ name ] block ]
//   block       = '{' program '}'
//   assignment  = target { ',' target } '=' expression
//   target      = name | ( name | target ) ( '[' items ']' | '.' name )
//   command     = word expression { ',' expression } | 'help' [ word ] | 'whos' [ glob ] | '?' [ name ]
//               | name '?'
//               (only at the prompt; the words are in `Command`)
//
//   expression  = pipe                                          loosest first, the levels are in `Precedence`:
//   pipe        = or { '|>' or }
//   or          = and { 'or' and }
//   and         = not { 'and' not }
//   not         = 'not' not | comparison
//   comparison  = sum [ ( '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not' 'in' ) sum ]
//   sum         = product { ( '+' | '-' ) product }
//   product     = unary { ( '*' | '/' | '//' | '%' | '@' ) unary }
//   unary       = ( '-' | '+' ) unary | power
//   power       = postfix [ '**' unary ]
//   postfix     = primary { '(' [ arguments ] ')' | '[' items ']' | '.' name }      on the same line
//   primary     = number | string | 'true' | 'false' | 'none' | 'newaxis' | name | '(' expression ')'
//               | list | record | function
//   list        = '[' [ expression { ',' expression } [ ',' ] ] ']'
//   record      = '{' [ entry { ',' entry } [ ',' ] ] '}'
//   entry       = ( name | string ) ':' expression
//   function    = 'fn' parameters body
//   parameters  = '(' [ parameter { ',' parameter } [ ',' ] ] ')'
//   parameter   = name [ '=' expression ]                       those with a default come last
//   body        = '=' expression | block
//   arguments   = argument { ',' argument } [ ',' ]
//   argument    = expression | name '=' expression              those with a name come last
//   items       = item { ',' item } [ ',' ]
//   item        = '...' | expression | [ expression ] ':' [ expression ] [ ':' [ expression ] ]
//   string      = 'r' quote { character } quote
//               | quote { character | escape | '{{' | '}}' | '{' expression '}' } quote

/// Turns a text into statements.
///
/// - Complexity: one pass with one token of lookahead; the stack grows with the nesting, which is limited.
public struct Parser {
  /// What is allowed beyond the grammar.
  public struct Options: Sendable {
    /// Whether `show x` may stand for `show(x)`: only at the prompt.
    public var allowsCommands: Bool

    /// A script allows no commands.
    public init(allowsCommands: Bool = false) {
      self.allowsCommands = allowsCommands
    }
  }

  /// How many brackets, calls, indices, attributes, signs, blocks and functions may stand in one another.
  public static let nestingLimit = 256

  /// Parses a whole text, or throws the first error.
  public static func parse(_ source: SourceText, options: Options = Options()) throws(Diagnostic)
    -> [Statement]
  {
    var warnings: [Diagnostic] = []
    return try parse(source, options: options, warnings: &warnings)
  }

  /// Parses a whole text, or throws the first error; appends what is allowed but doubtful, such as `1e400`.
  public static func parse(
    _ source: SourceText, options: Options = Options(), warnings: inout [Diagnostic]
  ) throws(Diagnostic) -> [Statement] {
    var parser = Parser(source, options: options)
    do {
      let program = try parser.program()
      warnings += parser.warnings
      return program
    } catch {
      throw parser.finalDiagnostic()
    }
  }

  /// Whether a text is the beginning of something: an open bracket or string, or an operator at its end.
  public static func isUnfinished(_ source: SourceText, options: Options = Options()) -> Bool {
    do {
      _ = try parse(source, options: options)
      return false
    } catch {
      return error.isIncomplete
    }
  }

  /// Whether a line begins with `|>`, `else` or `catch`, and so goes on with a statement that looked finished.
  public static func isContinuation(_ line: SourceText) -> Bool {
    var tokenizer = Tokenizer(line)
    let first = tokenizer.next().kind
    return first == .pipe || first == .else || first == .catch
  }

  /// Says that `mistake` is set; empty, so that throwing costs the deep frames of the parser no room.
  struct Failure: Error {}

  /// A bracket that is open, and what to go back to when it closes.
  struct OpenBracket {
    let token: Token
    let newlinesCountedBefore: Bool
  }

  let source: SourceText
  let options: Options
  var tokenizer: Tokenizer
  /// The token to be read next, and the one before it.
  var current: Token
  var previous: Token
  /// Whether a newline ends the statement here.
  var newlinesCount = true
  var brackets: [OpenBracket] = []
  /// How deep the parser is, and the deepest level below the operand being read.
  var depth = 0
  var deepest = 0
  /// How many loops of the innermost function, and how many functions, are open.
  var loops = 0
  var functions = 0
  /// Where the innermost statement begins.
  var statementStart = 0
  var warnings: [Diagnostic] = []
  var mistake: Mistake?

  init(_ source: SourceText, options: Options) {
    self.source = source
    self.options = options
    tokenizer = Tokenizer(source)
    let start = Token(kind: .end, span: Span(0, 0), isAfterNewline: true)
    current = start
    previous = start
  }

  /// The whole text.
  mutating func program() throws(Failure) -> [Statement] {
    if let damage = tokenizer.firstInvalidEncoding {
      throw fail(LexicalError.invalidEncoding.message(about: ""), [.init(damage)])
    }
    try advance()
    return try statements(until: .end)
  }

  /// Goes to the next token.
  mutating func advance() throws(Failure) {
    previous = current
    current = tokenizer.next()
    if current.kind == .error || current.kind == .unterminatedString { throw lexicalFailure() }
  }

  /// Whether the statement ends before the current token because of a newline.
  var isAtLineEnd: Bool { current.isAfterNewline && newlinesCount }

  /// Takes the current token if it is of a kind.
  mutating func take(_ kind: Token.Kind) throws(Failure) -> Bool {
    guard current.kind == kind else { return false }
    try advance()
    return true
  }

  /// Goes one level deeper.
  mutating func descend() throws(Failure) {
    depth += 1
    deepest = max(deepest, depth)
    if depth > Self.nestingLimit { throw tooDeep(at: current.span) }
  }

  /// Enters the bracket that is the current token.
  mutating func open(newlinesCount counts: Bool = false) throws(Failure) {
    try descend()
    brackets.append(OpenBracket(token: current, newlinesCountedBefore: newlinesCount))
    newlinesCount = counts
    try advance()
  }

  /// Leaves the innermost bracket, whose closing one must be the current token.
  mutating func close() throws(Failure) {
    guard let bracket = brackets.last, current.kind == bracket.token.kind.closing else {
      throw unclosed(expecting: "")
    }
    brackets.removeLast()
    newlinesCount = bracket.newlinesCountedBefore
    depth -= 1
    try advance()
  }

  /// After an element of a bracket: takes a comma, or says that the bracket ends.
  mutating func continuesAfterElement() throws(Failure) -> Bool {
    if try take(.comma) { return true }
    if current.kind != brackets.last?.token.kind.closing { throw unclosed(expecting: "`,` or ") }
    return false
  }

  /// Whether the innermost bracket closes here.
  var isAtClosing: Bool { current.kind == brackets.last?.token.kind.closing }
}
