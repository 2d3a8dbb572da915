internal import ConvoFormats
internal import ConvoSyntax
internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Builtins that look at the world around the session.
enum SystemBuiltins {
  static let all: [Builtin] = [
    .function(
      "glob", "The files that match a pattern, sorted.",
      Parameter<String>("pattern", "a path with * ? and [abc]"),
      examples: [Example("save(zeros(2, 2), \"a.png\")\nlen(glob(\"*.png\"))", gives: "1")],
      seeAlso: ["exists", "load"]
    ) { evaluator, pattern -> Value in
      let full = evaluator.resolvedPath(pattern)
      // What stands before a relative pattern is not shown; a home folder is.
      let dropped = full.utf8.count - Paths.expandingHome(pattern).utf8.count
      return .list(
        Paths.matching(full).map { .string(String(decoding: $0.utf8.dropFirst(dropped), as: UTF8.self)) })
    },
    .function(
      "exists", "Whether a file or directory is there.", Parameter<String>("path", "a path"),
      examples: [Example("exists(\"nowhere.png\")", gives: "false")], seeAlso: ["glob"]
    ) { evaluator, path -> Bool in
      let full = evaluator.resolvedPath(path)
      let isUnsaved = evaluator.mode == .checking && evaluator.unsaved[full] != nil
      return isUnsaved || Paths.exists(full)
    },
    .function(
      "here", "The directory of the script that is running; the working directory at the prompt.",
      examples: [Example("here()", gives: "\".\"")], seeAlso: ["import", "load"]
    ) { evaluator -> String in
      evaluator.source.name.hasSuffix(".cnn") ? Paths.directory(of: evaluator.source.name) : "."
    },
    .function(
      "time", "Seconds since 1970, with fractions; differences measure.",
      examples: [Example("start = time()\ntime() - start >= 0", gives: "true")]
    ) { _ -> Double in
      var now = timespec()
      unsafe clock_gettime(CLOCK_REALTIME, &now)
      return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    },
    .function(
      "import", "The definitions of another script as a record; the path starts at the importing script.",
      Parameter<String>("path", "a .cnn file"),
      detail: "The script runs once, with variables of its own; what it prints is printed.",
      examples: [Example("type(import)", gives: "\"function\"")],
      mistakes: [Example("import(\"nowhere.cnn\")", gives: "import: ")], seeAlso: ["load"]
    ) { evaluator, path in try evaluator.importFile(path) },
    .function(
      "error", "Stops with an error, which `catch` gets as a record.",
      Parameter<String>("message", "what is wrong"),
      examples: [Example("try { error(\"too dark\") } catch e { print(e.message) }", gives: "too dark")],
      mistakes: [Example("error(\"too dark\")", gives: "too dark")], seeAlso: ["assert", "warn"]
    ) { _, message -> Value in throw Failure(message, isComplete: true) }
    .inPlans(.isSkipped),
    .function(
      "exit", "Ends the session.",
      Parameter<Int>("code", default: 0, "the exit code of the program, 0 to 255"),
      examples: [Example("type(exit)", gives: "\"function\"")],
      mistakes: [Example("exit(256)", gives: "exit: code must be at most 255, not 256")], seeAlso: ["quit"]
    ) { evaluator, code in try leave(code, evaluator) },
    .function(
      "quit", "Ends the session.",
      Parameter<Int>("code", default: 0, "the exit code of the program, 0 to 255"),
      examples: [Example("type(quit)", gives: "\"function\"")], seeAlso: ["exit"]
    ) { evaluator, code in try leave(code, evaluator) },
  ]

  private static func leave(_ code: Int, _ evaluator: Evaluator) throws -> Value {
    guard code >= 0 else { throw ShapeError.tooSmall(parameter: "code", value: code, minimum: 0) }
    guard code <= 255 else { throw ShapeError.tooBig(parameter: "code", value: code, maximum: 255) }
    if evaluator.isPlanning { return .none }
    throw ExitRequest(code: Int32(code))
  }
}
