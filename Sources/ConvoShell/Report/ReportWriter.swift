internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoSyntax
internal import ConvoTensor

#if canImport(Glibc)
  internal import Glibc
#endif

/// Runs a script and writes the page about it: comments as text, each statement, what it printed, its shape line, its
/// picture.
///
/// The page has no times and no paths in it, so that the same script gives the same bytes.
public final class ReportWriter {
  private let folder: String
  private let session: Session
  private let captured = CapturedOutput()
  private let other: any OutputSink
  private var page = ""
  private var pictureCount = 0
  /// Why a picture is missing, for the first that is.
  private var failure: String?
  /// What a statement shows: tensors and charts, each with the name of its file and the words that stand for it.
  private var statementPictures: [(name: String, words: String, value: Value)] = []

  /// A writer into a folder, which is made when it is missing.
  public init(folder: String, seed: UInt64, arguments: [String], sink: any OutputSink) {
    self.folder = folder
    other = sink
    session = Session(sink: captured, appearance: Appearance(columns: 100), seed: seed)
    session.setArguments(arguments)
    session.watchInterrupts(endsProcess: true)
    session.presenter.onPicture = { [unowned self] tensor, title in
      note(tensor, title ?? "picture")
    }
    session.presenter.onChart = { [unowned self] chart in
      let words = chart.title.isEmpty ? chart.brief : chart.title
      statementPictures.append(("chart", words, .chart(chart)))
    }
  }

  /// Runs the script and writes `report.md`.
  public func run(_ text: [UInt8], name: String) -> Session.Outcome {
    let source = SourceText(name: name, bytes: text)
    let statements: [Statement]
    do { statements = try Parser.parse(source) } catch {
      session.report(error)
      other.writeDiagnostic(captured.diagnostics)
      return .failed
    }
    _ = folder.withPath { mkdir($0, 0o777) }
    let title = name.split(separator: "/").last.map(String.init) ?? name
    page = "# \(title)\n"
    var position = 0
    var outcome = Session.Outcome.finished
    for statement in statements {
      append(comments: source, from: position, to: statement.span.start)
      position = statement.span.end
      outcome = append(statement, source)
      if outcome != .finished { break }
    }
    if outcome == .finished { append(comments: source, from: position, to: source.bytes.count) }
    do { try Files.write(Array(page.utf8), to: "\(folder)/report.md") } catch {
      failure = failure ?? error.message
    }
    other.writeDiagnostic(captured.diagnostics)
    guard let failure else { return outcome }
    other.writeDiagnostic("error: \(failure.visible)\n")
    return .failed
  }

  /// Whole-line comments between two statements as paragraphs; a rule of dashes marks a heading.
  private func append(comments source: SourceText, from start: Int, to end: Int) {
    let lines = source.text(of: Span(start, end)).split(separator: "\n", omittingEmptySubsequences: false)
    var paragraph: [String] = []
    func flush() {
      if !paragraph.isEmpty { page += "\n" + paragraph.joined(separator: "\n") + "\n" }
      paragraph = []
    }
    for (index, line) in lines.enumerated() {
      let text = String(line).trimmed
      // What stands behind a statement on its own line belongs to that statement.
      guard text.hasPrefix("#"), !text.hasPrefix("#!"), index > 0 || start == 0 else {
        flush()
        continue
      }
      let words = String(text.dropFirst()).trimmed
      let heading = words.split(separator: "-", omittingEmptySubsequences: false)
      if words.hasSuffix("----"), let first = heading.first {
        flush()
        page += "\n## \(String(first).trimmed)\n"
      } else if words.isEmpty {
        flush()
      } else {
        paragraph.append(words)
      }
    }
    flush()
  }

