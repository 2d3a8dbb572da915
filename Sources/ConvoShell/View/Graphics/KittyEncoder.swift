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

/// Bytes as letters.
///
/// - Source: RFC 4648, section 4.
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group = UInt32(bytes[start]) << 16
      if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
      if count > 2 { group |= UInt32(bytes[start + 2]) }
      for place in 0..<4 {
        result.append(place <= count ? letters[Int(group >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
