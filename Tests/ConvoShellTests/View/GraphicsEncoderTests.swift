import Testing

@testable import ConvoShell

/// What is sent to a terminal is what it would draw: pictures are decoded again.
@Suite struct GraphicsEncoderTests {
  /// A picture with smooth colours, or with few.
  private func picture(height: Int, width: Int, isSmooth: Bool) -> RasterImage {
    var image = RasterImage(height: height, width: width)
    for y in 0..<height {
      for x in 0..<width {
        image[y, x] =
          isSmooth
          ? (
            UInt8(x * 255 / max(1, width - 1)), UInt8(y * 255 / max(1, height - 1)),
            UInt8((x * 7 + y * 13) % 256)
          )
          : (UInt8(x % 3 * 100), UInt8(y % 2 * 255), 51)
      }
    }
    return image
  }

  static let sizes = [(1, 1), (1, 7), (5, 1), (6, 6), (7, 13), (12, 300), (61, 47)]

  @Test(arguments: sizes) func kittyGetsEveryPixel(size: (Int, Int)) throws {
    let image = picture(height: size.0, width: size.1, isSmooth: true)
    let decoded = try KittyPicture(KittyEncoder.encode(image))
    #expect(decoded.width == size.1 && decoded.height == size.0)
    #expect(decoded.bytes == image.bytes)
  }

  @Test func kittyGetsPiecesOfAtMost4096Letters() throws {
    var image = RasterImage(height: 100, width: 100)
    var state: UInt32 = 1
    for y in 0..<100 {
      for x in 0..<100 {
        state = state &* 1_664_525 &+ 1_013_904_223
        image[y, x] = (UInt8(state >> 24), UInt8(state >> 16 & 255), UInt8(state >> 8 & 255))
      }
    }
    let text = KittyEncoder.encode(image)
    let pieces = text.split(separator: "\u{1B}_G")
    #expect(pieces.count > 5)
    #expect(pieces.allSatisfy { $0.utf8.count <= 4096 + 60 })
    #expect(try KittyPicture(text).bytes == image.bytes)
  }

  @Test(arguments: sizes) func sixelsOfFewColoursAreExact(size: (Int, Int)) throws {
    let image = picture(height: size.0, width: size.1, isSmooth: false)
    let decoded = try SixelPicture(SixelEncoder.encode(image))
    #expect(decoded.width == size.1 && decoded.height == size.0)
    // Levels are sent as percent: they are off by half a percent at most.
    for (sent, wanted) in zip(decoded.bytes, image.bytes) { #expect(abs(Int(sent) - Int(wanted)) <= 2) }
  }

  @Test func sixelsOfManyColoursAreNearOnAverage() throws {
    var image = picture(height: 96, width: 128, isSmooth: true)
    for y in 0..<96 {
      for x in 0..<128 { image[y, x].blue = 128 }
    }
    let decoded = try SixelPicture(SixelEncoder.encode(image))
    #expect(decoded.colorCount <= 256)
    // 256 colours for a square of 256×256 levels are 16 levels apart; dithering is right on average, but for the ends,
    // beyond which there is no colour: half a step.
    for top in stride(from: 0, to: 96, by: 8) {
      for left in stride(from: 0, to: 128, by: 8) {
        for channel in 0..<2 {
          var difference = 0
          for y in top..<(top + 8) {
            for x in left..<(left + 8) {
              let place = (y * 128 + x) * 3 + channel
              difference += Int(decoded.bytes[place]) - Int(image.bytes[place])
            }
          }
          #expect(abs(difference) / 64 <= 8)
        }
      }
    }
  }

  @Test func base64IsTheStandards() {
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy",
    ]
    for (plain, coded) in vectors { #expect(Base64.encode(Array(plain.utf8)) == coded) }
  }

  @Test func paletteHasTheColoursOfAPictureWithFew() {
    let image = picture(height: 4, width: 9, isSmooth: false)
    let result = ColorQuantizer.quantize(image, colors: 256)
    #expect(result.palette.count == 6)
    for y in 0..<4 {
      for x in 0..<9 { #expect(result.palette[Int(result.indices[y * 9 + x])] == image[y, x]) }
    }
  }

  @Test(arguments: [2, 3, 16, 256]) func paletteHasAtMostSoManyColours(colors: Int) {
    let image = picture(height: 40, width: 60, isSmooth: true)
    let result = ColorQuantizer.quantize(image, colors: colors)
    #expect(result.palette.count == colors)
    #expect(Set(result.indices).allSatisfy { Int($0) < colors })
  }

  @Test func theTerminalsAnswerDecides() {
    func answer(_ text: String) -> GraphicsProtocol { GraphicsProtocol.answer(Array(text.utf8)) }
    #expect(answer("\u{1B}[?62;4;22c") == .sixel)
    #expect(answer("\u{1B}[6;20;10t\u{1B}[?1;4c") == .sixel)
    #expect(answer("\u{1B}[?64;1;2;6;9;15;22c") == .blocks)
    #expect(answer("\u{1B}[?4c") == .blocks)
    #expect(answer("") == .blocks)
    #expect(CellSize(reply: Array("\u{1B}[6;36;18t\u{1B}[?62c".utf8)) == CellSize(height: 36, width: 18))
    #expect(CellSize(reply: Array("\u{1B}[6;0;18t".utf8)) == nil)
    #expect(CellSize(reply: Array("\u{1B}[6;99999999999999999999;18t".utf8)) == nil)
  }

  @Test func theEnvironmentDecidesWhereItCan() {
    func decide(
      _ environment: [String: String], _ wish: GraphicsProtocol.Wish = .auto, isTerminal: Bool = true
    ) -> GraphicsProtocol? {
      GraphicsProtocol.decide(wish, isTerminal: isTerminal) { environment[$0] }
    }
    #expect(decide(["TERM": "xterm-kitty"]) == .kitty)
    #expect(decide(["TERM": "xterm-256color", "KITTY_WINDOW_ID": "3"]) == .kitty)
    #expect(decide(["TERM": "xterm-256color", "KITTY_WINDOW_ID": "3", "TMUX": "x"]) == .blocks)
    #expect(decide(["TERM": "screen", "TMUX": "x"], .sixel) == .sixel)
    #expect(decide(["TERM": "xterm-kitty"], isTerminal: false) == .blocks)
    #expect(decide(["TERM": "xterm-kitty"], .sixel, isTerminal: false) == .blocks)
    #expect(decide(["TERM": "xterm-256color"]) == nil)
    #expect(decide(["TERM": "dumb"]) == .blocks)
    #expect(decide([:]) == .blocks)
  }
}
