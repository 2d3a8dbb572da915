import ConvoInterpreter
import ConvoShell
import Testing

/// Charts of values that leave no room between neighbours, or more than can be divided.
@Suite struct HostileChartTests {
  private static let charts = [
    "hist([1e16, 1e16])", "hist(9007199254740992)", "hist([16777216, 16777218])", "hist([1e-45, 0])",
    "hist([-3e38, 3e38])", "hist([3e38])", "hist([0], range=[0, 1e-45])", "hist([1e16, 1], bins=1000)",
    "bars([1, 2], mark=-1e18)", "bars([1e-45, 3e38])", "bars([-3e38, 3e38], mark=0)",
    "bars([1, 2], mark=3e38, log=true)",
    "bars([1, 2], mark=1e-45, log=true)", "bars([0/0, 1/0])", "plot([1, 2], mark=1e-45, log=true)",
    "plot([-3e38, 3e38])", "plot([1e-45, 3e38], log=true)", "plot([1e16, 1e16])",
    "plot([1, 2], x=[-3e38, 3e38])",
    "plot([1, 2], x=[1e-45, 2e-45])", "plot([5], mark=-3e38)", "plot([1e30, 1.0000001e30])",
  ]

  @Test(arguments: HostileChartTests.charts) func areDrawnInLetters(chart: String) {
    for columns in [20, 80, 200] {
      let output = CapturedOutput()
      let session = Session(sink: output, appearance: Appearance(columns: columns, rows: 24))
      #expect(session.feed(chart) == .finished, "\(output.diagnostics)")
      #expect(!output.output.isEmpty)
    }
  }

  @Test(arguments: HostileChartTests.charts) func areDrawnAsPictures(chart: String) {
    let output = CapturedOutput()
    let session = Session(sink: output)
    let small = chart.dropLast() + (chart.hasPrefix("bars") ? ")" : ", size=[100, 160])")
    // The picture is made before the suffix of the missing folder is looked at.
    #expect(session.feed("save(\(small), \"nowhere/at/all.png\")") == .failed)
    #expect(output.diagnostics.contains("nowhere"), "\(output.diagnostics)")
  }

  @Test(arguments: ["1e300", "-1e300", "1/0", "0/0"]) func marksBeyondTheScaleAreAnError(mark: String) {
    for call in ["plot([1, 2], mark=\(mark))", "bars([1, 2], mark=\(mark), log=true)"] {
      let output = CapturedOutput()
      #expect(Session(sink: output).feed(call) == .failed)
      #expect(output.diagnostics.contains("mark must be a"), "\(output.diagnostics)")
    }
    let output = CapturedOutput()
    #expect(Session(sink: output).feed("plot([1], mark=5e-324, log=true)") == .failed)
  }
}
