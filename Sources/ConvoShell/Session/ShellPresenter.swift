internal import ConvoInterpreter
internal import ConvoTensor

/// Shows what the evaluator wants seen.
final class ShellPresenter: Presenter {
  let sink: any OutputSink
  var appearance: Appearance
  /// Whether announced assignments go to stderr, as `-v` wants them in scripts.
  var announcesOnDiagnostics = false
  /// Whether nothing is shown, as `:bench` wants it; warnings and errors are.
  var isSilent = false
  /// Whether lines of assignments tell how long they took.
  var showsTimes = true
  /// Takes a picture instead of drawing it.
  var onPicture: ((Tensor, String?) -> Void)?
  /// Knows whether the terminal draws pixels; without it, pictures are letters.
  var graphics: TerminalGraphics?
  /// Takes a chart instead of drawing it.
  var onChart: ((Chart) -> Void)?
  /// When the statement at hand began.
  var statementStart = ContinuousClock.now
  /// The seconds of the statement at hand that went into showing values, not into computing them.
  var showingTime = 0.0

  init(sink: any OutputSink, appearance: Appearance) {
    self.sink = sink
    self.appearance = appearance
  }

  private var view: TensorView { TensorView(width: appearance.columns) }

  /// Writes styled lines as a result.
  func show(_ text: StyledText) {
    if isSilent { return }
    sink.write(TerminalRenderer(depth: appearance.output).render(text) + "\n")
  }

  /// Writes a line about the work.
  func say(_ text: String, _ style: Style = .plain) {
    sink.writeDiagnostic(
      TerminalRenderer(depth: appearance.diagnostics).render(StyledText(text, style)) + "\n")
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
    default:
      write(ValueText.text(of: value, self))
    }
  }

  func announce(_ name: String, _ value: Value) {
    if isSilent { return }
    let note = elapsedNote
    let start = ContinuousClock.now
    defer { showingTime += start.elapsed }
    let line = ValueLines.announcement(name, value, view: view, presenter: self, time: note)
    if announcesOnDiagnostics {
      sink.writeDiagnostic(TerminalRenderer(depth: appearance.diagnostics).render(line) + "\n")
    } else {
      show(line)
    }
  }

  /// The time so far, where it is long enough to be of interest and too short for a line of its own.
  private var elapsedNote: String? {
    let seconds = statementStart.elapsed - showingTime
    return seconds >= 1e-4 && seconds < 0.010 && !announcesOnDiagnostics && showsTimes
      ? NumberFormat.duration(seconds) : nil
  }

  func write(_ line: String) {
    if !isSilent { sink.write(line + "\n") }
  }

  func warn(_ message: String) {
    let text = StyledText("warning: ", .warning) + StyledText(message)
    sink.flush()
    sink.writeDiagnostic(TerminalRenderer(depth: appearance.diagnostics).render(text) + "\n")
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
      show(StyledText(signature, .strong))
      show(StyledText("  " + sentence))
    case .overview(let builtins):
      for line in HelpPage.overview(builtins, width: appearance.columns) { show(line) }
    case .variables(let variables):
      for line in VariableTable(view: view, presenter: self).lines(variables) { show(line) }
    case .lines(let lines):
      for line in lines { write(line) }
    }
  }
}
