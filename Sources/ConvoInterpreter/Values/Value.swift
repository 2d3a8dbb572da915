public import ConvoTensor

/// What a variable of the language holds.
///
/// Sixteen bytes: a number or a reference, and which of them.
public enum Value: Sendable {
  /// `none`
  case none
  /// `true`
  case boolean(Bool)
  /// `3`, `0.5`: a 64-bit float.
  case number(Double)
  /// `"edge"`
  indirect case string(String)
  /// `[1, "two"]`
  case list([Value])
  /// `range(10)`, whose numbers are made as they are asked for.
  indirect case range(Progression)
  /// `zeros(2, 3)`
  case tensor(Tensor)
  /// `{W: conv1.W}`
  case record(Record)
  /// `Conv2D(3, 8, 3)`
  case layer(Layer)
  /// `relu`, `fn(x) = x + 1`
  case function(Function)
  /// `plot(losses)`
  indirect case chart(Chart)
  /// A convolution that waits for who reads it; never in a variable, a list or an argument of a builtin.
  case deferred(Deferred)

  /// The word that errors and `type(x)` use.
  public var typeName: String {
    switch self {
    case .none: "none"
    case .boolean: "boolean"
    case .number: "number"
    case .string: "string"
    case .list: "list"
    case .range: "range"
    case .tensor: "tensor"
    case .record: "record"
    case .layer: "layer"
    case .function: "function"
    case .chart: "chart"
    case .deferred: "tensor"
    }
  }

  /// Whether the value is `none`.
  public var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  /// A short description for errors: `tensor N1 C3 H8 W8`, `"edge"`, `list of 3`.
  public var brief: String {
    switch self {
    case .none: "none"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): NumberText.plain(number)
    case .string(let text): text.count > 24 ? "a string of \(text.count) characters" : "\"\(text)\""
    case .list(let values): "a list of \(values.count)"
    case .range(let range): range.text
    case .tensor(let tensor): "a tensor \(tensor.axes.isNamed ? tensor.axesText : "\(tensor.shape)")"
    case .record(let record): "a record of \(record.count)"
    case .layer(let layer): "a \(layer.kindName) layer"
    case .function(let function): "the function \(function.name)"
    case .chart(let chart): chart.brief
    case .deferred(let waiting): "the result of \(waiting.name)"
    }
  }

  /// Whether the value counts as true in `if`, `while`, `and`, `or` and `not`.
  ///
  /// - Throws: ``Failure`` for a tensor that does not hold exactly one element, ``NeedsValues`` for one of a plan.
  func isTrue() throws -> Bool {
    switch self {
    case .none: return false
    case .boolean(let flag): return flag
    case .number(let number): return number != 0
    case .string(let text): return !text.isEmpty
    case .list(let values): return !values.isEmpty
    case .range(let range): return !range.isEmpty
    case .record(let record): return record.count > 0
    case .layer, .function, .chart, .deferred: return true
    case .tensor(let tensor):
      if tensor.isPhantom { throw NeedsValues() }
      guard let item = tensor.item else {
        throw Failure(
          "a tensor of \(tensor.count) elements is neither true nor false",
          helps: [
            .init("any(x)", gives: "whether some element is true"),
            .init("all(x)", gives: "whether every one is"),
          ])
      }
      return item != 0
    }
  }
}