  private func append(_ statement: Statement, _ source: SourceText) -> Session.Outcome {
    let code = source.text(of: statement.span) + (statement.isSilenced ? ";" : "")
    page += "\n```cnn\n\(code)\n```\n"
    statementPictures = []
    let before = captured.output.utf8.count
    let errors = captured.diagnostics.utf8.count
    let outcome = session.runForReport(statement, source)
    var lines = String(decoding: Array(captured.output.utf8.dropFirst(before)), as: UTF8.self)
    if outcome == .failed {
      lines += String(decoding: Array(captured.diagnostics.utf8.dropFirst(errors)), as: UTF8.self)
    }
    if !lines.isEmpty { page += "\n```text\n\(lines.hasSuffix("\n") ? lines : lines + "\n")```\n" }
    if outcome == .finished, case .assignment(let targets, _) = statement.kind {
      for target in targets {
        guard case .name(let name) = target,
          case .tensor(let tensor)? = session.evaluator.globals[name.name],
          ReportWriter.isPicture(tensor)
        else { continue }
        note(tensor, name.name)
      }
    }
    for picture in statementPictures { append(picture.value, picture.name, picture.words) }
    return outcome
  }

  /// Whether a tensor is worth a picture by itself: it has rows and columns enough to show something.
  private static func isPicture(_ tensor: Tensor) -> Bool {
    let names = tensor.axes.names
    guard let height = names.firstIndex(of: .height), let width = names.firstIndex(of: .width) else {
      return false
    }
    return tensor.shape[height] >= 8 && tensor.shape[width] >= 8
  }

  private func note(_ tensor: Tensor, _ title: String) {
    statementPictures.append((title, "\(title) \(tensor.axesText)", .tensor(tensor)))
  }

  private func append(_ value: Value, _ title: String, _ words: String) {
    pictureCount += 1
    let number = pictureCount < 10 ? "0\(pictureCount)" : "\(pictureCount)"
    let letters = title.utf8.allSatisfy {
      $0 == 0x5F || (0x30...0x39).contains($0) || ($0 | 0x20) - 0x61 < 26
    }
    let file = "\(number)-\(letters ? title : "picture").png"
    if let problem = session.save(picture: value, to: "\(folder)/\(file)") {
      failure = failure ?? problem
      return
    }
    // Brackets would end the words of a picture.
    let plain = String(words.map { $0 == "[" || $0 == "]" || $0 == "\n" ? " " : $0 })
    page += "\n![\(plain)](\(file))\n"
  }
}

extension Session {
  /// Runs one statement with its assignments announced among the results.
  func runForReport(_ statement: Statement, _ source: SourceText) -> Outcome {
    evaluator.announcesAssignments = true
    return run(statement, source, .script)
  }

  /// Saves a chart, or a tensor as a picture: photographs as they are, everything else channel by channel, each stretched for itself.
  ///
  /// - Returns: what went wrong, nil where the file is there.
  func save(picture value: Value, to path: String) -> String? {
    // The builtins do it; the variable's name is none that a script could use.
    let name = "picture of the report"
    evaluator.globals[name] = value
    defer { evaluator.globals[name] = nil }
    let nowhere = SourceText(name: "report", "")
    let span = Span(0, 0)
    func call(_ function: String, _ arguments: [Expression], named: [(String, Expression)] = []) -> Expression
    {
      let all =
        arguments.map { Argument(name: nil, nameSpan: span, value: $0) }
        + named.map { Argument(name: $0.0, nameSpan: span, value: $0.1) }
      return Expression(.call(Expression(.name(function), span), all), span)
    }
    let picture = Expression(.name(name), span)
    let file = Expression(.string([.literal(path)]), span)
    var expression = call("save", [picture, file])
    if case .tensor(let tensor) = value {
      let content = PictureContent(tensor)
      let isWhole = content.planes.count == 1
      let isBrightness =
        content.isPhotograph && content.planes[0].values.allSatisfy { $0 >= 0 && $0 <= 255 }
        && content.planes[0].values.contains { $0 > 1 }
      let shown = isWhole ? picture : call("channels", [picture])
      let stretch = [("normalize", Expression(.boolean(!isBrightness && isWhole), span))]
      expression = call("save", [shown, file], named: isWhole ? stretch : [])
    }
    do {
      try evaluator.run(Statement(.expression(expression), span, isSilenced: true), in: nowhere)
      return nil
    } catch let diagnostic as Diagnostic {
      return diagnostic.message
    } catch {
      return "\(path): interrupted"
    }
  }
}
