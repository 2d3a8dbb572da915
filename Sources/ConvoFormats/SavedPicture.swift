import ConvoTensor

/// A tensor seen as a picture of 8-bit levels, row by row.
///
/// A level is the value rounded (half to even) and cut to 0…255, after stretching when that was asked for; NaN is 0.
struct SavedPicture {
  /// Where the values of a picture lie in a tensor, in elements.
  struct Layout: Equatable {
    var height: Int
    var width: Int
    var channels: Int
    var rowStep: Int
    var columnStep: Int
    var channelStep: Int
  }

  /// What may be saved as a picture, in words.
  static let accepted = "[H,W], [H,W,C], [C,H,W] or [1,C,H,W] with 1, 3 or 4 channels"

  private(set) var layout: Layout
  let shape: Shape
  private let tensor: Tensor
  private let offset: Float
  private let scale: Double?
  private var cutCount = 0
  private var nanCount = 0
  private var isAlphaDropped = ""

  init(_ value: SavedValue, format: String, options: SaveOptions) throws(FormatProblem) {
    guard case .tensor(let tensor) = value else {
      throw .wrongKind(format: format, found: "a record", expected: "a picture")
    }
    if let dtype = options.dtype, dtype != "uint8", dtype != "float32" {
      throw .option(name: "dtype", found: "\"\(dtype)\"", expected: "uint8: \(format) pictures have 8 bits")
    }
    self.tensor = tensor
    shape = tensor.shape
    layout = try SavedPicture.layout(of: tensor.shape, axes: tensor.axes)
    if options.normalize, let range = SavedPicture.finiteRange(of: tensor) {
      offset = range.lowerBound
      let width = Double(range.upperBound) - Double(range.lowerBound)
      scale = width > 0 ? 255 / width : 0
    } else {
      offset = 0
      scale = nil
    }
  }

  /// Leaves out the last of 2 or 4 channels.
  mutating func dropAlpha(format: String) {
    if layout.channels == 4 || layout.channels == 2 {
      layout.channels -= 1
      isAlphaDropped = format
    }
  }

  /// What happened to the values, after all rows were asked for.
  var warnings: [FormatWarning] {
    let total = layout.height * layout.width * layout.channels
    var result: [FormatWarning] = []
    if !isAlphaDropped.isEmpty { result.append(.alphaDropped(format: isAlphaDropped)) }
    if cutCount > 0, let range = SavedPicture.range(of: tensor) {
      result.append(.cut(count: cutCount, total: total, low: range.lowerBound, high: range.upperBound))
    }
    if nanCount > 0 { result.append(.notNumbers(count: nanCount, total: total)) }
    return result
  }

  /// Decides what the axes mean: by their names, or by the extents where they have none.
  static func layout(of shape: Shape, axes: Axes) throws(FormatProblem) -> Layout {
    let problem = FormatProblem.notPicture(shape, expected: accepted)
    var extents = shape.extents
    if extents.count == 4, extents[0] == 1 { extents.removeFirst() }
    guard (2...3).contains(extents.count), !extents.contains(0) else { throw problem }
    if extents.count == 2 {
      return Layout(
        height: extents[0], width: extents[1], channels: 1, rowStep: extents[1], columnStep: 1, channelStep: 0
      )
    }
    let names = axes.names.suffix(3)
    let channelsFirst: Bool
    if shape.rank == 4 {
      channelsFirst = true
    } else if names.first == .channel {
      channelsFirst = true
    } else if names.last == .channel {
      channelsFirst = false
    } else {
      channelsFirst = ![1, 3, 4].contains(extents[2])
    }
    let channels = channelsFirst ? extents[0] : extents[2]
    let hasNames = names.last == .channel && !channelsFirst
    guard [1, 3, 4].contains(channels) || (hasNames && channels == 2) else { throw problem }
    return channelsFirst
      ? Layout(
        height: extents[1], width: extents[2], channels: channels, rowStep: extents[2], columnStep: 1,
        channelStep: extents[1] * extents[2])
      : Layout(
        height: extents[0], width: extents[1], channels: channels, rowStep: extents[1] * channels,
        columnStep: channels, channelStep: 1)
  }

