internal import ConvoSyntax
internal import ConvoTensor

/// What the members of a `Sequential` did so far, in words: `x |> net[0] |> net[1]`.
struct SequenceSteps {
  /// The expression of what has been computed.
  private(set) var text: String
  /// How the model is called; empty where it has no name, and its members are called by what they are.
  private let model: String
  private let line: Int
  /// The members that work on a value which has not been computed yet, because one takes another over.
  private var waiting = ""

  /// The steps of a model that is called with an input.
  init(input: ArgumentNote, callee: Span, _ evaluator: Evaluator) {
    let source = evaluator.source
    text = input.expression == nil ? "input" : source.text(of: input.span)
    let callee = source.text(of: callee)
    model = callee.utf8.count <= 40 && callee.utf8.allSatisfy(SequenceSteps.isOfName) ? callee : ""
    line = source.location(of: input.span.start).line
  }

  private init(_ text: String, _ model: String, _ line: Int) {
    (self.text, self.model, self.line) = (text, model, line)
  }

  /// The steps of a `Sequential` that is a member itself.
  func inside(_ index: Int) -> SequenceSteps {
    SequenceSteps(text + waiting, model.isEmpty ? "" : "\(model)[\(index)]", line)
  }

  /// A member takes what there is.
  mutating func add(_ member: Value, _ index: Int) {
    waiting += " |> " + (model.isEmpty ? name(of: member) : "\(model)[\(index)]")
  }

  /// A pooling has taken over the operation that waited for it: what it pooled is remembered as what these steps gave.
  mutating func split(_ value: inout Value) {
    defer {
      text = joined
      waiting = ""
    }
    guard case .tensor(var tensor) = value, let origin = tensor.origin, let operand = origin.operands.first,
      let before = operand.origin
    else { return }
    value = .none
    let made = Origin(
      operation: before.operation, text: joined, line: line, operands: before.operands, detail: before.detail)
    tensor.origin = Origin(
      operation: origin.operation, text: origin.text, line: origin.line,
      operands: [.init(name: nil, shape: operand.shape, axes: operand.axes, origin: made)],
      detail: origin.detail)
    value = .tensor(tensor)
  }

  /// All steps; of a long chain those that wait.
  private var joined: String { text.utf8.count + waiting.utf8.count > 160 ? "…" + waiting : text + waiting }

  /// A value has been computed, and is remembered as what these steps gave; the last one as what the whole call says.
  mutating func finish(_ value: inout Value, isLast: Bool = false) {
    defer {
      text = joined
      waiting = ""
    }
    guard !waiting.isEmpty, case .tensor(var tensor) = value, let origin = tensor.origin else { return }
    value = .none
    var detail = origin.detail as? Explanation
    detail?.steps = model.isEmpty ? nil : String(waiting.dropFirst(" |> ".utf8.count))
    tensor.origin = Origin(
      operation: origin.operation, text: isLast ? origin.text : joined,
      line: isLast ? origin.line : line, operands: origin.operands, detail: detail)
    value = .tensor(tensor)
  }

  private func name(of member: Value) -> String {
    switch member {
    case .layer(let layer): layer.text
    case .function(let function): function.name
    default: member.brief
    }
  }

  /// Letters, digits, points and indices: what names a model without making it anew.
  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x5B, 0x5D, 0x80...0xFF: true
    default: false
    }
  }
}
