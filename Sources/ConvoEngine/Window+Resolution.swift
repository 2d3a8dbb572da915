public import ConvoTensor

extension Window {
  /// No single parameter may be larger, so that sums of a few of them cannot overflow.
  static let maximumParameter = 1 << 40

  /// The extent with the gaps between its taps.
  var spread: Extent2 {
    Extent2(
      height: (extent.height - 1) * dilation.height + 1, width: (extent.width - 1) * dilation.width + 1)
  }

  /// The padding on a picture of `input`, and how many places the window has there.
  ///
  ///     output = ⌊(input + padding − spread) ÷ stride⌋ + 1
  ///
  /// - Throws: ``ShapeError/tooSmall(parameter:value:minimum:)``, ``ShapeError/tooBig(parameter:value:maximum:)`` and
  ///   ``ShapeError/windowTooLarge(window:input:)``.
  public func resolved(on input: Extent2) throws(ShapeError) -> (padding: Padding2, output: Extent2) {
    try Window.check("ksize", extent, minimum: 1)
    try Window.check("stride", stride, minimum: 1)
    try Window.check("dilation", dilation, minimum: 1)
    let (rows, tall) = (extent.height - 1).multipliedReportingOverflow(by: dilation.height)
    let (columns, wide) = (extent.width - 1).multipliedReportingOverflow(by: dilation.width)
    guard !tall, !wide, rows < Window.maximumParameter, columns < Window.maximumParameter else {
      throw .windowTooLarge(window: extent, input: input)
    }
    let sides: Padding2
    switch padding {
    case .explicit(let given): sides = given
    case .same:
      let vertical = Window.samePadding(input.height, spread.height, stride.height)
      let horizontal = Window.samePadding(input.width, spread.width, stride.width)
      sides = Padding2(
        top: vertical / 2, bottom: vertical - vertical / 2, left: horizontal / 2,
        right: horizontal - horizontal / 2)
    }
    for side in [sides.top, sides.bottom, sides.left, sides.right] {
      if side < 0 { throw .tooSmall(parameter: "pad", value: side, minimum: 0) }
      if side > Window.maximumParameter {
        throw .tooBig(parameter: "pad", value: side, maximum: Window.maximumParameter)
      }
    }
    let padded = Extent2(
      height: input.height + sides.top + sides.bottom, width: input.width + sides.left + sides.right)
    guard spread.height <= padded.height, spread.width <= padded.width else {
      throw .windowTooLarge(window: spread, input: padded)
    }
    return (
      sides,
      Extent2(
        height: (padded.height - spread.height) / stride.height + 1,
        width: (padded.width - spread.width) / stride.width + 1)
    )
  }

  private static func samePadding(_ input: Int, _ spread: Int, _ stride: Int) -> Int {
    let places = input / stride + (input % stride == 0 ? 0 : 1)
    return max(0, (places - 1) * stride + spread - input)
  }

  private static func check(_ parameter: String, _ value: Extent2, minimum: Int) throws(ShapeError) {
    for extent in [value.height, value.width] {
      if extent < minimum { throw .tooSmall(parameter: parameter, value: extent, minimum: minimum) }
      if extent > maximumParameter {
        throw .tooBig(parameter: parameter, value: extent, maximum: maximumParameter)
      }
    }
  }
}
