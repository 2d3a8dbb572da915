internal import ConvoFormats

/// Pictures in kitty's graphics protocol: compressed pixels as Base64, in pieces.
///
/// - Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/
enum KittyEncoder {
  /// The most Base64 characters of a piece.
  private static let pieceCount = 4096

  /// The sequences that draw a picture at the cursor, which stays where it is.
  static func encode(_ image: RasterImage) -> String { pieces(image, keys: "C=1").joined() }

  /// The sequences of a picture, in order, the first with more keys than every picture has; `C=1`: no cursor movement.
  static func pieces(_ image: RasterImage, keys: String) -> [String] {
    // a=T: take and show; f=24: three bytes a pixel; o=z: zlib; q=2: no answer.
    let head = "a=T,f=24,o=z,s=\(image.width),v=\(image.height),\(keys),q=2"
    let letters = Array(Base64.encode(Zlib.compressed(image.bytes)).utf8)
    var result: [String] = []
    for start in stride(from: 0, to: letters.count, by: pieceCount) {
      let end = min(letters.count, start + pieceCount)
      let more = "m=\(end < letters.count ? 1 : 0)"
      let data = String(decoding: letters[start..<end], as: UTF8.self)
      result.append("\u{1B}_G\(start == 0 ? "\(head),\(more)" : more);\(data)\u{1B}\\")
    }
    return result
  }
}
