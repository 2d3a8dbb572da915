public import ConvoTensor

extension Reduction {
  /// Up to so many elements a position among them is exact in float32, which is what a tensor holds.
  public static let exactPositions = 1 << 24

  /// The position of the best of all elements of an `argmax` or `argmin`: exact for any number of them.
  ///
  /// - Throws: ``OperationError`` when there are no elements, after Ctrl-C.
  public func position() throws(OperationError) -> Int {
    var best: (place: Int, value: Float)?
    for start in stride(from: 0, to: input.count, by: Reduction.exactPositions) {
      let range = start..<min(start + Reduction.exactPositions, input.count)
      let part = input.view(of: range, shape: .vector(range.count), axes: .unnamed(1))
      var reduction = Reduction(kind: kind, input: part)
      reduction.settings = settings
      let place = Int(try reduction.result().item ?? 0)
      let value = part.withUnsafeFloats { $0[place] }
      if let known = best?.value {
        let isBetter = kind == .argmax ? value > known : value < known
        guard !known.isNaN, isBetter || value.isNaN else { continue }
      }
      best = (start + place, value)
    }
    guard let best else { throw .shape(.empty(operation: kind.nameThatNeedsElements ?? "")) }
    return best.place
  }
}
