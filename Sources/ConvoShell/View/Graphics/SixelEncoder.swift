/// Pictures as sixels: bands of six rows, drawn colour by colour from a palette.
///
/// - Source: VT330/VT340 Programmer Reference Manual, chapter 14, "Sixel Graphics".
enum SixelEncoder {
  /// The most colours that terminals have registers for.
  static let colorCount = 256

  /// The sequence that draws a picture at the cursor.
  static func encode(_ image: RasterImage) -> String {
    let quantized = ColorQuantizer.quantize(image, colors: colorCount)
    // P2 = 1: what is not drawn stays as it is. The raster attributes say that pixels are square, and the size.
    var result = Array("\u{1B}P0;1;0q\"1;1;\(image.width);\(image.height)".utf8)
    for (index, color) in quantized.palette.enumerated() {
      func percent(_ level: UInt8) -> Int { (Int(level) * 100 + 127) / 255 }
      result += Array("#\(index);2;\(percent(color.red));\(percent(color.green));\(percent(color.blue))".utf8)
    }
    var bits = [UInt8](repeating: 0, count: quantized.palette.count * image.width)
    var used = [Bool](repeating: false, count: quantized.palette.count)
    for top in stride(from: 0, to: image.height, by: 6) {
      for y in top..<min(top + 6, image.height) {
        let bit = UInt8(1) << UInt8(y - top)
        for x in 0..<image.width {
          let color = Int(quantized.indices[y * image.width + x])
          used[color] = true
          bits[color * image.width + x] |= bit
        }
      }
      var isFirst = true
      for color in used.indices where used[color] {
        if !isFirst { result.append(UInt8(ascii: "$")) }
        isFirst = false
        result += Array("#\(color)".utf8)
        let row = (color * image.width)..<((color + 1) * image.width)
        append(bits[row], to: &result)
        used[color] = false
        for index in row { bits[index] = 0 }
      }
      result.append(UInt8(ascii: "-"))
    }
    return String(decoding: result, as: UTF8.self) + "\u{1B}\\"
  }

  /// Writes the sixels of one colour; what is empty at the end is left out, and runs are counted.
  private static func append(_ bits: ArraySlice<UInt8>, to result: inout [UInt8]) {
    var index = bits.startIndex
    let end = bits.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bits.startIndex
    while index < end {
      var next = index + 1
      while next < end, bits[next] == bits[index] { next += 1 }
      let sign = bits[index] + 0x3F
      if next - index > 3 {
        result += Array("!\(next - index)".utf8)
        result.append(sign)
      } else {
        for _ in index..<next { result.append(sign) }
      }
      index = next
    }
  }
}
