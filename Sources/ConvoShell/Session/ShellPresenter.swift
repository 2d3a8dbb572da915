internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoTensor

/// Shows what the evaluator wants seen.
final class ShellPresenter: Presenter {
  let sink: any OutputSink
  /// How text looks; what the terminal has become since is asked for whenever something is shown.
  var appearance: Appearance {
    get {
      if let size = sizeIfChanged?() { (shownAppearance.columns, shownAppearance.rows) = size }
      return shownAppearance
    }
    set { shownAppearance = newValue }
  }
  private var shownAppearance: Appearance
  /// Gives the columns and rows of the terminal where they have changed since it was last asked.
  var sizeIfChanged: (() -> (columns: Int, rows: Int)?)?
  /// Whether announced assignments go to stderr, as `-v` wants them in scripts.
  var announcesOnDiagnostics = false
  /// Whether nothing is shown, as `:bench` wants it; warnings and errors are.
  var isSilent = false
  /// Takes a picture instead of drawing it.
  var onPicture: ((Tensor, String?) -> Void)?
  /// Knows whether the terminal draws pixels; without it, pictures are letters.
  var graphics: TerminalGraphics?
  /// Takes a chart instead of drawing it.
  var onChart: ((Chart) -> Void)?
  /// The seconds of the statement at hand that went into showing values, not into computing them.
  var showingTime = 0.0

  init(sink: any OutputSink, appearance: Appearance) {
    self.sink = sink
    shownAppearance = appearance
  }

  var columns: Int { appearance.columns }

  private var view: TensorView { TensorView(width: appearance.columns) }

  /// Writes styled lines as a result.
  func show(_ text: StyledText) {
    if isSilent { return }
    sink.write(TerminalRenderer(depth: appearance.output).render(text) + "\n")
  }

  /// Writes a line about the work.
  func say(_ text: String, _ style: Style = .plain, indent: Int = 0) {
    sayWrapped(StyledText(text, style), indent: indent)
  }

  /// Writes a line about the work, on a terminal in as many rows as it needs.
  func sayWrapped(_ text: StyledText, indent: Int) {
    let appearance = appearance
    let renderer = TerminalRenderer(depth: appearance.diagnostics)
    let lines =
      appearance.wrapsDiagnostics ? text.wrapped(to: appearance.columns, indent: indent) : [text]
    for line in lines { sink.writeDiagnostic(renderer.render(line) + "\n") }
  }

  /// Writes a line of words, on a terminal in as many rows as it needs.
  private func showWrapped(_ text: StyledText, indent: Int) {
    let appearance = appearance
    let lines = appearance.wrapsResults ? text.wrapped(to: appearance.columns, indent: indent) : [text]
    for line in lines { show(line) }
  }

  func echo(_ value: Value) {
    if isSilent { return }
    let start = ContinuousClock.now
    defer { showingTime += start.elapsed }
    switch value {
    case .tensor(let tensor) where tensor.axes == .weight && KernelView.fits(tensor):
      for line in KernelView(appearance: appearance).lines("", tensor) { show(line) }
    case .tensor(let tensor) where !TensorText.isShort(tensor):
      show(view.summary("", tensor))
    case .chart(let chart): present(.chart(chart))
    case .record(let record) where record.count > 0:
      for line in ValueLines.lines(of: record, view: view) { show(line) }
    case .string(let text): write(text)
    default: write(broken(ValueText.text(of: value, self)))
    }
  }

  /// A text of values as lines that the terminal has room for.
  private func broken(_ text: String, from column: Int = 0) -> String {
    let appearance = appearance
    return appearance.wrapsResults ? ValueLayout.broken(text, to: appearance.columns, from: column) : text
  }

  func write(_ values: [Value]) {
    var line = ""
    var column = 0
    for (index, value) in values.enumerated() {
      if index > 0 {
        line += " "
        column += 1
      }
      let text = ValueText.text(of: value, self)
      var part = text
      // A text stands as it is: where its lines end is for whoever wrote it to say.
      if case .string = value {} else { part = broken(text, from: column) }
      line += part
      if let end = part.utf8.lastIndex(of: 0x0A) {
        column = DisplayWidth.of(part[part.index(after: end)...])
      } else {
        column += DisplayWidth.of(part)
      }
    }
    write(line)
  }

  func announce(_ name: String, _ value: Value) {
    if isSilent { return }
    let start = ContinuousClock.now
    defer { showingTime += start.elapsed }
    let line = ValueLines.announcement(name, value, view: view, presenter: self)
    if announcesOnDiagnostics {
      sink.writeDiagnostic(TerminalRenderer(depth: appearance.diagnostics).render(line) + "\n")
    } else {
      show(line)
    }
  }

  func write(_ line: String) {
    if isSilent { return }
    sink.write((appearance.wrapsResults ? line.visibleLines : line) + "\n")
  }

  func warn(_ message: String) {
    sink.flush()
    sayWrapped(StyledText("warning: ", .warning) + StyledText(message), indent: 9)
  }

  func text(of tensor: Tensor) -> String {
    TensorText.isShort(tensor) ? TensorText.elements(of: tensor) : view.summary("", tensor).string
  }

  func present(_ report: Report) {
    if isSilent { return }
    let start = ContinuousClock.now
    defer { showingTime += start.elapsed }
    switch report {
    case .picture(let tensor, let title, let hasOwnScales):
      if let onPicture { return onPicture(tensor, title) }
      var appearance = appearance
      graphics?.apply(to: &appearance)
      let view = PictureView(appearance: appearance, hasOwnScales: hasOwnScales)
      for row in view.rows(tensor, title: title) {
        switch row {
        case .text(let line): show(line)
        case .image(let image): sink.write(GraphicsOutput.text(image, appearance))
        }
      }
    case .chart(let chart):
      if let onChart { return onChart(chart) }
      for line in ChartView(appearance: appearance).lines(chart) { show(line) }
    case .statistics(let tensor, let title):
      for line in StatisticsView(width: appearance.columns).lines(tensor, title: title) { show(line) }
    case .help(let builtin):
      for line in HelpPage.lines(builtin, width: appearance.columns) { show(line) }
    case .signature(let signature, let sentence):
      showWrapped(StyledText(signature, .strong), indent: 4)
      showWrapped(StyledText("  " + sentence), indent: 2)
    case .overview(let builtins):
      for line in HelpPage.overview(builtins, width: appearance.columns) { show(line) }
    case .variables(let variables):
      for line in VariableTable(view: view, presenter: self).lines(variables) { show(line) }
    case .lines(let lines):
      for line in lines { showWrapped(StyledText(line), indent: 2) }
    }
  }
}
