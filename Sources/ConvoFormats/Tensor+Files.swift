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
    try checkRank(of: extents, format: format)
    let shape: Shape
    do throws(ShapeError) { shape = try Shape(extents) } catch {
      throw .damaged(format: format, what: "it declares the impossible shape \(extents)", at: nil)
    }
    do throws(AllocationError) { return try Tensor(uninitialized: shape, axes: axes) } catch {
      throw .memory(error, holding: holding())
    }
  }

  /// Refuses what has more axes than a tensor may have.
  static func checkRank(of extents: [Int], format: String) throws(FormatProblem) {
    guard extents.count <= Shape.maximumRank else {
      throw .unsupported(
        format: format, what: "an array of \(extents.count) axes",
        instead: "a tensor has at most \(Shape.maximumRank)")
    }
  }
}
