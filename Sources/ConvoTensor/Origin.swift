/// How a tensor came to be: the operation, its operands, and where they came from in turn.
///
/// The chain is cut at ``maximumDepth``, so that a loop that changes a variable a million times keeps a short one.
public final class Origin: Sendable {
  /// One operand of the operation.
  public struct Operand: Sendable {
    /// The variable that held it, if it had a name.
    public let name: String?
    /// Its shape.
    public let shape: Shape
    /// The names of its axes.
    public let axes: Axes
    /// How it came to be.
    public let origin: Origin?

    /// Describes an operand.
    public init(name: String?, shape: Shape, axes: Axes, origin: Origin?) {
      self.name = name
      self.shape = shape
      self.axes = axes
      self.origin = origin
    }
  }

  /// The longest chain that is kept.
  public static let maximumDepth = 24

  /// The name of the operation, such as `conv2d`.
  public let operation: String
  /// The source text of the expression.
  public let text: String
  /// The line of the source.
  public let line: Int
  /// The operands that were tensors.
  public let operands: [Operand]
  /// What explains single elements of the result, where the interpreter keeps that.
  public let detail: (any Sendable)?
  /// How many operations back the longest chain goes.
  public let depth: Int

  /// Describes an operation on operands.
  public init(
    operation: String, text: String, line: Int, operands: [Operand], detail: (any Sendable)? = nil
  ) {
    let deepest = operands.map { $0.origin?.depth ?? 0 }.max() ?? 0
    self.operation = operation
    self.text = text
    self.line = line
    self.detail = detail
    if deepest >= Origin.maximumDepth {
      self.operands = operands.map { Operand(name: $0.name, shape: $0.shape, axes: $0.axes, origin: nil) }
      self.depth = 1
    } else {
      self.operands = operands
      self.depth = deepest + 1
    }
  }
}
