internal import ConvoInterpreter

/// The option that somebody may have meant.
public enum NearestOption {
  /// The option of the command line that is near to a word, both with their dashes.
  public static func of(_ word: String, among options: [String]) -> String? {
    Suggestion.nearest(to: word, among: options).first
  }
}
