import ConvoTensor

/// The library whose pictures a resizing equals.
public enum ResizeModel: Sendable, Hashable, CaseIterable {
  /// convo's own rules.
  case plain
  /// Pillow's `Image.resize`.
  case pillow
  /// OpenCV's `cv2.resize`.
  case opencv
  /// PyTorch's `interpolate` without aligned corners.
  case torch
}

/// How the axes of pictures are sampled.
enum SamplingRule {
  /// The weights of an axis; `nil` for nearest pixels, and for straight lines between two, which have ways of their own.
  ///
  /// - Parameter shrinks: whether no side of the picture grows, which decides what OpenCV takes for areas.
  static func weights(
    _ mode: Interpolation, _ model: ResizeModel, isAntialiased: Bool, shrinks: Bool, input: Int, output: Int
  ) -> SamplingWeights? {
    let antialiases = isAntialiased || model == .pillow
    switch mode {
    case .nearest: return nil
    case .bilinear: return antialiases ? .antialiased(input: input, output: output, .triangle) : nil
    case .bicubic where antialiases:
      // Both libraries that do so have another slope than without.
      let filter = SamplingFilter.cubic(model == .plain ? -0.75 : -0.5)
      return .antialiased(input: input, output: output, filter)
    case .bicubic: return .interpolating(input: input, output: output, .cubic(-0.75))
    case .lanczos where antialiases: return .antialiased(input: input, output: output, .lanczos(3))
    case .lanczos:
      return .interpolating(input: input, output: output, .lanczos(model == .opencv ? 4 : 3))
    case .area:
      switch model {
      case .plain: return .overlapping(input: input, output: output)
      case .pillow: return .antialiased(input: input, output: output, .box)
      case .opencv:
        return shrinks
          ? .overlapping(input: input, output: output) : .stretched(input: input, output: output)
      case .torch: return .adaptive(input: input, output: output)
      }
    }
  }

  /// Whether a mode sums with weights.
  static func hasWeights(_ mode: Interpolation, _ model: ResizeModel, isAntialiased: Bool) -> Bool {
    mode != .nearest && (mode != .bilinear || isAntialiased || model == .pillow)
  }

  /// The pixel of each output; the libraries differ in what they round, and where they look.
  static func nearest(_ model: ResizeModel, input: Int, output: Int) -> [Int32] {
    var positions: [Int32] = []
    positions.reserveCapacity(output)
    switch model {
    case .plain:
      for i in 0..<output {
        // Whole-number arithmetic: ⌊(2i + 1) · input / (2 · output)⌋ without rounding.
        let wide = (2 * i + 1).multipliedFullWidth(by: input)
        positions.append(Int32(min(input - 1, (2 * output).dividingFullWidth(wide).quotient)))
      }
    case .pillow:
      let step = Double(input) / Double(output)
      var place = step * 0.5
      for _ in 0..<output {
        positions.append(Int32(min(input - 1, Int(place))))
        place += step
      }
    case .opencv:
      let step = 1 / (Double(output) / Double(input))
      for i in 0..<output { positions.append(Int32(min(input - 1, Int(Double(i) * step)))) }
    case .torch:
      let step = Float(input) / Float(output)
      for i in 0..<output { positions.append(Int32(min(input - 1, Int(Float(i) * step)))) }
    }
    return positions
  }
}
