public import ConvoTensor

/// What the evaluator wants seen. The shell decides how it looks.
public protocol Presenter: AnyObject {
  /// A bare expression's value.
  func echo(_ value: Value)
  /// A variable has a new value.
  func announce(_ name: String, _ value: Value)
  /// A line that `print` makes.
  func write(_ line: String)
  /// The values of `print`, on a line.
  func write(_ values: [Value])
  /// The columns that a table has room for.
  var columns: Int { get }
  /// A remark on stderr: `pixels were cut to 0…255`.
  func warn(_ message: String)
  /// How a tensor reads inside `print` and a string.
  func text(of tensor: Tensor) -> String
  /// A picture, a table, a page of help.
  func present(_ report: Report)
}

extension Presenter {
  /// The texts of the values with a blank between them.
  public func write(_ values: [Value]) {
    write(values.map { ValueText.text(of: $0, self) }.joined(separator: " "))
  }

  /// A wide page.
  public var columns: Int { 110 }
}

/// Something to be looked at.
public enum Report: Sendable {
  /// `show(x)`
  case picture(Tensor, title: String?, hasOwnScales: Bool)
  /// `plot(y)`
  case chart(Chart)
  /// `info(x)`
  case statistics(Tensor, title: String?)
  /// `help(maxpool)`
  case help(Builtin)
  /// `help(f)` for a function of the language, or a layer: its signature and a sentence.
  case signature(String, String)
  /// `help()`: all builtins by family.
  case overview([Builtin])
  /// `whos()`: variables with their values.
  case variables([(name: String, value: Value)])
  /// Lines that are laid out already.
  case lines([String])
}
