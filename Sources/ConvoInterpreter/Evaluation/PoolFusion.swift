internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

// A pooling that reads a waiting convolution pools its rows while they are in cache.
extension Evaluator {
  /// The pooled result of a waiting convolution; nil where the two steps are as good, or where the pooling is wrong, which
  /// the separate steps then say.
  func pool(
    _ pending: Deferred, by target: Value, _ rest: [EvaluatedArgument], callee: Span, at span: Span
  ) throws -> Value? {
    guard target.pools, let shape = try? pending.convolution.outputShape(),
      let between = try? Tensor(phantom: shape, axes: pending.convolution.outputAxes())
    else { return nil }
    var input = Value.tensor(between)
    attachOrigin(&input, pending.name, pending.span, pending.operands)
    guard let pooling = pooling(target, input, rest, at: pending.span) else { return nil }
    let fused = PooledConvolution(pending.convolution, pooling)
    guard fused.isWorthwhile else { return nil }
    do {
      let name = target.callName
      let operands = [describe(nil, input)].compactMap(\.self)
      var value = try perform(fused, named: name, reading: []).value
      attachOrigin(&value, name, span, operands, Explanation(pooling))
      return value
    } catch {
      throw diagnostic(for: error, at: callee, operation: target.callName)
    }
  }

  /// The pooling that a call would run on `input`, or nil where it would be an error.
  private func pooling(
    _ target: Value, _ input: Value, _ rest: [EvaluatedArgument], at span: Span
  ) -> Pooling? {
    switch target {
    case .function(.builtin(let builtin)):
      guard case .operation(let body) = builtin.body else { return nil }
      var arguments = [EvaluatedArgument(name: nil, value: input, expression: nil, span: span)] + rest
      guard var call = try? Binding.bind(&arguments, to: builtin, evaluator: self) else { return nil }
      return (try? body(&call)) as? Pooling
    case .layer(let layer):
      guard rest.isEmpty else { return nil }
      return (try? layer.prepare(input, self).operation) as? Pooling
    default: return nil
    }
  }
}

extension Value {
  /// Whether a call of this value pools, and so may take over a convolution that waits.
  var pools: Bool {
    switch self {
    case .function(.builtin(let builtin)): ["maxpool", "avgpool"].contains(builtin.name)
    case .layer(let layer): layer.pools
    default: false
    }
  }

  /// What a call of this value is called in messages.
  fileprivate var callName: String {
    switch self {
    case .function(.builtin(let builtin)): builtin.name
    case .layer(let layer): layer.kindName
    default: brief
    }
  }
}
