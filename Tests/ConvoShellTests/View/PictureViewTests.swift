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

  @Test func notANumberIsSeen() throws {
    #expect(try lines([.nan, 1, 0, 1], [2, 2], .image(rank: 2))[0].contains("!"))
  }
}
