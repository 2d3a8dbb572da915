/// Why an operation gave no tensor.
public enum OperationError: Error, Sendable {
  /// The shapes do not fit.
  case shape(ShapeError)
  /// The result, or the scratch that the operation needs, does not fit in memory.
  case memory(AllocationError)
  /// The user interrupted it.
  case cancelled
}

/// A tensor-valued computation whose result shape is known before it runs.
public protocol TensorOperation: Sendable {
  /// The shape of the result, from the shapes of the operands alone.
  func outputShape() throws(ShapeError) -> Shape

  /// The names of the result's axes; asked only after ``outputShape()`` has succeeded.
  func outputAxes() -> Axes?

  /// The multiplications with an addition that the operation makes, 0 where that says nothing.
  var multiplyAdds: Int { get }

  /// Writes every element of `output`, which has the result's shape and is not cleared.
  func evaluate(into output: inout Tensor) throws(OperationError)

  /// The only number of the result, where that is quicker to have than a tensor; `nil` where it is not.
  func number() -> Float?

  /// Runs the operation. An operation that can work in place reuses the storage of an operand that nobody else holds.
  mutating func result() throws(OperationError) -> Tensor
}

extension TensorOperation {
  /// No axis of the result has a name.
  public func outputAxes() -> Axes? { nil }

  /// Says nothing.
  public var multiplyAdds: Int { 0 }

  /// A tensor is made.
  public func number() -> Float? { nil }

  /// Allocates the output and fills it.
  public mutating func result() throws(OperationError) -> Tensor {
    try freshResult()
  }

  /// Allocates the output and fills it.
  public func freshResult() throws(OperationError) -> Tensor {
    let shape: Shape
    do { shape = try outputShape() } catch { throw .shape(error) }
    var output: Tensor
    do { output = try Tensor(uninitialized: shape, axes: outputAxes()) } catch { throw .memory(error) }
    try evaluate(into: &output)
    return output
  }
}
