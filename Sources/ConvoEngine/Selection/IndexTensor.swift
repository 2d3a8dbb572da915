import ConvoTensor

/// Whole numbers that choose places along an axis, checked once.
struct IndexTensor: Sendable {
  /// Places in `0 ..< extent`, in row-major order.
  let places: [Int]

  /// Reads the places from a tensor of numbers, of which negative ones count from the end.
  ///
  /// - Throws: ``ShapeError/indexNotWhole(at:)`` and ``ShapeError/elementOutOfRange(index:at:axis:extent:)``.
  init(_ index: Tensor, axis: Int, extent: Int) throws(ShapeError) {
    var places: [Int] = []
    places.reserveCapacity(index.count)
    var mistake: ShapeError?
    index.withUnsafeFloats { floats in
      for (position, value) in floats.enumerated() {
        guard let whole = Int(exactly: value) else {
          mistake = .indexNotWhole(at: index.shape.position(of: position))
          return
        }
        guard whole >= -extent, whole < extent else {
          mistake = .elementOutOfRange(
            index: whole, at: index.shape.position(of: position), axis: axis, extent: extent)
          return
        }
        places.append(whole < 0 ? whole + extent : whole)
      }
    }
    if let mistake { throw mistake }
    self.places = places
  }
}

extension Shape {
  /// Where the element with a number stands, counted in row-major order.
  func position(of index: Int) -> [Int] {
    zip(strides, extents).map { index / $0 % max($1, 1) }
  }
}
