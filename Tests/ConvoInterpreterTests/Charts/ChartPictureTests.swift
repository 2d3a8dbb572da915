import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Charts as pictures: what is drawn stands where the values say.
@Suite struct ChartPictureTests {
  /// A picture as colours.
  private struct Pixels {
    let height: Int
    let width: Int
    let levels: [Float]

    init(_ chart: Chart) throws {
      let tensor = try ChartPicture.tensor(chart)
      (height, width) = (tensor.shape[0], tensor.shape[1])
      levels = tensor.toArray()
    }

    /// Whether a pixel has nearly the colour of a series.
    func hasColor(_ series: Int, _ y: Int, _ x: Int) -> Bool {
      let color = ChartPalette.color(series)
      let start = (y * width + x) * 3
      return abs(levels[start] - Float(color.red)) < 12 && abs(levels[start + 1] - Float(color.green)) < 12
        && abs(levels[start + 2] - Float(color.blue)) < 12
    }

    func count(_ series: Int, row: Int) -> Int { (0..<width).count { hasColor(series, row, $0) } }
    func count(_ series: Int, column: Int) -> Int { (0..<height).count { hasColor(series, $0, column) } }
  }

  private func series(_ values: [Float]) throws -> Chart.Series {
    Chart.Series(label: "", values: try Tensor(values, Shape([values.count])))
  }

  @Test func barsAreAsLongAsTheirValues() throws {
    let pixels = try Pixels(try Chart(.bars([series([1, 2, 4])], names: ["a", "b", "c"])))
    var lengths: [Int] = []
    for row in 0..<pixels.height {
      let length = pixels.count(0, row: row)
      if length > 20, lengths.last != length { lengths.append(length) }
    }
    try #require(lengths.count == 3)
    #expect(abs(lengths[1] - 2 * lengths[0]) <= 2)
    #expect(abs(lengths[2] - 4 * lengths[0]) <= 4)
  }

  @Test func barsBelowZeroRunToTheLeft() throws {
    let pixels = try Pixels(try Chart(.bars([series([-1, 1])], names: ["a", "b"])))
    func columns(_ rows: Range<Int>) -> [Int] {
      (0..<pixels.width).filter { x in rows.contains { pixels.hasColor(0, $0, x) } }
    }
    let upper = columns(0..<(pixels.height / 2 - 12))
    let lower = columns((pixels.height / 2)..<pixels.height)
    #expect(try #require(upper.last) <= #require(lower.first) + 1)
    #expect(abs(upper.count - lower.count) <= 2)
  }

  @Test func aGapInALineIsEmpty() throws {
    let values = (0..<101).map { $0 > 40 && $0 < 60 ? Float.nan : 1 }
    let pixels = try Pixels(try Chart(.curves([series(values)], x: nil, marks: .line)))
    let drawn = (0..<pixels.width).map { pixels.count(0, column: $0) > 0 }
    let first: Int = try #require(drawn.firstIndex(of: true))
    let last: Int = try #require(drawn.lastIndex(of: true))
    let middle = (first + last) / 2
    #expect(drawn[(middle - 60)...(middle + 60)].allSatisfy { !$0 })
    #expect(drawn[first...(middle - 110)].allSatisfy { $0 })
  }

  @Test func everySpikeOfALongSeriesIsDrawn() throws {
    var values = [Float](repeating: 0, count: 1_000_000)
    for spike in [1234, 500_000, 999_998] { values[spike] = 1 }
    let pixels = try Pixels(try Chart(.curves([series(values)], x: nil, marks: .line)))
    let high = (0..<pixels.width).filter { pixels.count(0, column: $0) > 200 }
    let groups = zip(high, high.dropFirst()).count { $1 - $0 > 5 } + 1
    #expect(groups == 3)
  }

  @Test func everyPointIsDrawn() throws {
    // A band between two heights: were only the ends of each column drawn, its middle would be empty.
    let values = (0..<40_000).map { Float($0 * 7919 % 1000) }
    let pixels = try Pixels(try Chart(.curves([series(values)], x: nil, marks: .points)))
    let row = pixels.height / 2
    // Many points are drawn as a veil; grid and axes are lighter.
    let inked = (0..<pixels.width).count { pixels.levels[(row * pixels.width + $0) * 3] < 120 }
    #expect(inked > pixels.width / 6)
  }

