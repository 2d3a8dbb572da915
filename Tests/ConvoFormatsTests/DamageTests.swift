import ConvoTensor
import Testing

@testable import ConvoFormats

/// Every kind of file, cut short and changed at random: an error or a tensor, never a trap.
@Suite struct DamageTests {
  let directory = TemporaryDirectory()

  static let kinds = [
    "rgb8.png", "rgba16-interlaced.png", "palette4-clear.png", "gray1.png", "baseline420.jpg",
    "progressive420.jpg",
    "restart.jpg", "cmyk-adobe.jpg", "exif6.jpg", "f8-little.npy", "fortran3.npy", "stored.npz",
    "deflated.npz",
    "types.safetensors", "header.csv",
  ]

  @Test(arguments: kinds.filter { !$0.hasSuffix("csv") })
  func aFileCutShortAnywhereIsAnError(name: String) {
    let whole = bytes(of: Fixtures.path(name))
    for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 150)) + [whole.count - 1] {
      let path = directory.write(Array(whole[..<count]), "cut")
      // The two bytes that mark the end of a JPEG hold no pixel.
      let losesContent = !name.hasSuffix(".jpg") || count < whole.count - 2
      #expect((problem(loading: path) != nil) == losesContent, "\(count) of \(whole.count) bytes")
    }
  }

  @Test(arguments: kinds)
  func changedBytesNeverTrap(name: String) {
    let whole = bytes(of: Fixtures.path(name))
    var random = Generator(state: 20_240_229)
    var errors = 0
    let modes = ColorMode.allCases
    for round in 0..<300 {
      var changed = whole
      for _ in 0...(random.next() % 4) {
        let place = Int(random.next() % UInt32(round % 2 == 0 ? min(whole.count, 200) : whole.count))
        switch random.next() % 4 {
        case 0: changed[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: changed[place] ^= 1 << UInt8(random.next() % 8)
        case 2: changed[place] = [0, 0xFF, 0x7F, 0x80][Int(random.next() % 4)]
        default:
          let end = min(changed.count, place + Int(random.next() % 16))
          changed.replaceSubrange(place..<end, with: [])
          if changed.isEmpty { changed = whole }
        }
        while changed.count < whole.count { changed.append(0) }
      }
      let path = directory.write(changed, "changed")
      if problem(loading: path, modes[round % 3]) != nil { errors += 1 }
    }
    // Most formats notice most changes; a table of numbers, or an array, takes many digits for others.
    #expect(errors > 30)
  }

  /// Where a picture ends early is said as a row and a byte.
  @Test(arguments: ["rgb8.png", "baseline444.jpg"])
  func anErrorSaysWhereAPictureEnds(name: String) throws {
    let whole = bytes(of: Fixtures.path(name))
    let path = directory.write(Array(whole[..<(whole.count * 3 / 5)]), "cut")
    guard case .damaged(_, let what, .row(let row, let count, let byte))? = problem(loading: path) else {
      Issue.record("\(String(describing: problem(loading: path)))")
      return
    }
    #expect(what == "it ends early")
    #expect((0..<count).contains(row))
    #expect(byte == whole.count * 3 / 5)
  }

  /// A linear congruential generator, the same on every machine.
  struct Generator {
    var state: UInt64

    mutating func next() -> UInt32 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt32(truncatingIfNeeded: state >> 33)
    }
  }
}
