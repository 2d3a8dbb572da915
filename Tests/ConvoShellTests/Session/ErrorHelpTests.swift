import Testing

@testable import ConvoShell

/// What errors say to type instead, beyond the table of mistakes.
struct ErrorHelpTests {
  private let output = CapturedOutput()

  private func diagnostics(_ inputs: String...) -> String {
    let session = Session(sink: output)
    for input in inputs { _ = session.enter(input) }
    return output.diagnostics
  }

  @Test func aFileThatIsNotThereHasANearOneBesideIt() throws {
    let scratch = try Scratch()
    try scratch.write("sample.png", "")
    try scratch.write("other.npy", "")
    let text = diagnostics("load(\"\(scratch.path)/sampel.png\")")
    #expect(text.contains("there is no such file"))
    #expect(text.contains("  = help: load(\"\(scratch.path)/sample.png\")\n"))
    #expect(!diagnostics("load(\"\(scratch.path)/nothing.jpeg\")").contains("other"))
  }

  @Test func aSingleKernelIsAFilterOrGetsItsAxes() {
    let text = diagnostics("x = ones(1, 1, 6, 6);", "conv2d(x, kernel(\"sobel_x\"), pad=1)")
    #expect(text.contains("help: filter2d(x, kernel(\"sobel_x\"))      gives "))
    #expect(
      text.contains("help: conv2d(x, kernel(\"sobel_x\")[newaxis, newaxis], pad=1)      gives N1 C1 H6 W6"))
  }

  @Test func aKernelForThreeChannelsIsOnlyOfferedWhereItFits() {
    let text = diagnostics("x = ones(1, 3, 6, 6);", "conv2d(x, kernel(\"sobel_x\"))")
    #expect(text.contains("help: filter2d(x, kernel(\"sobel_x\"))") && !text.contains("newaxis"))
  }

  @Test func aLayerIsCalled() {
    let text = diagnostics(
      "x = ones(1, 3, 6, 6);", "c = Conv2D(3, 8, 5);", "conv2d(x, c)", "conv2d(x, Conv2D(3, 4, 3))")
    #expect(text.contains("help: x |> c      gives N1 C8 H2 W2"))
    #expect(text.contains("help: x |> (Conv2D(3, 4, 3))      gives N1 C4 H4 W4"))
    // One that does not fit is not offered.
    #expect(!diagnostics("conv2d(ones(1, 2, 6, 6), Conv2D(3, 4, 3))").contains("ones(1, 2, 6, 6) |>"))
  }

  @Test func anErrorAboutAnotherArgumentSaysNotWhereTheInputCameFrom() {
    #expect(!diagnostics("x = ones(1, 1, 4, 4);", "maxpool(x, 2, stride=0)").contains("on line 1"))
    #expect(
      diagnostics("y = ones(1, 1, 4, 4);", "conv2d(y, ones(1, 2, 3, 3))").contains(
        "y = ones(1, 1, 4, 4) on line 1"))
  }
}
