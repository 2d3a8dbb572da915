/// Turns a text into statements.
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

  /// Parses a whole text, or throws the first error.
  public static func parse(_ source: SourceText, options: Options = Options()) throws(Diagnostic)
    -> [Statement]
  {
    throw Diagnostic("the parser is not there yet", source: source, labels: [])
  }
}
