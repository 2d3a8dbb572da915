import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Pictures beside those of Pillow, OpenCV and PyTorch; `Fixtures/make_pictures.py` says how they were made.
@Suite struct PictureFixtureTests {
  static let fixtures: [Fixture] = TestFile.read(beside: #filePath, "Fixtures/pictures.txt")
    .split(separator: "\n").compactMap { Fixture(String($0)) }

  @Test func fixturesAreThere() { #expect(Self.fixtures.count > 115) }

  @Test(arguments: fixtures) func thePictureIsThatOfTheLibrary(fixture: Fixture) throws {
    let session = TestSession()
    try session.run(
      "fn levels(h, w, c) = reshape(floor(abs(arange(h * w * c) * 37 % 509 - 254)), h, w, c)\nresult = "
        + fixture.code)
    let value = try #require(session.evaluator.globals["result"])
    let tensor = try Tensor(argument: value)
    #expect(tensor.shape.extents == fixture.shape)
    let found = tensor.toArray()
    try #require(found.count == fixture.values.count)
    let worst = zip(found, fixture.values).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(worst <= fixture.bound, "\(worst)")
  }

  static let lines = [
    Line("resize([[0, 4]], 1, 4, \"area\")", "[[0, 0, 4, 4]]"),
    Line("resize([[1, 2, 3, 4]], 1, 2, \"area\")", "[[1.5, 3.5]]"),
    Line("resize([[0, 3, 6]], 1, 2, \"area\")", "[[1, 5]]"),
    Line("resize([[1, 2, 3, 4]], 1, 2, antialias=true)", "[[1.71429, 3.28571]]"),
    Line("x = zeros(2, 6, 6)\nshape(resize(x, 3, 4, \"lanczos\"))", "[2, 3, 4]"),
    Line("all(resize(full([5, 5], 7), 3, 8, \"bicubic\") == 7)", "true"),
    Line("resize([[1 / 0, 1, 2, 3]], 1, 4, \"lanczos\")", "[[inf,   1,   2,   3]]"),
    // Cutting and turning.
    Line("crop([[1, 2], [3, 4]], 1, 1, 1, 1)", "[[4]]"),
    Line("crop(zeros(2, 2), 2, 0, 0, 2).shape", "[0, 2]"),
    Line("center_crop(reshape(arange(5), 1, 5), 1, 2)", "[[2, 3]]"),
    Line("rotate(nchw(zeros(4, 6, 3)), 90).shape", "[1, 3, 6, 4]"),
    Line("x = [[1, 2], [3, 4]]\nrotate(rotate(x, 90), -90) == tensor(x) |> all", "true"),
    Line("rotate([[1, 2], [3, 4]], 180)", "[[4, 3],\n [2, 1]]"),
    Line("rotate(zeros(2, 3), 1e300).shape", "[2, 3]"), Line("rotate([[1, 2]], -3600270)", "[[2],\n [1]]"),
    Line("resize(zeros(1, 1), 1e6, 1, \"nearest\").shape", "[1000000, 1]"),
    Line("montage([[[1]], full([2, 2], 5)], 2, 1)", "[[1, 0, 0, 5, 5],\n [0, 0, 0, 5, 5]]"),
    Line("montage([zeros(2, 2, 3), ones(2, 2)], gap=0).shape", "[2, 4, 3]"),
    Line("montage(nchw(ones(4, 4, 3))).shape", "[4, 4, 3]"),
    // Drawing.
    Line("draw_box(zeros(3, 3), [-5, -5, 2, 2], 1)", "[[0, 1, 0],\n [1, 1, 0],\n [0, 0, 0]]"),
    Line("draw_box(zeros(3, 3), [0, 0, 3, 3], 1, 5)", "[[1, 1, 1],\n [1, 1, 1],\n [1, 1, 1]]"),
    Line("draw_box(zeros(2, 2), [5, 5, 9, 9], 1)", "[[0, 0],\n [0, 0]]"),
    Line("x = zeros(2, 2)\ny = draw_box(x, [0, 0, 2, 2], 1)\nsum(x)", "0"),
    Line("x = draw_box(nchw(zeros(4, 4, 3)), [0, 0, 4, 4], [1, 2, 3])\nmax(x, [0, 2, 3])", "[1, 2, 3]"),
    Line(
      "x = draw_text(zeros(30, 60, 3), \"Hi\\nyou\", 3, 3, [255, 0, 0], 8)\nprint(max(x) > 200, max(x[:, :, 1]))",
      "true 0"),
    Line("draw_text(zeros(4, 4), \"far\", 100, -1e9, 255, 8) |> sum", "0"),
  ]

  @Test(arguments: lines) func theLineGives(line: Line) { line.check() }

  static let mistakes = [
    Wrong(
      "resize(zeros(4, 4), 2, 2, \"cubic\")",
      "resize: mode must be nearest, bilinear, bicubic, area or lanczos"),
    Wrong(
      "resize(zeros(4, 4), 2, 2, like=\"PIL\")", "resize: like must be pillow, opencv or torch, not \"PIL\""),
    Wrong("resize(zeros(4, 4), 2, 2, \"lanczos\", like=\"torch\")", "resize: torch has no mode lanczos"),
    Wrong("resize(zeros(4, 4), 2, 2, antialias=true, like=\"opencv\")", "resize: opencv does not antialias"),
    Wrong("resize(zeros(4, 4), 2, 2, \"nearest\", true)", "resize: mode nearest cannot be antialiased"),
    Wrong("resize(zeros(4, 4), 2, 2, \"area\", true, \"torch\")", "resize: mode area cannot be antialiased"),
    Wrong("crop(zeros(4, 4), -1, 0, 2, 2)", "crop: top must be at least 0, not -1"),
    Wrong("crop(zeros(4, 4), 0, 0, -2, 2)", "crop: height must be at least 0, not -2"),
    Wrong("crop(zeros(4), 0, 0, 1, 1)", "crop: image must be H×W"),
    Wrong("montage([zeros(2, 2, 2)])", "montage: a picture must be"),
    Wrong("montage([zeros(2, 2)], gap=-1)", "montage: gap"),
    Wrong("draw_box(zeros(4, 4), [0, 0, 2, 1 / 0], 1)", "draw_box: box must be [top, left, bottom, right]"),
    Wrong("draw_box(zeros(4, 4), [0, 0, 2, 2], \"mauve\")", "draw_box: colour must be a level"),
    Wrong("draw_box(zeros(4, 4), [0, 0, 2, 2], 1, 0)", "draw_box: width must be at least 1, not 0"),
    Wrong("draw_text(zeros(1, 2e7), repeat(\"W\", 5000), 0, 0, 255, 1e4)", "draw_text: "),
    Wrong("draw_text(zeros(4, 4), \"a\", 0, 0, 255, 1e9)", "draw_text: size must be at most 10000"),
  ]

  @Test(arguments: mistakes) func theMistakeIsTold(wrong: Wrong) { wrong.check() }

  @Test func aPictureKeepsItsNames() throws {
    let session = TestSession()
    try session.run(
      """
      x = nchw(zeros(8, 6, 3))
      a = resize(x, 3, 4, "bicubic", antialias=true)
      b = crop(x, 1, 1, 2, 3)
      c = rotate(x, 90)
      d = draw_box(x, [1, 1, 4, 4], 9)
      e = montage(x)
      """)
    for (name, text) in [
      "a": "N1 C3 H3 W4", "b": "N1 C3 H2 W3", "c": "N1 C3 H6 W8", "d": "N1 C3 H8 W6", "e": "H8 W6 C3",
    ] {
      guard case .tensor(let tensor)? = session.evaluator.globals[name] else {
        Issue.record("\(name) is no tensor")
        continue
      }
      #expect(tensor.axesText == text, "\(name)")
    }
  }
}
