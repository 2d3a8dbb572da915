internal import ConvoFormats

/// Pictures in kitty's graphics protocol: compressed pixels as Base64, in pieces.
///
/// - Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/
enum KittyEncoder {
  /// The most Base64 characters of a piece.
  private static let pieceCount = 4096

  /// The sequences that draw a picture at the cursor, which stays where it is.
  static func encode(_ image: RasterImage) -> String {
    // a=T: take and show; f=24: three bytes a pixel; o=z: zlib; C=1: no cursor movement; q=2: no answer.
    let head = "a=T,f=24,o=z,s=\(image.width),v=\(image.height),C=1,q=2"
    let letters = Array(Base64.encode(Zlib.compressed(image.bytes)).utf8)
    var result = ""
    for start in stride(from: 0, to: letters.count, by: pieceCount) {
      let end = min(letters.count, start + pieceCount)
      let more = "m=\(end < letters.count ? 1 : 0)"
      result += "\u{1B}_G\(start == 0 ? "\(head),\(more)" : more);"
      result += String(decoding: letters[start..<end], as: UTF8.self) + "\u{1B}\\"
    }
    return result
  }
}
