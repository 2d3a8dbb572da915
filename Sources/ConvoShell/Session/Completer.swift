internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoSyntax

#if canImport(Glibc)
  import Glibc
#endif

/// Finds what may stand at the end of an input: names, attributes, keys, keyword arguments, paths, commands.
struct Completer {
  let session: Session

  func completion(_ before: String) -> Completion {
    let source = SourceText(name: "", before)
    let tokens = Tokenizer.tokens(of: source).filter { $0.kind != .comment }
    let blanks = before.utf8.prefix { $0 == 0x20 }.count
    let trimmed = String(decoding: Array(before.utf8.dropFirst(blanks)), as: UTF8.self)
    if trimmed.hasPrefix(":") { return command(trimmed) }
    if let last = tokens.last, last.kind == .unterminatedString { return string(last, tokens, source) }
    // What is being typed: a name that reaches to the cursor.
    let isTyping = tokens.last.map { isWord($0) && $0.span.end == source.bytes.count } ?? false
    let word = isTyping ? tokens.last.map { source.text(of: $0.span) } ?? "" : ""
    let rest = isTyping ? tokens.dropLast() : tokens[...]
    if rest.last?.kind == .dot {
      guard let value = value(of: rest.dropLast(), source) else { return Completion() }
      return matching(word, value.attributeNames.filter(isPlainName))
    }
    let callee = openCall(rest, source)
    if !isTyping, rest.last?.kind == .leftParenthesis || rest.last?.kind == .comma, let callee {
      return Completion(candidates: [], note: signature(callee))
    }
    var names = callee.map { parameters($0) } ?? []
    if !word.isEmpty || !isTyping {
      names += session.evaluator.globals.names
      names += session.evaluator.builtins.names
      names += Token.Kind.allCases.filter { $0.category == .keyword }.map(\.rawValue)
    }
    if word.isEmpty { return Completion() }
    return matching(word, names)
  }

  private func isWord(_ token: Token) -> Bool {
    token.kind.category == .name || token.kind.category == .keyword
  }

  private func isPlainName(_ name: String) -> Bool {
    Tokenizer.tokens(of: SourceText(name: "", name)).map(\.kind) == [.name]
  }

  private func matching(_ word: String, _ names: [String]) -> Completion {
    var seen = Set<String>()
    let found = names.filter { $0.hasBytePrefix(word) && seen.insert($0).inserted }
    return Completion(prefixLength: word.utf8.count, candidates: found.sorted())
  }

  // MARK: Calls

  /// The name of the function whose argument list is open at the end of the tokens.
  private func openCall(_ tokens: ArraySlice<Token>, _ source: SourceText) -> String? {
    var depth = 0
    for index in tokens.indices.reversed() {
      switch tokens[index].kind {
      case .rightParenthesis, .rightBracket, .rightBrace: depth += 1
      case .leftBracket, .leftBrace, .leftParenthesis:
        if depth > 0 {
          depth -= 1
        } else if tokens[index].kind == .leftParenthesis {
          guard index > tokens.startIndex, tokens[index - 1].kind == .name else { return nil }
          return source.text(of: tokens[index - 1].span)
        }
      default: break
      }
    }
    return nil
  }

  private func function(_ name: String) -> Function? {
    if let value = session.evaluator.globals[name] {
      if case .function(let function) = value { return function }
      return nil
    }
    return session.evaluator.builtins[name].map { .builtin($0) }
  }

  private func parameters(_ name: String) -> [String] {
    switch function(name) {
    case .builtin(let builtin): builtin.parameters.filter { !$0.isVariadic }.map { $0.name + "=" }
    case .user(let closure): closure.parameterNames.map { $0 + "=" }
    case nil: []
    }
  }

  private func signature(_ name: String) -> StyledText? {
    function(name).map { function in
      var text = StyledText(function.signature)
      if case .builtin(let builtin) = function { text.append("   " + builtin.summary, .faint) }
      return text
    }
  }

  // MARK: Values

  /// The value of the names and attributes that end the tokens: `conv1`, `m.layers`. Nothing is called for it.
  private func value(of tokens: ArraySlice<Token>, _ source: SourceText) -> Value? {
    var names: [String] = []
    var index = tokens.endIndex - 1
    while index >= tokens.startIndex, isWord(tokens[index]) {
      names.append(source.text(of: tokens[index].span))
      guard index - 1 >= tokens.startIndex, tokens[index - 1].kind == .dot else { break }
      index -= 2
    }
    guard let first = names.popLast(), var value = session.evaluator.globals[first] else { return nil }
    while let name = names.popLast() {
      guard let part = value.knownAttribute(name) else { return nil }
      value = part
    }
    return value
  }

  // MARK: Strings

  /// A key of a record inside `m["…`, else a path.
  private func string(_ token: Token, _ tokens: [Token], _ source: SourceText) -> Completion {
    let typed = String(source.text(of: token.span).dropFirst())
    let rest = tokens.dropLast()
    if rest.last?.kind == .leftBracket, case .record(let record)? = value(of: rest.dropLast(), source) {
      return matching(typed, record.keys)
    }
    return path(typed)
  }

  /// Files and folders that begin with what was typed; a leading `~` is the home folder.
  func path(_ typed: String) -> Completion {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let name = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    let place = folder.isEmpty ? "." : Paths.expandingHome(folder)
    guard let directory = place.withPath({ opendir($0) }) else { return Completion() }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let entryName = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        PathText.text(bytes.prefix { $0 != 0 })
      }
      guard entryName.hasBytePrefix(name), name.hasPrefix(".") || !entryName.hasPrefix("."),
        found.count < 2000
      else { continue }
      var status = stat()
      let whole = place + "/" + entryName
      let isFolder = whole.withPath { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
      found.append(folder + entryName + (isFolder ? "/" : ""))
    }
    return Completion(prefixLength: typed.utf8.count, candidates: found.sorted())
  }

  private func command(_ text: String) -> Completion {
    if let space = text.firstIndex(of: " ") {
      let name = text[..<space]
      let argument = String(text[text.index(after: space)...])
      if name == ":run" || name == ":save" || name == ":edit" { return path(argument) }
      return name == ":time" || name == ":bench" ? completion(argument) : Completion()
    }
    return matching(text, ShellCommand.all.map { ":" + $0.name })
  }
}
