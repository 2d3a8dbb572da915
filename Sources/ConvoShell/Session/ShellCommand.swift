/// A command of the prompt that begins with a colon.
struct ShellCommand {
  /// The word behind the colon.
  var name: String
  /// What follows it.
  var argument: String
  /// What it does.
  var summary: String

  /// All commands, in the order in which `:keys` lists them.
  static let all = [
    ShellCommand(name: "time", argument: "EXPR", summary: "run once and tell how long it took"),
    ShellCommand(name: "bench", argument: "EXPR", summary: "run many times: least, median and greatest time"),
    ShellCommand(name: "save", argument: "FILE", summary: "write what succeeded so far as a script"),
    ShellCommand(name: "run", argument: "FILE", summary: "run a script with the session's variables"),
    ShellCommand(
      name: "edit", argument: "[FILE]",
      summary: "edit the last input, or a file, in $VISUAL or $EDITOR, and run it"),
    ShellCommand(
      name: "set", argument: "NAME VALUE", summary: "threads, exact, seed, color, graphics, max-mem"),
    ShellCommand(name: "keys", argument: "", summary: "the keys and commands"),
  ]

  /// The keys, with what they do.
  static let keys = [
    ("Tab", "complete a name, attribute, argument or path; after ( show the signature"),
    ("Up Down", "the lines of a block, then the history by what is typed"),
    ("Ctrl-R Ctrl-S", "search the history back and forward; Ctrl-G leaves the search"),
    ("Right", "at the end: take the dim suggestion"),
    ("Alt-Enter", "add a line"),
    ("Ctrl-_", "undo"),
    ("Ctrl-C", "drop the input, or cancel what runs"),
    ("Ctrl-D", "on an empty line: leave"),
  ]
}
