import ArgumentParser
import ConvoShell

/// The command line, from which `--help`, the manual page and shell completions are made too.
struct ConvoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convo",
    abstract: "A tensor shell: look at pictures, convolutions and their shapes.",
    usage: """
      convo [options]                   a prompt
      convo [options] FILE [args ...]   run a script; its arguments are the list `args`
      convo [options] -e CODE ...       run code
      convo [options] -                 run what comes through a pipe
      """,
    version: Version.text)

  @Option(
    name: [.customShort("e"), .customShort("c"), .long], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run this code; may be given several times.", valueName: "code"))
  var execute: [String] = []

  @Flag(name: [.short, .long], help: "Stay at the prompt afterwards, with the variables.")
  var interactive = false

  @Flag(name: [.short, .long], help: "No banner.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Show the line of each assignment of a script on stderr.")
  var verbose = false

  @Option(help: ArgumentHelp("Threads that work on one operation (CONVO_THREADS).", valueName: "n"))
  var threads: String?

  @Option(help: ArgumentHelp("Where random numbers begin (CONVO_SEED).", valueName: "n"))
  var seed: String?

  @Option(
    name: .customLong("max-mem"),
    help: ArgumentHelp("Memory for all values: 512M, 2G, … (CONVO_MAX_MEM).", valueName: "size"))
  var maxMem: String?

  @Flag(help: "Convolutions without Winograd's transforms, which round a little more.")
  var exact = false

  @Option(help: ArgumentHelp("Colours: always, never or auto.", valueName: "when"))
  var color: String = "auto"

  @Option(
    help: ArgumentHelp("Parse a script and check its shapes; nothing is computed.", valueName: "file"),
    completion: .file(extensions: ["cnn"]))
  var check: String?

  @Option(
    help: ArgumentHelp("Run a script and write report.md and pictures into this folder.", valueName: "dir"),
    completion: .directory)
  var report: String?

  @Flag(name: .customLong("no-init"), help: "Do not run init.cnn first.")
  var noInit = false

  @Argument(
    help: ArgumentHelp("A script, and what it gets as `args`.", valueName: "file"),
    completion: .file(extensions: ["cnn"]))
  var script: [String] = []

  /// Reads a command line. Everything after the script's name belongs to the script, whatever it looks like.
  static func read(_ arguments: [String]) throws -> ConvoCommand {
    var options: [String] = []
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      if word == "--" { break }
      if word == "-" || !word.hasPrefix("-") {
        return try parse(options + ["--"] + arguments[index...])
      }
      let words = unbundled(word)
      options += words
      index += 1
      if let last = words.last, optionsWithValue.contains(last), index < arguments.count {
        options.append(arguments[index])
        index += 1
      }
    }
    return try parse(options + arguments[index...])
  }

  /// The options of a bundle: `-qe` as `-q` and `-e`, `-qe1+1` as `-q`, `-e` and `1+1`; other words as they are.
  private static func unbundled(_ word: String) -> [String] {
    guard word.utf8.count > 2, !word.hasPrefix("--") else { return [word] }
    var options: [String] = []
    var rest = word.dropFirst()
    while let letter = rest.popFirst() {
      options.append("-\(letter)")
      if letter == "e" || letter == "c" { return options + (rest.isEmpty ? [] : [String(rest)]) }
      guard "iqvh".contains(letter) else { return [word] }
    }
    return options
  }

  /// What is wrong with a command line, with the option that was meant where the parser knows none.
  static func message(of error: any Error) -> String {
    let message = message(for: error)
    let start = "Unknown option '"
    guard message.hasPrefix(start) else { return message }
    let word = String(message.dropFirst(start.count).prefix { $0 != "'" })
    // The parser's own offers know neither of the two options that it makes itself, nor letters that changed places.
    let options = helpMessage().split { $0 == " " || $0 == "\n" }.filter { $0.hasPrefix("--") }.map(
      String.init)
    let near = NearestOption.of(word, among: options).map { ". Did you mean '\($0)'?" } ?? ""
    return "\(start)\(word)'\(near)"
  }

  /// The options whose value is the next word.
  private static let optionsWithValue: Set<String> = [
    "-e", "-c", "--execute", "--generate-completion-script", "--threads", "--seed", "--max-mem", "--color",
    "--check", "--report",
  ]
}
