import ConvoTensor
import Testing

@testable import ConvoShell

struct PictureViewTests {
  private func lines(_ values: [Float], _ extents: [Int], _ axes: Axes, color: ColorDepth = .none) throws
    -> [String]
  {
    let tensor = try Tensor(values, Shape(extents), axes: axes)
    let view = PictureView(appearance: Appearance(output: color, columns: 40, rows: 20))
    return view.lines(tensor, title: nil).map(\.string)
  }

  @Test func aPhotographIsShrunkByItsMean() throws {
    // 80×40 pixels, left half black, right half white, on 39 columns: three pixels a cell.
    let values = (0..<(40 * 80)).map { Float($0 % 80 < 40 ? 0 : 255) }
    let drawn = try lines(values, [40, 80], .image(rank: 2))
    #expect(drawn[0].hasPrefix("     "))
    #expect(drawn[0].hasSuffix("█████"))
    #expect(drawn.last == "1 cell = 3×6 px · 0 → black, 255 → white")
  }

  @Test func anEdgeOnePixelWideSurvivesTheShrinking() throws {
    var values = [Float](repeating: 0, count: 120 * 120)
    for row in 0..<120 { values[row * 120 + 61] = -9 }
    let drawn = try lines(values, [1, 1, 120, 120], .pictures(rank: 4))
    #expect(drawn.dropLast().allSatisfy { $0.contains("≡") })
    #expect(drawn.last?.contains("-9 → ≡") == true)
  }

  @Test func aSmallPictureGrowsBothWaysWithoutColours() throws {
    let drawn = try lines([1, 0, 0, 1], [2, 2], .image(rank: 2))
    #expect(drawn.last == "1 px = 15×7.5 cells · 0 → black, 1 → white")
    #expect(drawn.count == 16)
    #expect(drawn[0].prefix(16) == "███████████████ ")
    #expect(drawn[14].prefix(16) == "               █")
  }

  @Test func halfBlocksHoldTwoRows() throws {
    let drawn = try lines([0, 1, 1, 0], [2, 2], .image(rank: 2), color: .full)
    #expect(drawn.dropLast().allSatisfy { line in line.allSatisfy { $0 == "▀" } })
  }

  @Test func channelsMakeASheetThatFitsTheScreen() throws {
    for channels in [2, 5, 16, 64, 300] {
      let values = (0..<(channels * 30 * 30)).map { Float($0 % 7) }
      let drawn = try lines(values, [1, channels, 30, 30], .pictures(rank: 4))
      #expect(drawn.count <= 20, "\(channels) channels take \(drawn.count) lines")
      #expect(drawn.allSatisfy { $0.count <= 60 })
      #expect(drawn[0].hasPrefix("0"))
    }
  }

  static let extents = [
    [1, 1], [3, 200], [200, 3], [380, 512, 3], [1, 16, 12, 12], [1, 5, 300, 20], [1, 300, 30, 30],
    [40, 3, 20, 20],
  ]

  @Test(arguments: extents) func pixelsFitTheScreen(extents: [Int]) throws {
    let count = extents.reduce(1, *)
    let axes: Axes =
      extents.count == 4 ? (extents[0] == 40 ? .weight : .pictures(rank: 4)) : .image(rank: extents.count)
    let tensor = try Tensor((0..<count).map { Float($0 % 251) - 20 }, Shape(extents), axes: axes)
    for (columns, rows) in [(20, 10), (80, 24), (200, 50)] {
      for hasOwnScales in [false, true] {
        var appearance = Appearance(output: .full, columns: columns, rows: rows)
        appearance.graphics = .sixel
        let view = PictureView(appearance: appearance, hasOwnScales: hasOwnScales)
        var (lines, pictures) = (0, 0)
        for row in view.rows(tensor, title: nil) {
          switch row {
          case .text: lines += 1
          case .image(let image):
            #expect(image.width <= columns * appearance.cell.width)
            lines += (image.height + appearance.cell.height - 1) / appearance.cell.height
            pictures += 1
          }
        }
        #expect(pictures > 0)
        #expect(lines < max(rows, 14), "\(lines) lines of \(rows)")
      }
    }
  }

  @Test func aSheetSaysWhatItsTilesAre() throws {
    let values = (0..<(4 * 2 * 16 * 16)).map { Float($0 % 7) }
    let tensor = try Tensor(values, Shape([4, 2, 16, 16]), axes: .weight)
    let view = PictureView(appearance: Appearance(output: .full, columns: 80, rows: 40), hasOwnScales: true)
    let text = view.lines(tensor, title: nil).map(\.string)
    for title in ["O0 I0 0…6", "O0 I1", "O3 I1 0…6"] {
      #expect(text.contains { $0.contains(title) }, "\(title)")
    }
    #expect(text.last?.hasSuffix("each on its own scale") == true)
  }

  @Test func aWeakChannelIsSeenOnItsOwnScale() throws {
    // The second channel is a hundred times weaker.
    let values = (0..<128).map { Float($0 % 2) * ($0 < 64 ? 1 : 0.01) }
    let tensor = try Tensor(values, Shape([1, 2, 8, 8]), axes: .pictures(rank: 4))
    func brightCells(own: Bool) -> Int {
      let view = PictureView(appearance: Appearance(columns: 60, rows: 24), hasOwnScales: own)
      return view.lines(tensor, title: nil).map { $0.string.count { $0 == "█" } }.reduce(0, +)
    }
    #expect(brightCells(own: false) > 0)
    #expect(brightCells(own: true) == 2 * brightCells(own: false))
  }

  @Test func notANumberIsSeen() throws {
    #expect(try lines([.nan, 1, 0, 1], [2, 2], .image(rank: 2))[0].contains("!"))
  }
}
