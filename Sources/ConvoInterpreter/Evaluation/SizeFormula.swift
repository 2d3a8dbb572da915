internal import ConvoEngine
internal import ConvoTensor

/// How many places a window has on one axis, as a formula with its numbers.
///
///     H: 378 = ⌊(380 + 0 + 0 − 1·(3 − 1) − 1) / 1⌋ + 1
struct SizeFormula {
  /// How a last window counts that reaches over the edge.
  enum Rounding {
    case down
    case up
  }
  private let axis: String
  private let result: Int
  private let input: Int
  private let padding: (before: Int, after: Int)
  private let window: (extent: Int, stride: Int, dilation: Int)
  private let rounding: Rounding

  init(rows window: Window, _ place: Patch.Place, _ input: Extent2, gives result: Int, _ rounding: Rounding) {
    axis = "H"
    self.result = result
    self.input = input.height
    padding = (place.padding.top, place.padding.bottom)
    self.window = (window.extent.height, window.stride.height, window.dilation.height)
    self.rounding = rounding
  }

  init(
    columns window: Window, _ place: Patch.Place, _ input: Extent2, gives result: Int, _ rounding: Rounding
  ) {
    axis = "W"
    self.result = result
    self.input = input.width
    padding = (place.padding.left, place.padding.right)
    self.window = (window.extent.width, window.stride.width, window.dilation.width)
    self.rounding = rounding
  }

  /// The formula in one line.
  var text: String {
    let places = input + padding.before + padding.after - window.dilation * (window.extent - 1) - 1
    // Below zero, where the window is larger than the input, Swift's division rounds up.
    let rest = (places % window.stride + window.stride) % window.stride
    // Where there is no rest both roundings are one.
    let isUp = rounding == .up && rest > 0
    let count = (places - rest) / window.stride + (isUp ? 2 : 1)
    let (open, close) = isUp ? ("⌈", "⌉") : ("⌊", "⌋")
    let quotient =
      "\(open)(\(input) + \(padding.before) + \(padding.after) − \(window.dilation)·(\(window.extent) − 1) − 1) / \(window.stride)\(close)"
    if count == result { return "\(axis): \(result) = \(quotient) + 1" }
    return
      "\(axis): \(result) = \(quotient) + 1 − 1, without the last window, which would begin beyond the input"
  }
}
