/// What went wrong inside a builtin or an operator, before anybody knows where in the source it stands.
///
/// The evaluator turns it into a ``ConvoSyntax/Diagnostic`` by finding the places of the operands that it names.
struct Failure: Error {
  /// What to say beside an operand.
  struct OperandLabel {
    /// The name of the parameter that the operand was given for; `left` and `right` for operators.
    var operand: String
    /// Its shape, and what about it does not fit.
    var text: String
  }

  /// What to type instead.
  struct Help {
    var text: String
    var remark: String?

    init(_ text: String, gives remark: String? = nil) {
      self.text = text
      self.remark = remark
    }
  }

  /// The first line without the operation's name.
  var message: String
  /// The operands that do not fit.
  var labels: [OperandLabel] = []
  /// Where it came from.
  var notes: [String] = []
  /// What to type instead.
  var helps: [Help] = []
  /// Whether the message already begins with what failed.
  var isComplete = false

  init(
    _ message: String, labels: [OperandLabel] = [], notes: [String] = [], helps: [Help] = [],
    isComplete: Bool = false
  ) {
    self.message = message
    self.labels = labels
    self.notes = notes
    self.helps = helps
    self.isComplete = isComplete
  }
}

/// The user pressed Ctrl-C.
struct Interruption: Error {}

/// `exit` and `quit` were called.
struct ExitRequest: Error {
  var code: Int32
}
