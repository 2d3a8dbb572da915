public import ConvoTensor

/// A chart: what `plot`, `hist` and `bars` give. It is shown in the terminal, and saved as a picture.
public struct Chart: Sendable {
  /// Numbers that are drawn as one curve, or as bars of one colour.
  public struct Series: Sendable {
    /// Its name in the legend; empty if it has none.
    public var label: String
    /// The numbers: a tensor of one axis.
    public var values: Tensor
  }

  /// What is drawn.
  public enum Content: Sendable {
    /// Curves or points over `x`, or over 0, 1, 2, … where there is none.
    case curves([Series], x: Tensor?, marks: Marks)
    /// How often values occur.
    case histogram(Histogram)
    /// Bars beside one another: for each name one of each series.
    case bars([Series], names: [String])
  }

  /// How the values of a curve are marked.
  public enum Marks: String, Sendable, CaseIterable {
    /// A line from one to the next.
    case line
    /// A point for each.
    case points
  }

  /// What is drawn.
  public let content: Content
  /// What stands above it; empty for nothing.
  public var title = ""
  /// What the horizontal axis shows; empty for nothing.
  public var xLabel = ""
  /// What the vertical axis shows; empty for nothing.
  public var yLabel = ""
  /// Whether values have a logarithmic scale.
  public let isLogarithmic: Bool
  /// A value that has a line of its own across the chart, such as the 1 of a ratio.
  public let mark: Double?
  /// Height and width of the saved picture; `nil` for the usual ones.
  public var pictureSize: (height: Int, width: Int)?

  let extent: ChartExtent

  /// A chart without title and labels.
  ///
  /// - Throws: ``Failure`` for a mark that is not on the scale, ``Interruption`` after Ctrl-C.
  init(_ content: Content, isLogarithmic: Bool = false, mark: Double? = nil) throws {
    if let mark, !mark.isFinite || (isLogarithmic && mark <= 0) {
      throw Failure(
        "mark must be a finite number\(isLogarithmic ? " above 0" : ""), not \(NumberText.plain(mark))",
        labels: [.init(operand: "mark", text: "")])
    }
    // A mark is on the scale of values, which are float32: beyond them no axis can be divided.
    if let mark, !Float(mark).isFinite || (isLogarithmic && Float(mark) == 0) {
      throw Failure(
        "mark must be a number that a tensor can hold\(isLogarithmic ? ", above 0" : ""), not \(NumberText.plain(mark))",
        labels: [.init(operand: "mark", text: "")])
    }
    self.content = content
    self.isLogarithmic = isLogarithmic
    self.mark = mark
    extent = try ChartExtent(content, isLogarithmic: isLogarithmic)
  }

  /// The series, in the order of the legend.
  public var series: [Series] {
    switch content {
    case .curves(let series, _, _), .bars(let series, _): series
    case .histogram: []
    }
  }

  /// Whether there is something to tell the series apart by.
  public var hasLegend: Bool { series.contains { !$0.label.isEmpty } }

  /// A few words for errors and summaries: `a line chart of 200 values`.
  public var brief: String {
    func count(_ series: [Series], _ kind: String) -> String {
      let values = Wording.count(series.first?.values.count ?? 0, "value")
      return series.count == 1 ? "\(kind) of \(values)" : "\(kind) of \(series.count) × \(values)"
    }
    switch content {
    case .curves(let series, _, .line): return count(series, "a line chart")
    case .curves(let series, _, .points): return count(series, "a chart of points")
    case .histogram(let histogram): return "a histogram of \(Wording.count(histogram.count, "value"))"
    case .bars(let series, _): return count(series, "a bar chart")
    }
  }
}

extension Chart: ValueConvertible {
  var value: Value { .chart(self) }
}

extension Chart: BuiltinArgument {
  static var typeName: String { "chart" }
  init(argument value: Value) throws(ArgumentError) {
    guard case .chart(let chart) = value else { throw ArgumentError(expected: "a chart") }
    self = chart
  }
  var written: String { brief }
}
