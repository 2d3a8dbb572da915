import ConvoSyntax
import Testing

@testable import ConvoInterpreter

/// A convolution that waits for what reads it gives what the separate steps give.
@Suite struct FusionTests {
  static let setting = """
    seed(3)
    x = randn(2, 3, 9, 11)
    conv1 = Conv2D(3, 5, 3, pad=1)
    conv1.b = randn(5)
    bn = BatchNorm2D(5)
    bn.scale = randn(5); bn.shift = randn(5); bn.mean = randn(5); bn.var = abs(randn(5)) + 0.5
    skip = randn(2, 5, 9, 11)
    plain = conv1(x)
    normal = bn(plain)

    """

  @Test(arguments: [
    ("x |> conv1 |> relu", "relu(plain)"),
    ("relu(conv1(x))", "relu(plain)"),
    ("leaky_relu(conv1(x), 0.2)", "leaky_relu(plain, 0.2)"),
    ("conv1(x) |> leaky_relu(slope=0.3)", "leaky_relu(plain, 0.3)"),
    ("clip(conv1(x), -0.5, 0.5)", "clip(plain, -0.5, 0.5)"),
    ("x |> conv1 |> clip(0.5, -0.5)", "clip(plain, 0.5, -0.5)"),
    ("x |> conv1 |> relu |> relu", "relu(plain)"),
    ("x |> conv1 |> relu |> maxpool(2)", "maxpool(relu(plain), 2)"),
    ("conv1(x) + skip", "plain + skip"),
    ("relu(conv1(x) + skip)", "relu(plain + skip)"),
    ("conv1(x) + skip + skip", "plain + skip + skip"),
    ("conv1(x) + 1", "plain + 1"),
    ("conv1(x) + conv1(x)", "plain + plain"),
    ("x |> conv1 |> bn", "normal"),
    ("x |> conv1 |> bn |> relu", "relu(normal)"),
    ("relu((x |> conv1 |> bn) + skip)", "relu(normal + skip)"),
    ("x |> conv1 |> relu |> bn", "bn(relu(plain))"),
    ("Sequential(conv1, bn, relu)(x)", "relu(normal)"),
    ("Sequential(Sequential(conv1, bn), relu, MaxPool2D(2))(x)", "maxpool(relu(normal), 2)"),
    ("x |> (fn(v) = v |> conv1 |> bn) |> relu", "relu(normal)"),
    ("conv2d(x, conv1.W, conv1.b, pad=1) |> relu", "relu(plain)"),
  ])
  func fusedEqualsSeparate(fused: String, separate: String) throws {
    let session = TestSession()
    try session.run(Self.setting)
    #expect(try session.run("allclose(\(fused), \(separate), 1e-5, 1e-5)") == "true")
  }

  @Test func aPoolingTakesTheRowsOfALargeConvolution() throws {
    let session = TestSession()
    try session.run(
      """
      seed(4)
      x = randn(1, 3, 520, 522)
      w = randn(8, 3, 3, 3)
      plain = relu(conv2d(x, w, pad=1))
      """)
    for (fused, separate) in [
      ("x |> conv2d(w, pad=1) |> relu |> maxpool(2)", "maxpool(plain, 2)"),
      ("maxpool(relu(conv2d(x, w, pad=1)), 3, stride=2, pad=1)", "maxpool(plain, 3, stride=2, pad=1)"),
      ("x |> conv2d(w, pad=1) |> relu |> avgpool(2)", "avgpool(plain, 2)"),
      ("relu(conv2d(x, w, pad=1)) |> (MaxPool2D(2))", "maxpool(plain, 2)"),
      ("Sequential(fn(v) = conv2d(v, w, pad=1), relu, MaxPool2D(2))(x)", "maxpool(plain, 2)"),
    ] {
      #expect(try session.run("allclose(\(fused), \(separate), 0, 0)") == "true", "\(fused)")
    }
    // What is said of it is what is said of the separate steps.
    try session.run("y = x |> conv2d(w, pad=1) |> relu |> maxpool(2)")
    try session.run("trace(y)")
    guard case .lines(let chain)? = session.presenter.reports.last else {
      Issue.record("trace reports no lines")
      return
    }
    #expect(chain[0].contains("x |> conv2d(w, pad=1) |> relu |> maxpool(2)"))
    #expect(chain[1].contains("N1 C8 H520 W522  = x |> conv2d(w, pad=1) |> relu"))
    let diagnostic = session.mistake("x |> conv2d(w, pad=1) |> maxpool(2, stride=0)")
    #expect(diagnostic?.message == "maxpool: stride must be at least 1, not 0")
  }

  @Test func changedWeightIsFoldedAnew() throws {
    let session = TestSession()
    try session.run(Self.setting)
    try session.run("before = x |> conv1 |> bn\nconv1.W[0] = conv1.W[0] * 2")
    #expect(try session.run("allclose(x |> conv1 |> bn, bn(conv1(x) * 1), 1e-5, 1e-5)") == "true")
    try session.run("bn.shift = bn.shift + 1")
    #expect(try session.run("allclose(x |> conv1 |> bn, bn(conv1(x) * 1), 1e-5, 1e-5)") == "true")
  }

  @Test func errorBelongsToTheConvolution() throws {
    let session = TestSession()
    try session.run(Self.setting)
    let diagnostic = session.mistake("y = zeros(1, 4, 9, 9) |> conv1 |> relu")
    #expect(diagnostic?.message == "Conv2D: the input has 4 channels, the kernel wants 3")
  }
}

/// What a newcomer types and what the error then says.
@Suite struct LayerMistakeTests {
  @Test func aTensorPipedIntoTheMakerOfALayer() {
    let diagnostic = TestSession().mistake("x = zeros(1, 3, 8, 8)\nx |> Conv2D(3, 8, 3)")
    #expect(diagnostic?.helps.first?.text == "x |> (Conv2D(3, 8, 3))")
    let session = TestSession()
    #expect(
      (try? session.run("shape(zeros(1, 3, 8, 8) |> (Conv2D(3, 8, 3)) |> (MaxPool2D(2)))")) == "[1, 8, 3, 3]")
  }

  @Test func aPictureWhereABatchIsWanted() {
    let diagnostic = TestSession().mistake(
      "image = zeros(8, 9, 3)\nimage = transpose(nchw(image), 0, 2, 3, 1)[0]\nconv2d(image, zeros(5, 3, 3, 3), pad=1)"
    )
    #expect(diagnostic?.helps.first?.text == "conv2d(nchw(image), zeros(5, 3, 3, 3), pad=1)")
    #expect(diagnostic?.helps.first?.remark == "N1 C5 H8 W9")
  }

  @Test func aHelpThatWouldFailIsNotGiven() {
    let diagnostic = TestSession().mistake(
      "image = transpose(zeros(1, 8, 9, 3), 0, 1, 2, 3)[0]\nimage = hwc(zeros(1, 3, 8, 9))\nconv2d(image, zeros(5, 4, 3, 3))"
    )
    #expect(diagnostic?.message == "conv2d: the input has 8 channels, the kernel wants 4")
    #expect(diagnostic?.helps.isEmpty == true)
  }

  @Test func manyChannelsAreNoPicture() {
    let diagnostic = TestSession().mistake("save(zeros(1, 8, 4, 4), \"y.png\")")
    #expect(diagnostic?.helps.first?.text == "save(channels(…), \"y.png\")")
  }

  @Test func listsThatDoubleAreWrittenInPart() throws {
    let text = try TestSession().run("x = [1]\nfor i in range(40) { x = [x, x] }\nprint(x)")
    #expect(text.utf8.count < 64 << 20)
  }
}
