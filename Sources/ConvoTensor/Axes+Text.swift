extension Axes {
  /// The axes with their extents, as users read them: `N1 C3 H380 W512`, `O5 I3 3×3`, `2×3`, and `1` axis as `5`.
  public func text(_ shape: Shape) -> String {
    guard shape.rank > 0 else { return "number" }
    var parts: [String] = []
    var previousIsPlain = false
    for (axis, extent) in shape.extents.enumerated() {
      let letter = axis < names.count ? names[axis].letter : ""
      let isPlain = letter.isEmpty
      if isPlain, previousIsPlain, let last = parts.popLast() {
        parts.append("\(last)×\(extent)")
      } else {
        parts.append("\(letter)\(extent)")
      }
      previousIsPlain = isPlain
    }
    return parts.joined(separator: " ")
  }
}

extension Tensor {
  /// The axes with their extents: `N1 C3 H380 W512`.
  public var axesText: String { axes.text(shape) }
}
