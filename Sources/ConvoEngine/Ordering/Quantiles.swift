public import ConvoTensor

/// Values below which given parts of the elements lie, with straight lines between neighbours.
///
/// With the n elements of an output in order, the quantile q stands at place `q · (n − 1)`. One NaN makes it NaN.
///
/// - Shapes: any → without the reduced axes; with the number of quantiles in front where they are a list.
public struct Quantiles: TensorOperation {
  /// The operand.
  public var input: Tensor
  /// The parts, from 0 to 1.
  public var parts: [Double]
  /// Whether the result has an axis for the parts.
  public var isList: Bool
  /// The axes that vanish; `nil` for all.
  public var axes: [Int]?
  /// The name to complain under.
  public var name: String
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes several quantiles, which the first axis of the result counts.
  public init(input: Tensor, parts: [Double], axes: [Int]? = nil) {
    (self.input, self.parts, self.axes, isList, name) = (input, parts, axes, true, "quantile")
  }

  /// Describes a single one.
  public init(input: Tensor, part: Double, axes: [Int]? = nil, name: String = "quantile") {
    (self.input, self.parts, self.axes, isList, self.name) = (input, [part], axes, false, name)
  }

  private var reduction: Reduction { Reduction(kind: .sum, input: input, axes: axes) }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let shape = try reduction.outputShape()
    if try length() == 0, shape.count > 0 { throw .empty(operation: name) }
    return isList ? try Shape([parts.count] + shape.extents) : shape
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? {
    reduction.outputAxes().map { isList ? Axes([.unnamed] + $0.names) : $0 }
  }

  private func length() throws(ShapeError) -> Int {
    var length = 1
    for axis in try input.shape.axes(axes) { length *= input.shape[axis] }
    return length
  }

  /// Writes the result.
  public func evaluate(into output: inout Tensor) throws(OperationError) {
    if output.count == 0 { return }
    let (length, reduced): (Int, [Int])
    do { (length, reduced) = (try self.length(), try input.shape.axes(axes)) } catch { throw .shape(error) }
    let kept = (0..<input.rank).filter { !reduced.contains($0) }
    var rows = input
    if kept + reduced != Array(0..<input.rank) {
      var ordered = Transposition(input: input, axes: kept + reduced)
      ordered.settings = settings
      rows = try ordered.result()
    }
    let count = input.count / length
    do { rows = try rows.reshaped(to: Shape([count, length])) } catch { throw .shape(error) }
    var sorting = Sorting(input: rows)
    sorting.settings = settings
    let sorted = try sorting.result()
    let parts = parts
    sorted.withAddress { x in
      output.fillAddress { y in
        for (index, part) in parts.enumerated() {
          let place = part * Double(length - 1)
          let below = min(max(Int(place), 0), length - 1)
          let above = min(below + 1, length - 1)
          let share = place - Double(below)
          for row in 0..<count {
            let line = x + row * length
            let (first, second) = (Double(line[below]), Double(line[above]))
            // NaN stands last in order. Neighbours that are the same may be infinite, and have no difference.
            y[index * count + row] =
              line[length - 1].isNaN
              ? .nan : Float(share == 0 || first == second ? first : first + (second - first) * share)
          }
        }
      }
    }
  }
}