  @Test func oneValueIsAPoint() throws {
    for values: [Float] in [[3], [.nan, 2, .nan]] {
      let pixels = try Pixels(try Chart(.curves([series(values)], x: nil, marks: .line)))
      #expect((0..<pixels.height).contains { pixels.count(0, row: $0) >= 3 })
    }
  }

  /// Values that leave little to draw: nothing, one, the same, odd, extreme ones.
  static let sizes: [[Float]] = [
    [], [0], [1, 1], [.nan], [.nan, .nan], [.infinity, -.infinity], [-3.4e38, 3.4e38],
    [.leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude], [0, 1e-30],
    [1, .nan, 2], [16_777_215, 16_777_216], [-5], (0..<3000).map { Float($0 % 17) },
  ]

  @Test(arguments: sizes.indices) func nothingIsTooStrangeToBeDrawn(index: Int) throws {
    let values = Self.sizes[index]
    for isLogarithmic in [false, true] {
      for size in [(100, 100), (100, 500), (300, 100)] {
        var contents: [Chart.Content] = [
          .curves([try series(values)], x: nil, marks: .line),
          .curves([try series(values), try series([1, 2])], x: nil, marks: .points),
          .histogram(try Histogram(Tensor(values, Shape([values.count])), bins: 7, range: nil)),
          .histogram(try Histogram(Tensor(values, Shape([values.count])), bins: nil, range: nil)),
        ]
        if values.count <= ChartBuiltins.mostBars {
          contents.append(.bars([try series(values)], names: values.map { "\($0)" }))
        }
        for content in contents {
          var chart = try Chart(content, isLogarithmic: isLogarithmic, mark: 1)
          chart.pictureSize = size
          chart.title = String(repeating: "A long title ", count: 20)
          (chart.xLabel, chart.yLabel) = ("x 数", "y")
          let picture = try ChartPicture.tensor(chart)
          #expect(picture.shape.extents == [size.0, size.1, 3])
          #expect(picture.toArray().allSatisfy { $0 >= 0 && $0 <= 255 })
        }
      }
    }
  }

  /// Whether a scalar is drawn as the box that stands for all that the font does not have.
  private func isMissing(_ scalar: Unicode.Scalar) -> Bool {
    StrokeFont.paths(of: String(scalar)) == StrokeFont.paths(of: "\u{FFFD}")
  }

  @Test func everyTitleOfThePagesCanBeDrawn() {
    var count = 0
    for page in [
      "README.md", "docs/tour.md", "docs/language.md", "docs/reference.md", "docs/examples/tour-pictures.cnn",
    ] {
      let text = TestFile.read(beside: #filePath, "../../../" + page)
      for key in ["title=\"", "xlabel=\"", "ylabel=\""] {
        for start in text.ranges(of: key) {
          let title = text[start.upperBound...].prefix { $0 != "\"" }
          count += title.isEmpty ? 0 : 1
          #expect(!title.unicodeScalars.contains { $0 != " " && isMissing($0) }, "\(title)")
        }
      }
    }
    #expect(count >= 6)
  }

  @Test func everyLetterOfAsciiHasAGlyph() {
    let missing = (0x21...0x7E).compactMap(Unicode.Scalar.init).filter { scalar in
      isMissing(scalar)
    }
    #expect(missing.isEmpty, "\(missing)")
    // What convo itself writes beside numbers, and titles are likely to hold.
    let signs = "µμσΣΔαβγλπ×·±°√‖∞≤≥−–—…→←¹²³⁴⁵⁻‘’“”".unicodeScalars.filter { isMissing($0) }
    #expect(signs.isEmpty, "\(signs)")
    #expect(StrokeFont.width(of: "il") < StrokeFont.width(of: "MW"))
  }

  @Test func strokesHaveTheThicknessThatTheyAreGiven() throws {
    var canvas = Canvas(height: 20, width: 40)
    canvas.stroke([[.init(x: 5, y: 10), .init(x: 35, y: 10)]], (0, 0, 0), thickness: 4)
    let levels = try canvas.tensor().toArray()
    // Ink of a column through the middle: 4 pixels, whole or in parts.
    var ink: Float = 0
    for row in 0..<20 { ink += 1 - levels[(row * 40 + 20) * 3] / 255 }
    #expect(abs(ink - 4) < 0.01)
  }
}
