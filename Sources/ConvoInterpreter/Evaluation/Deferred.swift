internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// A convolution that has not run yet; its shapes are known to fit.
///
/// In `x |> conv1 |> relu` the convolution waits for `relu`, which becomes a part of its store; the plain result of the
/// convolution is never written. No variable ever holds one.
public final class Deferred: @unchecked Sendable {
  /// The operation, with all that has been fused into it.
  let convolution: Convolution
  /// The name for errors.
  let name: String
  /// The text that it comes from.
  let span: Span
  /// What is remembered of its operands.
  let operands: [Origin.Operand]
  /// What was fused, in words.
  let applied: String?

  init(
    _ convolution: Convolution, name: String, span: Span, operands: [Origin.Operand], applied: String? = nil
  ) {
    self.convolution = convolution
    self.name = name
    self.span = span
    self.operands = operands
    self.applied = applied
  }

  /// The same with something fused into the convolution.
  func fusing(_ name: String, at span: Span, _ change: (inout Convolution) -> Void) -> Deferred {
    var convolution = convolution
    change(&convolution)
    return Deferred(convolution, name: name, span: self.span.union(span), operands: operands, applied: name)
  }
}

/// What an error may say of an argument after the argument itself has been handed over.
struct ArgumentNote {
  let name: String?
  let expression: Expression?
  let span: Span
  let nameSpan: Span?
  /// Shape, axes and origin, where the argument is a tensor.
  let operand: Origin.Operand?

  init(_ argument: Argument, _ operand: Origin.Operand?) {
    name = argument.name
    expression = argument.value
    span = argument.value.span
    nameSpan = argument.name == nil ? nil : argument.nameSpan
    self.operand = operand
  }

  init(_ argument: EvaluatedArgument, _ evaluator: Evaluator) {
    name = argument.name
    expression = argument.expression
    span = argument.span
    nameSpan = argument.nameSpan
    operand = evaluator.describe(argument.expression, argument.value)
  }
}

extension Evaluator {
  /// The value; an operation that waits runs now.
  @inline(__always)
  func finish(_ value: Value) throws -> Value {
    if case .deferred(let waiting) = value { return try run(waiting) }
    return value
  }

  @inline(never)
  private func run(_ waiting: Deferred) throws -> Value {
    do {
      var detail = Explanation(waiting.convolution)
      detail?.activation = waiting.applied
      var value = try perform(waiting.convolution, named: waiting.name, reading: []).value
      attachOrigin(&value, waiting.name, waiting.span, waiting.operands, detail)
      return value
    } catch {
      throw diagnostic(for: error, at: waiting.span, operation: waiting.name)
    }
  }

  /// The waiting operation with a call fused into it, or nil where that cannot be.
  func absorb(
    _ pending: Deferred, into target: Value, _ rest: [EvaluatedArgument], callee: Span, at span: Span
  ) -> Deferred? {
    switch target {
    case .function(.builtin(let builtin)):
      guard let activation = Fusion.activation(of: builtin.name, rest),
        pending.convolution.activation == .none
      else {
        return nil
      }
      return pending.fusing(builtin.name, at: span) { $0.activation = activation }
    case .layer(let layer):
      guard rest.isEmpty, pending.convolution.activation == .none, pending.convolution.residual == nil,
        let folded = try? layer.folded(into: pending.convolution)
      else { return nil }
      return Deferred(folded, name: layer.kindName, span: pending.span, operands: pending.operands)
    default: return nil
    }
  }

  /// A sum with a waiting convolution, added in its store, or nil where that cannot be.
  func absorbSum(_ pending: Deferred, _ other: Value) -> Deferred? {
    guard case .tensor(let residual) = other, pending.convolution.activation == .none,
      pending.convolution.residual == nil, let shape = try? pending.convolution.outputShape(),
      shape == residual.shape
    else { return nil }
    return pending.fusing("+", at: pending.span) { $0.residual = residual }
  }
}

/// Which calls a convolution can take over.
enum Fusion {
  /// The activation that a call of a builtin is, given its arguments after the first.
  static func activation(of name: String, _ rest: [EvaluatedArgument]) -> Activation? {
    func number(_ index: Int, _ parameter: String) -> Float? {
      guard index < rest.count, rest[index].name == nil || rest[index].name == parameter,
        case .number(let number) = rest[index].value
      else { return nil }
      return Float(number)
    }
    switch (name, rest.count) {
    case ("relu", 0): return .relu
    case ("leaky_relu", 0): return .leakyRelu(0.01)
    case ("leaky_relu", 1): return number(0, "slope").map { .leakyRelu($0) }
    case ("clip", 2):
      guard let low = number(0, "low"), let high = number(1, "high"), low <= high else { return nil }
      return .clip(low, high)
    default: return nil
    }
  }
}

extension Value {
  /// Whether a call of this value may take over a convolution that waits.
  var absorbs: Bool {
    switch self {
    case .function(.builtin(let builtin)):
      ["relu", "leaky_relu", "clip"].contains(builtin.name) || pools
    case .layer(let layer): layer.absorbs || layer.pools
    default: false
    }
  }
}
