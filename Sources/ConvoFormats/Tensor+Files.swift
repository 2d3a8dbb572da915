import ConvoTensor

extension Tensor {
  /// A tensor for the content of a file, its elements not set; errors are those of a file.
  ///
  /// - Parameters:
  ///   - format: the format whose header declares the extents.
  ///   - holding: what needs the memory.
  static func unfilled(
    _ extents: [Int], axes: Axes? = nil, format: String, holding: @autoclosure () -> String
  ) throws(FormatProblem) -> Tensor {
    let shape: Shape
    do throws(ShapeError) { shape = try Shape(extents) } catch {
      throw .damaged(format: format, what: "it declares the impossible shape \(extents)", at: nil)
    }
    do throws(AllocationError) { return try Tensor(uninitialized: shape, axes: axes) } catch {
      throw .memory(error, holding: holding())
    }
  }
}
