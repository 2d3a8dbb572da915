internal import ConvoTensor

/// How the numbers of a picture become brightness or colour.
enum PictureScale {
  /// `low` is black, `high` white.
  case grey(low: Float, high: Float)
  /// Red below zero, blue above, up to this magnitude.
  case signed(Float)

  /// The scale of one picture, or the common one of several channels.
  init(_ planes: [Plane], isPhotograph: Bool) {
    var (low, high) = (Float.infinity, -Float.infinity)
    for plane in planes {
      for value in plane.values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }
    if low > high {
      self = .grey(low: 0, high: 1)
    } else if isPhotograph && low >= 0 && high <= 255 {
      self = .grey(low: 0, high: high <= 1 ? 1 : 255)
    } else if low < 0 && planes[0].channels == 1 {
      // Signs have colours of their own, for which a colour picture has no room.
      self = .signed(max(-low, high))
    } else {
      self = .grey(low: low == high ? min(0, low) : low, high: low == high ? max(1, high) : high)
    }
  }

  /// What the ends of the scale look like.
  func caption(isPlain: Bool) -> String {
    switch self {
    case .grey(let low, let high):
      "\(NumberFormat.summary(Double(low))) → black, \(NumberFormat.summary(Double(high))) → white"
    case .signed(let size):
      isPlain
        ? "\(NumberFormat.summary(Double(-size))) → ≡, 0 → ·, \(NumberFormat.summary(Double(size))) → █"
        : "\(NumberFormat.summary(Double(-size))) → red, 0 → white, \(NumberFormat.summary(Double(size))) → blue"
    }
  }

  /// The ends in as few letters as possible: `±2.1`, `0…9.3`.
  var ends: String {
    switch self {
    case .grey(let low, let high):
      "\(NumberFormat.summary(Double(low)))…\(NumberFormat.summary(Double(high)))"
    case .signed(let size): "±\(NumberFormat.summary(Double(size)))"
    }
  }

  /// The colour of a pixel. What is not a number is magenta, a colour that no scale holds.
  func color(_ plane: Plane, _ y: Int, _ x: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let start = (y * plane.width + x) * plane.channels
    for channel in 0..<plane.channels where !plane.values[start + channel].isFinite { return (255, 0, 255) }
    switch self {
    case .signed(let size): return SignedColor.rgb(Double(plane.values[start] / size))
    case .grey(let low, let high):
      func part(_ channel: Int) -> UInt8 {
        UInt8((PictureScale.level(plane.values[start + channel], low, high) * 255).rounded())
      }
      return plane.channels == 3 ? (part(0), part(1), part(2)) : (part(0), part(0), part(0))
    }
  }

  /// The sign of a pixel where there are no colours.
  func sign(_ plane: Plane, _ y: Int, _ x: Int) -> Character {
    let start = (y * plane.width + x) * plane.channels
    let values = plane.values[start..<(start + plane.channels)]
    if !values.allSatisfy(\.isFinite) { return "!" }
    switch self {
    case .signed(let size): return SignedColor.sign(Double(plane.values[start] / size))
    case .grey(let low, let high):
      let weights: [Float] = plane.channels == 3 ? [0.299, 0.587, 0.114] : [1]
      let brightness = zip(values, weights).reduce(0) { $0 + PictureScale.level($1.0, low, high) * $1.1 }
      let signs: [Character] = [" ", "░", "▒", "▓", "█"]
      return signs[min(4, Int(brightness * 5))]
    }
  }

  /// In double precision, in which no difference of two floats overflows.
  private static func level(_ value: Float, _ low: Float, _ high: Float) -> Float {
    guard value.isFinite, high > low else { return 0 }
    return Float(min(1, max(0, (Double(value) - Double(low)) / (Double(high) - Double(low)))))
  }
}
