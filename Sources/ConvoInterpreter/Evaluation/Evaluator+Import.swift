internal import ConvoFormats
internal import ConvoSyntax

extension Evaluator {
  /// A path from the session's directory, with the home folder in place of a `~` at its start.
  func resolvedPath(_ given: String) -> String {
    let path = Paths.expandingHome(given)
    return directory.isEmpty || path.hasPrefix("/") ? path : directory + "/" + path
  }

  /// Runs a script with variables of its own and gives them as a record.
  ///
  /// The path starts at the directory of the script that imports; at the prompt, at the session's directory. A script
  /// that imports itself, directly or through others, is an error.
  func importFile(_ path: String) throws -> Value {
    let isScript = source.name.hasSuffix(".cnn")
    let isWhole = path.hasPrefix("/") || path.hasPrefix("~")
    let full = isWhole || !isScript ? resolvedPath(path) : Paths.directory(of: source.name) + "/" + path
    guard !importsUnderWay.contains(full) else { throw Failure("\(path) imports itself") }
    let bytes: [UInt8]
    do { bytes = try Paths.contents(of: full) } catch {
      throw FormatError(path: path, problem: error.problem)
    }
    let text = SourceText(name: full, bytes: bytes)
    let statements = try Parser.parse(text)
    let (caller, wasCompound) = (variables, isCompound)
    variables = Variables()
    isCompound = false
    importsUnderWay.append(full)
    defer {
      variables = caller
      isCompound = wasCompound
      importsUnderWay.removeLast()
    }
    for statement in statements {
      let code = try Compiler.compile(statement, in: text, builtins, globals: variables, prints: true)
      _ = try execute(code)
    }
    try Nesting.check(parts: variables.sorted.map(\.value))
    return .record(Record(variables.sorted.map { ($0.name, $0.value) }))
  }
}
