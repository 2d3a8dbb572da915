internal import ConvoEngine
internal import ConvoTensor

/// Builtins that make charts. The prompt shows a chart, `print` prints it, and `save` writes it as a picture.
enum ChartBuiltins {
  /// The most series that can be told apart at all.
  static let mostSeries = 32
  /// The most names of a bar chart.
  static let mostBars = 500

  static let all: [Builtin] = [
    .function(
      "plot", "A chart of values over their positions; several series share its axes.",
      Parameter<ChartValues>.several(
        "values", "numbers, tensors of one axis, or one with a row for each series"),
      Parameter<Tensor?>("x", default: nil, "where the values stand; 0, 1, 2, … if none"),
      Parameter<TextList?>("labels", default: nil, "a name for each series, for the legend"),
      Parameter<String>("kind", default: "line", "line or points"),
      Parameter<Bool>("log", default: false, "whether the values have a logarithmic scale"),
      Parameter<Double?>("mark", default: nil, "a value that gets a line of its own"),
      Parameter<String>("title", default: "", "what stands above"),
      Parameter<String>("xlabel", default: "", "what the horizontal axis shows"),
      Parameter<String>("ylabel", default: "", "what the vertical axis shows"),
      Parameter<PictureSize?>("size", default: nil, "height and width of the saved picture, in pixels"),
      detail: """
        A NaN is a gap in the line. The prompt draws the chart, print prints it, and save writes it as a picture:
        save(plot(losses, title="Training"), "loss.png")
        """,
      examples: [
        Example("plot([1, 4, 9, 16, 25])"),
        Example("save(plot(sin(linspace(0, 6, 50)), title=\"A wave\"), \"wave.png\")"),
        Example("plot([3, 2, 1], [1, 2, 3], labels=[\"down\", \"up\"], kind=\"points\")"),
      ],
      mistakes: [
        Example("plot()", gives: "plot: values is missing"),
        Example("plot(zeros(2, 3, 4))", gives: "plot: values must have one or two axes, not [2, 3, 4]"),
        Example("plot(\"loss\")", gives: "plot: values must be numbers or tensors, not \"loss\""),
        Example("plot([1, 2], x=[1, 2, 3])", gives: "plot: x has 3 values, the series 2"),
        Example(
          "plot([1, 2], labels=[\"a\", \"b\"])", gives: "plot: 2 labels are given, and there is 1 series"),
        Example("plot([1, 2], mark=log(0))", gives: "plot: mark must be a finite number, not -inf"),
        Example("plot([1, 2], mark=0, log=true)", gives: "plot: mark must be a finite number above 0, not 0"),
        Example("plot([1, 2], kind=\"pie\")", gives: "plot: kind must be line or points, not \"pie\""),
      ],
      seeAlso: ["hist", "bars", "save"]
    ) { _, values, x, labels, kind, log, mark, title, xLabel, yLabel, size -> Chart in
      let marks = try choice(kind, "kind", ["line": Chart.Marks.line, "points": .points])
      let series = try values.series(labels)
      let places = try x.map { try flat($0, "x") }
      if let places, let odd = series.first(where: { $0.values.count != places.count }) {
        throw Failure(
          "x has \(Wording.count(places.count, "value")), the series \(odd.values.count)",
          labels: [.init(operand: "x", text: "")])
      }
      var chart = try Chart(.curves(series, x: places, marks: marks), isLogarithmic: log, mark: mark)
      (chart.title, chart.xLabel, chart.yLabel, chart.pictureSize) = (title, xLabel, yLabel, size?.size)
      return chart
    }
    .inPlans(.isSkipped),

    .function(
      "hist", "How often the values of a tensor occur, as a chart.",
      Parameter<Tensor>("x", "any tensor"),
      Parameter<Int?>("bins", default: nil, "how many; about 32 if none, with whole numbers not cut apart"),
      Parameter<ValueRange?>(
        "range", default: nil, "[low, high]; from the smallest to the largest value if none"),
      Parameter<Bool>("log", default: false, "whether the counts have a logarithmic scale"),
      Parameter<String>("title", default: "", "what stands above"),
      Parameter<String>("xlabel", default: "", "what the horizontal axis shows"),
      Parameter<String>("ylabel", default: "", "what the vertical axis shows"),
      Parameter<PictureSize?>("size", default: nil, "height and width of the saved picture, in pixels"),
      detail:
        "Bins are half open, the last one holds its upper edge too. NaN and infinite values are left out.",
      examples: [
        Example("hist(randn(1000), bins=20)"),
        Example(
          "save(hist(randn(1000), title=\"Normal\"), \"normal.png\")\nload(\"normal.png\").shape",
          gives: "[540, 960, 3]"),
      ],
      mistakes: [
        Example("hist(zeros(3), bins=0)", gives: "hist: bins must be at least 1, not 0"),
        Example("hist(zeros(3), range=[2, 1])", gives: "hist: range must be [low, high] with low below high"),
        Example("hist(\"x\")", gives: "hist: x must be a tensor, not \"x\""),
      ],
      seeAlso: ["plot", "info", "save"]
    ) { _, x, bins, range, log, title, xLabel, yLabel, size -> Chart in
      if let bins {
        guard bins >= 1 else { throw ShapeError.tooSmall(parameter: "bins", value: bins, minimum: 1) }
        guard bins <= Histogram.mostBins else {
          throw ShapeError.tooBig(parameter: "bins", value: bins, maximum: Histogram.mostBins)
        }
      }
      var chart = try Chart(
        .histogram(Histogram(x, bins: bins, range: range?.range)), isLogarithmic: log)
      (chart.title, chart.xLabel, chart.yLabel, chart.pictureSize) = (title, xLabel, yLabel, size?.size)
      return chart
    }
    .inPlans(.isSkipped),

    .function(
      "bars", "A bar chart: a bar for each value, beside its name.",
      Parameter<ChartValues>.several(
        "values", "numbers, tensors of one axis, or one with a row for each series"),
      Parameter<TextList?>("names", default: nil, "a name for each bar; 0, 1, 2, … if none"),
      Parameter<TextList?>("labels", default: nil, "a name for each series, for the legend"),
      Parameter<Bool>("log", default: false, "whether the values have a logarithmic scale"),
      Parameter<Double?>(
        "mark", default: nil, "a value that gets a line of its own, such as the 1 of a ratio"),
      Parameter<String>("title", default: "", "what stands above"),
      Parameter<String>("xlabel", default: "", "what the values are"),
      Parameter<PictureSize?>("size", default: nil, "height and width of the saved picture, in pixels"),
      detail: """
        Bars run to the right; several series stand in groups. A NaN has no bar. The saved picture is as high as the bars need.
        """,
      examples: [
        Example("bars([0.1, 0.7, 0.2], names=[\"cat\", \"dog\", \"emu\"])"),
        Example(
          "speed = [[1, 1], [1.4, 2.1]]\nsave(bars(speed, names=[\"3×3\", \"5×5\"], labels=[\"before\", \"after\"], mark=1), \"speed.png\")"
        ),
      ],
      mistakes: [
        Example("bars()", gives: "bars: values is missing"),
        Example("bars([1, 2, 3], names=[\"a\"])", gives: "bars: names has 1 name, the series 3 values"),
        Example("bars(zeros(501))", gives: "bars: at most 500 bars can be read, not 501"),
      ],
      seeAlso: ["plot", "hist", "save"]
    ) { _, values, names, labels, log, mark, title, xLabel, size -> Chart in
      let series = try values.series(labels)
      let count = series.map(\.values.count).max() ?? 0
      guard count <= mostBars else {
        throw Failure(
          "at most \(mostBars) bars can be read, not \(count)",
          labels: [.init(operand: "values", text: "\(count)")],
          helps: [.init("plot(…)", gives: "a chart of any number of values")])
      }
      if let names, names.texts.count != count {
        throw Failure(
          "names has \(Wording.count(names.texts.count, "name")), the series \(Wording.count(count, "value"))",
          labels: [.init(operand: "names", text: "")])
      }
      var chart = try Chart(
        .bars(series, names: names?.texts ?? (0..<count).map(String.init)), isLogarithmic: log, mark: mark)
      (chart.title, chart.xLabel, chart.pictureSize) = (title, xLabel, size?.size)
      return chart
    }
    .inPlans(.isSkipped),
  ]

  /// A tensor as one of one axis; axes of extent 1 do not count.
  static func flat(_ tensor: Tensor, _ name: String) throws -> Tensor {
    guard tensor.shape.extents.filter({ $0 != 1 }).count <= 1 else {
      throw Failure(
        "\(name) must have one axis, not \(tensor.shape)",
        labels: [.init(operand: name, text: "\(tensor.shape)")])
    }
    return try tensor.reshaped(to: Shape([tensor.count]))
  }
}
