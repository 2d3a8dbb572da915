/// The size of a picture, read from the first bytes of its file without decoding it.
struct PictureHeader {
  /// Rows and columns as they are shown, after the orientation was applied.
  let height: Int
  let width: Int

  private init(_ height: Int, _ width: Int, _ orientation: ExifOrientation) {
    (self.height, self.width) = orientation.isTransposed ? (width, height) : (height, width)
  }

  /// The size of a PNG, JPEG or WebP picture; nil for another file, or one whose size cannot be told so.
  static func read(_ file: InputFile) throws(FormatProblem) -> PictureHeader? {
    let prefix = try file.prefix()
    if FileFormat.png.probe(prefix) { return png(prefix.bytes) }
    if FileFormat.jpeg.probe(prefix) { return try jpeg(file) }
    return nil
  }

  /// The size stands in the first chunk; an orientation may stand anywhere, so that files with one are not told.
  private static func png(_ bytes: [UInt8]) -> PictureHeader? {
    guard bytes.count >= 33, bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
    if contains("eXIf", bytes) { return nil }
    return PictureHeader(number(bytes[20..<24]), number(bytes[16..<20]), .upright)
  }

  private static func contains(_ mark: String, _ bytes: [UInt8]) -> Bool {
    let mark = Array(mark.utf8)
    return bytes.indices.dropLast(3).contains { bytes[$0..<$0 + 4].elementsEqual(mark) }
  }

  /// Goes from segment to segment up to the frame's header.
  private static func jpeg(_ file: InputFile) throws(FormatProblem) -> PictureHeader? {
    let stream = FileStream(file)
    var orientation = ExifOrientation.upright
    guard stream.remaining > 4, try stream.bytes(2) == [0xFF, 0xD8] else { return nil }
    while stream.remaining > 4 {
      var marker = try stream.bytes(2)
      guard marker[0] == 0xFF else { return nil }
      // Any number of fill bytes may stand before a marker.
      while marker[1] == 0xFF, stream.remaining > 4 { marker[1] = try stream.bytes(1)[0] }
      let length = number(try stream.bytes(2)[...]) - 2
      guard length >= 0, length <= stream.remaining else { return nil }
      let isFrame = (0xC0...0xCF).contains(marker[1]) && ![0xC4, 0xC8, 0xCC].contains(marker[1])
      let content = try stream.bytes(length)
      if isFrame {
        guard length >= 6 else { return nil }
        let (height, width) = (number(content[1..<3]), number(content[3..<5]))
        // A height of 0 is told behind the first scan.
        return height == 0 || width == 0 ? nil : PictureHeader(height, width, orientation)
      }
      if marker[1] == 0xE1, content.starts(with: "Exif\u{0}\u{0}".utf8) {
        orientation = content.withUnsafeBytes {
          ExifOrientation(exif: UnsafeRawBufferPointer(rebasing: $0[6...]))
        }
      }
      if marker[1] == 0xDA { return nil }
    }
    return nil
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
