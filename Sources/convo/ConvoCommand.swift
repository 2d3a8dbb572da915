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
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      if word == "--" { break }
      if word == "-" || !word.hasPrefix("-") {
        return try parse(Array(arguments[..<index]) + ["--"] + arguments[index...])
      }
      index += optionsWithValue.contains(word) ? 2 : 1
    }
    return try parse(arguments)
  }

  /// The options whose value is the next word.
  private static let optionsWithValue: Set<String> = [
    "-e", "-c", "--execute", "--generate-completion-script", "--threads", "--seed", "--max-mem", "--color",
    "--check", "--report",
  ]
}
