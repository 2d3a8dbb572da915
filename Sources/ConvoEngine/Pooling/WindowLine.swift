import ConvoTensor

/// One direction of a window over a picture: where it stands and what it sees there.
struct WindowLine: Sendable, Hashable {
  /// The extent of the picture.
  let input: Int
  /// The number of elements the window looks at.
  let size: Int
  /// The step from one position to the next.
  let stride: Int
  /// How far apart the elements are.
  let dilation: Int
  /// What is added in front.
  let before: Int
  /// What is added behind.
  let after: Int
  /// The number of positions.
  let output: Int

  /// Resolves the padding and counts the positions.
  ///
  /// - Parameter coversAll: whether a last position that overhangs counts. One that would begin beyond the input and its
  ///   leading padding is dropped. `.same` decides over it.
  init(
    input: Int, size: Int, stride: Int, dilation: Int, padding: (before: Int, after: Int)?,
    coversAll: Bool, window: Extent2, picture: Extent2
  ) throws(ShapeError) {
    for (name, value) in [("ksize", size), ("stride", stride), ("dilation", dilation)] {
      if value < 1 { throw .tooSmall(parameter: name, value: value, minimum: 1) }
      // Sums and products of two of these fit.
      let most = Int(Int32.max)
      if value > most { throw .tooBig(parameter: name, value: value, maximum: most) }
    }
    let reach = (size - 1) * dilation + 1
    var count: Int
    var (before, after) = (0, 0)
    if let padding {
      (before, after) = padding
      if min(before, after) < 0 { throw .tooSmall(parameter: "pad", value: min(before, after), minimum: 0) }
      if max(before, after) >= reach {
        throw .tooBig(parameter: "pad", value: max(before, after), maximum: reach - 1)
      }
      let room = input + before + after - reach
      let rounding = coversAll ? stride - 1 : 0
      guard room + rounding >= 0, input > 0 || before + after > 0 else {
        throw .windowTooLarge(
          window: window, input: Extent2(height: picture.height, width: picture.width))
      }
      count = (room + rounding) / stride + 1
      if coversAll && count > 1 && (count - 1) * stride >= input + before { count -= 1 }
    } else {
      count = input == 0 ? 0 : (input - 1) / stride + 1
      let total = max(0, (count - 1) * stride + reach - input)
      before = total / 2
      after = total - before
    }
    self.input = input
    self.size = size
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.after = after
    self.output = count
  }

  /// The input position under the first element of the window at place `index`; may be negative.
  @inline(__always)
  func start(_ index: Int) -> Int { index * stride - before }

  /// The elements of the window at place `index` that lie in the input.
  @inline(__always)
  func taps(_ index: Int) -> Range<Int> {
    let start = start(index)
    let first = start < 0 ? (-start + dilation - 1) / dilation : 0
    let end = min(size, start < input ? (input - start + dilation - 1) / dilation : 0)
    return min(first, max(end, 0))..<max(end, 0)
  }

  /// How many elements of the window at place `index` lie in the input or its padding, but not beyond.
  @inline(__always)
  func tapsWithPadding(_ index: Int) -> Int {
    min(size, (input + after - start(index) + dilation - 1) / dilation)
  }
}
