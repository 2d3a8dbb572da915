/// Pixels of 8-bit red, green and blue for a terminal that draws pictures.
struct RasterImage {
  let height: Int
  let width: Int
  /// Three bytes for each pixel, row after row.
  private(set) var bytes: [UInt8]

  /// A picture of one colour.
  init(height: Int, width: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0) {
    self.height = height
    self.width = width
    bytes = []
    bytes.reserveCapacity(height * width * 3)
    for _ in 0..<(height * width) {
      bytes.append(red)
      bytes.append(green)
      bytes.append(blue)
    }
  }

  /// The pixels of a plane on a scale.
  init(_ plane: Plane, _ scale: PictureScale) {
    self.init(height: plane.height, width: plane.width)
    for y in 0..<height {
      for x in 0..<width { self[y, x] = scale.color(plane, y, x) }
    }
  }

  /// The colour of a pixel.
  subscript(y: Int, x: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    get {
      let start = (y * width + x) * 3
      return (bytes[start], bytes[start + 1], bytes[start + 2])
    }
    set {
      let start = (y * width + x) * 3
      (bytes[start], bytes[start + 1], bytes[start + 2]) = newValue
    }
  }

  /// Copies a picture to a place; what lies beyond the edges is left out.
  mutating func place(_ image: RasterImage, top: Int, left: Int) {
    for y in 0..<min(image.height, height - top) {
      for x in 0..<min(image.width, width - left) { self[top + y, left + x] = image[y, x] }
    }
  }
}