  /// Hands the levels of each row to `body`, channels together.
  mutating func writeRows(
    _ body: (UnsafePointer<UInt8>) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    let block = try ByteBlock(count: layout.width * layout.channels, holding: "a row of the picture")
    let row = block.bytesWhileHeld.bindMemory(to: UInt8.self)
    defer { withExtendedLifetime(block) {} }
    guard let base = row.baseAddress else { return }
    for index in 0..<layout.height {
      count(levels(ofRow: index, into: base))
      try body(base)
    }
  }

  /// What happened to some values.
  struct Counts {
    var cut = 0
    var notNumbers = 0
  }

  /// Adds to what ``warnings`` tell.
  mutating func count(_ counts: Counts) {
    cutCount += counts.cut
    nanCount += counts.notNumbers
  }

  /// Computes the levels of a row.
  func levels(ofRow row: Int, into bytes: UnsafeMutablePointer<UInt8>) -> Counts {
    tensor.withUnsafeFloats { floats in
      guard let base = floats.baseAddress else { return Counts() }
      let start = base + row * layout.rowStep
      if let scale {
        return SavedPicture.convert(start, layout, bytes) { value in
          Float((Double(value) - Double(offset)) * scale)
        }
      }
      return SavedPicture.convert(start, layout, bytes) { $0 }
    }
  }

  @inline(__always)
  private static func convert(
    _ start: UnsafePointer<Float>, _ layout: Layout, _ bytes: UnsafeMutablePointer<UInt8>,
    _ stretch: (Float) -> Float
  ) -> Counts {
    var cut: Int32 = 0
    var nans: Int32 = 0
    if layout.columnStep == layout.channels {
      for index in 0..<layout.width * layout.channels {
        bytes[index] = level(of: stretch(start[index]), cut: &cut, nans: &nans)
      }
    } else {
      for channel in 0..<layout.channels {
        let plane = start + channel * layout.channelStep
        for column in 0..<layout.width {
          bytes[column * layout.channels + channel] = level(
            of: stretch(plane[column * layout.columnStep]), cut: &cut, nans: &nans)
        }
      }
    }
    return Counts(cut: Int(cut), notNumbers: Int(nans))
  }

  /// Rounds half to even by adding 1.5 · 2²³, whose last bit is worth 1: no call, so that the loop is vectorised.
  @inline(__always)
  private static func level(of value: Float, cut: inout Int32, nans: inout Int32) -> UInt8 {
    nans &+= value == value ? 0 : 1
    let low = value > -1 ? value : (value == value ? -1 : 0)
    let near = low < 256 ? low : 256
    let whole = Int32(bitPattern: (near + 12_582_912).bitPattern) &- 0x4B40_0000
    let bounded = min(max(whole, 0), 255)
    cut &+= bounded == whole ? 0 : 1
    return UInt8(truncatingIfNeeded: bounded)
  }

  /// The smallest and largest value that are no NaN, nil without one.
  private static func range(of tensor: Tensor) -> ClosedRange<Float>? {
    range(of: tensor) { $0 == $0 }
  }

  private static func finiteRange(of tensor: Tensor) -> ClosedRange<Float>? {
    range(of: tensor) { $0.isFinite }
  }

  @inline(__always)
  private static func range(of tensor: Tensor, where counts: (Float) -> Bool) -> ClosedRange<Float>? {
    tensor.withUnsafeFloats { floats in
      var low = Float.infinity
      var high = -Float.infinity
      var found = false
      for value in floats where counts(value) {
        found = true
        low = value < low ? value : low
        high = value > high ? value : high
      }
      return found ? low...high : nil
    }
  }
}
