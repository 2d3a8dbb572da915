/// What is wrong with a text or with running it, as data; the shell turns it into lines.
public struct Diagnostic: Error, Sendable {
  /// A place in the source with what is to be said of it.
  public struct Label: Sendable {
    /// The place, shown with a caret under its first character.
    public var span: Span
    /// What stands beside the caret: a shape, or empty.
    public var text: String

    /// A place and its text.
    public init(_ span: Span, _ text: String = "") {
      self.span = span
      self.text = text
    }
  }

  /// A line that can be typed instead.
  public struct Help: Sendable {
    /// Code that can be pasted, or a hint in words when `remark` is nil and `isCode` is false.
    public var text: String
    /// What the code gives: `N1 C5 H189 W255`.
    public var remark: String?

    /// A hint.
    public init(_ text: String, gives remark: String? = nil) {
      self.text = text
      self.remark = remark
    }
  }

  /// The first line, without `error:`: `conv2d: the input has 1 channel, the kernel wants 3`.
  public var message: String
  /// The text in which the spans lie.
  public var source: SourceText
  /// The places, the main one first.
  public var labels: [Label]
  /// Where it came from: `g = gray(x) on line 4 made C 3 → 1`.
  public var notes: [String]
  /// What to type instead.
  public var helps: [Help]
  /// Whether more input could mend it: an open bracket or string at the end of the text.
  public var isIncomplete: Bool

  /// An error at a place.
  public init(
    _ message: String, source: SourceText, labels: [Label], notes: [String] = [], helps: [Help] = [],
    isIncomplete: Bool = false
  ) {
    self.message = message
    self.source = source
    self.labels = labels
    self.notes = notes
    self.helps = helps
    self.isIncomplete = isIncomplete
  }
}
