import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// What its axis names say is a picture in H W C order is refused wherever a window moves over N C H W.
@Suite struct PictureOrderContractTests {
  /// A picture whose axes are named, as `load` gives them.
  private static let image = "image = hwc(nchw(zeros(6, 8, 3)))\n"

  @Test(arguments: [
    "maxpool(image, 2)", "avgpool(image, 2)", "global_avgpool(image)", "global_maxpool(image)",
    "upsample(image, 2)", "conv2d(image, zeros(2, 6, 3, 3))", "conv_transpose2d(image, zeros(6, 2, 3, 3))",
    "batchnorm(image, zeros(6), zeros(6), zeros(6), zeros(6))",
  ]) func functionsRefuseChannelsLast(call: String) throws {
    let diagnostic = try #require(TestSession().mistake(Self.image + call))
    #expect(diagnostic.message.contains("x must be N×C×H×W"), "\(diagnostic.message)")
    #expect(diagnostic.notes.contains { $0.hasPrefix("the input is a picture in H W C order") })
  }

  @Test(arguments: [
    "maxpool(image, 2)", "avgpool(image, 2)", "global_avgpool(image)", "upsample(image, 2)",
    "conv2d(image, zeros(2, 3, 3, 3))",
  ]) func theHelpIsTheCallThatWorks(call: String) throws {
    let diagnostic = try #require(TestSession().mistake(Self.image + call))
    let help = try #require(diagnostic.helps.first?.text)
    #expect(help == call.replacing("image", with: "nchw(image)"))
    #expect(TestSession().mistake(Self.image + help) == nil)
  }

  @Test(arguments: [
    "Conv2D(none, 2, 3)", "ConvTranspose2D(none, 2, 3)", "MaxPool2D(2)", "AvgPool2D(2)", "BatchNorm2D(none)",
    "Sequential(Conv2D(none, 2, 3), relu)",
  ]) func layersRefuseChannelsLast(layer: String) throws {
    let code = Self.image + "layer = \(layer)\n"
    let diagnostic = try #require(TestSession().mistake(code + "image |> layer"))
    #expect(diagnostic.message.contains("x must be N×C×H×W or C×H×W, not [6, 8, 3]"), "\(diagnostic.message)")
    #expect(TestSession().mistake(code + "nchw(image) |> layer") == nil)
  }

  @Test func namesOfABatchSayItToo() throws {
    let diagnostic = try #require(TestSession().mistake(Self.image + "maxpool(stack([image, image]), 2)"))
    #expect(diagnostic.helps.first?.text == "maxpool(nchw(stack([image, image])), 2)")
  }

  @Test(arguments: [
    "conv2d(zeros(6, 8, 3), zeros(2, 3, 3, 3))", "conv2d(zeros(1, 6, 8, 3), zeros(2, 3, 3, 3))",
    "conv2d(zeros(6, 8, 4), zeros(2, 2, 3, 3), groups=2)",
  ]) func withoutNamesTheExtentsSayIt(call: String) throws {
    let diagnostic = try #require(TestSession().mistake(call))
    #expect(diagnostic.notes.contains { $0.contains("in H W C order") || $0.contains("in N H W C order") })
    let help = try #require(diagnostic.helps.first?.text)
    #expect(help.hasPrefix("conv2d(nchw(zeros("))
    #expect(TestSession().mistake(help) == nil)
  }

  @Test func whatUnderstandsBothOrdersTakesBoth() {
    for call in ["resize(image, 3, 4)", "gray(image)", "filter2d(image, kernel(\"box\"))", "channels(image)"]
    {
      #expect(TestSession().mistake(Self.image + call) == nil, "\(call)")
    }
  }
}
