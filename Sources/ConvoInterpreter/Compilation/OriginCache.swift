internal import ConvoSyntax
internal import ConvoTensor

/// How the results of one place in the source came to be.
///
/// A loop makes the same thing of the same operands again and again: then it is the same note.
struct OriginCache {
  private var text: String?
  private var line = 0
  private var last: Origin?
  /// The numbers of the operands of ``last``, where they are known.
  private var lastSerials = (-1, -1)

  /// The note for a result that was made here of operands like the last ones.
  @inline(__always)
  mutating func known(_ left: Tensor?, _ right: Tensor?) -> Origin? {
    let serials = (left?.serial ?? 0, right?.serial ?? 0)
    if serials == lastSerials { return last }
    guard let found = similar(left, right) else { return nil }
    lastSerials = serials
    return found
  }

  private func similar(_ left: Tensor?, _ right: Tensor?) -> Origin? {
    guard let last, last.detail == nil, last.operands.count == (left == nil ? 0 : 1) + (right == nil ? 0 : 1)
    else {
      return nil
    }
    if let left, !isSame(last.operands[0], left) { return nil }
    if let right, !isSame(last.operands[left == nil ? 0 : 1], right) { return nil }
    return last
  }

  @inline(__always)
  private func isSame(_ operand: Origin.Operand, _ tensor: Tensor) -> Bool {
    operand.origin === tensor.origin && operand.shape == tensor.shape && operand.axes == tensor.axes
  }

  /// The note for a result that was made here of these operands.
  mutating func origin(
    _ operation: String, _ span: Span, _ source: SourceText, _ operands: [Origin.Operand],
    _ detail: (any Sendable)? = nil
  ) -> Origin {
    if detail == nil, let last, last.detail == nil, last.operands.count == operands.count,
      zip(last.operands, operands).allSatisfy({
        $0.origin === $1.origin && $0.shape == $1.shape && $0.axes == $1.axes
      })
    {
      return last
    }
    if text == nil {
      text = span.end - span.start > 200 ? operation : source.text(of: span)
      line = source.location(of: span.start).line
    }
    let origin = Origin(
      operation: operation, text: text ?? operation, line: line, operands: operands, detail: detail)
    if detail == nil {
      last = origin
      lastSerials = (-1, -1)
    }
    return origin
  }
}
