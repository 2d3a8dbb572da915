public import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns the numbers along an axis into probabilities, or their logarithms.
///
///     output[i] = exp(x[i] − max x) / Σⱼ exp(x[j] − max x)
///
/// - Shapes: any → the same.
public struct Softmax: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The axis along which the results sum to 1.
  public var axis: Int
  /// Whether the result is the logarithm.
  public var logarithmic: Bool

  /// Describes the operation.
  public init(input: Tensor, axis: Int = -1, logarithmic: Bool = false) {
    self.input = input
    self.axis = axis
    self.logarithmic = logarithmic
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    _ = try input.shape.axis(axis)
    return input.shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { input.axes }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let along: Int
    do { along = try input.shape.axis(axis) } catch { throw .shape(error) }
    let length = input.shape[along]
    let step = input.shape.strides[along]
    let logarithmic = logarithmic
    input.withAddress { x in
      output.fillAddress { y in
        for outer in 0..<(input.count / (length * step)) {
          for inner in 0..<step {
            let start = outer * length * step + inner
            Softmax.normalize(x + start, y + start, step, length, logarithmic)
          }
        }
      }
    }
  }

  /// The plain definition along one line of `length` elements, `step` apart.
  static func normalize(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ step: Int, _ length: Int,
    _ logarithmic: Bool
  ) {
    var largest = -Float.infinity
    for i in 0..<length where !(x[i * step] <= largest) { largest = x[i * step] }
    var sum = 0.0
    for i in 0..<length { sum += exp(Double(x[i * step]) - Double(largest)) }
    for i in 0..<length {
      let difference = Double(x[i * step]) - Double(largest)
      y[i * step] = Float(logarithmic ? difference - log(sum) : exp(difference) / sum)
    }
  }
}
