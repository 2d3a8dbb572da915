internal import ConvoFormats
public import ConvoSyntax

/// Lays out a diagnostic in at most nine lines.
///
///     error: conv2d: the input has 1 channel, the kernel wants 3
///      --> repl:12
///       | y = conv2d(g, w, stride=2)
///       |            ^  ^ O5 I3 3×3    I = 3
///       |            N1 C1 H380 W512   C = 1
///       = note: g = gray(x) on line 4 made C 3 → 1
///       = help: conv2d(x, w, stride=2)      gives N1 C5 H189 W255
public struct DiagnosticRenderer: Sendable {
  /// The most lines that one error takes.
  public static let maximumLines = 9

  /// The columns of the terminal; longer source lines are cut around the carets.
  public var width: Int

  /// Whether messages and notes are broken between words at the width, as a terminal wants it; a file gets whole lines.
  public var wraps: Bool

  /// A renderer for a width.
  public init(width: Int = 110, wraps: Bool = false) {
    self.width = max(width, 20)
    self.wraps = wraps
  }

  /// The text of an error, each line with its newline.
  public func render(_ diagnostic: Diagnostic) -> StyledText {
    var head: [StyledText] = []
    for (index, line) in lines(diagnostic.message).enumerated() {
      head.append(
        index == 0
          ? StyledText("error: ", .error) + StyledText(line, .strong) : StyledText("       " + line))
    }
    if wraps { head = head.flatMap { $0.wrapped(to: width, indent: 7) } }
    let (notes, helps) = (self.notes(diagnostic), self.helps(diagnostic))
    let tail = (notes + helps).reduce(0) { $0 + $1.count }
    let room = DiagnosticRenderer.maximumLines - min(head.count, 3) - min(tail, 3)
    let snippet = self.snippet(diagnostic, room: room)
    let left = DiagnosticRenderer.maximumLines - snippet.count
    var all = shortened(head, to: max(3, left - min(tail, 3))) + snippet
    all += fitting(notes, helps, DiagnosticRenderer.maximumLines - all.count)
    return all.reduce(into: StyledText()) {
      $0.append($1)
      $0.append("\n")
    }
  }

  /// The first lines, of which the last one says so when more are left out.
  private func shortened(_ lines: [StyledText], to count: Int) -> [StyledText] {
    guard lines.count > count, count > 0 else { return Array(lines.prefix(count)) }
    var result = Array(lines.prefix(count))
    if result[count - 1].width + 2 <= width { result[count - 1].append(" …", .faint) }
    return result
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      DiagnosticRenderer.clipped(DisplayWidth.visible(String($0).visibleLines).text)
    }
  }

  /// A text of one line, without its end where it is far too long to be read.
  private static func clipped(_ text: String) -> String {
    let text = text.visible
    return DisplayWidth.of(text) > 400 ? DisplayWidth.slice(text, from: 0, width: 399) + "…" : text
  }

  /// Notes and helps in as many lines as there is room for: the first help first, for it says what to type.
  private func fitting(_ notes: [[StyledText]], _ helps: [[StyledText]], _ room: Int) -> [StyledText] {
    var left = room
    func taken(_ blocks: ArraySlice<[StyledText]>) -> [[StyledText]] {
      var result: [[StyledText]] = []
      for block in blocks where block.count <= left {
        result.append(block)
        left -= block.count
      }
      return result
    }
    let first = taken(helps.prefix(1))
    let others = taken(notes[...])
    let all = (others + first + taken(helps.dropFirst())).flatMap(\.self)
    return all.isEmpty ? shortened((helps + notes).first ?? [], to: room) : all
  }

  private func notes(_ diagnostic: Diagnostic) -> [[StyledText]] {
    diagnostic.notes.map { note in
      let line =
        StyledText("  = ", .frame) + StyledText("note: ", .strong)
        + StyledText(DiagnosticRenderer.clipped(note))
      return wraps ? line.wrapped(to: width, indent: 10) : [line]
    }
  }

  private func helps(_ diagnostic: Diagnostic) -> [[StyledText]] {
    diagnostic.helps.map { help in
      let line = StyledText("  = ", .frame) + StyledText("help: ", .help) + StyledText(help.text.visible)
      let remark = help.remark.map { StyledText("gives \(DiagnosticRenderer.clipped($0))", .faint) } ?? ""
      let rows = wraps ? line.wrapped(to: width, indent: 10, keepsQuotes: true) : [line]
      if remark.isEmpty { return rows }
      if wraps, rows.count > 1 || line.width + 6 + remark.width > width {
        let indent = min(10, max(width / 4, width - 30))
        let below = StyledText(String(repeating: " ", count: indent)) + remark
        return rows + below.wrapped(to: width, indent: indent)
      }
      return [line + StyledText("      ", .faint) + remark]
    }
  }

  // MARK: Source lines

  /// The lines of the source that carry labels, the main one first, as far as `room` lines allow.
  private func snippet(_ diagnostic: Diagnostic, room: Int) -> [StyledText] {
    let source = diagnostic.source
    guard let main = diagnostic.labels.first else { return [] }
    var result: [StyledText] = []
    var seen: [Int] = []
    let mainLine = source.location(of: main.span.start).line
    let others = diagnostic.labels.map { source.location(of: $0.span.start).line }.filter { $0 != mainLine }
    for line in [mainLine] + others.sorted() where !seen.contains(line) {
      seen.append(line)
      let labels = diagnostic.labels.filter { source.location(of: $0.span.start).line == line }
      let block = self.block(source: source, line: line, labels: labels)
      // A line that does not fit whole is left out; the main one is cut, because it says where.
      if line == mainLine {
        result += block.prefix(max(room, 3))
      } else if result.count + block.count <= room {
        result += block
      }
    }
    return result
  }

  private struct Mark {
    var column: Int
    var text: String
  }

  private func block(source: SourceText, line: Int, labels: [Diagnostic.Label]) -> [StyledText] {
    let (text, columns) = DisplayWidth.visible(source.line(line))
    let byteColumns = labels.map { source.location(of: $0.span.start).column }
    let before = String(decoding: Array(source.line(line).utf8.prefix(byteColumns[0])), as: UTF8.self)
    let name = source.name.visible
    let place = source.name == "repl" ? "repl:\(line)" : "\(name):\(line):\(before.count + 1)"
    var marks = zip(labels, byteColumns).map { label, byte in
      Mark(column: columns.at(byte) ?? columns.last ?? 0, text: DiagnosticRenderer.clipped(label.text))
    }
    marks.sort { $0.column < $1.column }
    // Two labels at one place stand side by side.
    var merged: [Mark] = []
    for mark in marks {
      if let last = merged.indices.last, merged[last].column == mark.column {
        let parts = [merged[last].text, mark.text].filter { !$0.isEmpty }
        merged[last].text = parts.joined(separator: "; ")
      } else {
        merged.append(mark)
      }
    }
    let clipped = clip(text, around: merged.map(\.column))
    for index in merged.indices { merged[index].column += clipped.shift }
    var result = [StyledText(" --> ", .frame) + StyledText(place)]
    result.append(StyledText("  | ", .frame) + StyledText(clipped.text))
    result += caretLines(merged).map { StyledText("  | ", .frame) + $0 }
    return result
  }

  /// Cuts a long line to the width, with `…` where something is missing.
  private func clip(_ text: String, around columns: [Int]) -> (text: String, shift: Int) {
    let room = width - 6
    let total = DisplayWidth.of(text)
    guard total > room, let first = columns.first, let last = columns.last else { return (text, 0) }
    // Twice the context before the carets as behind: labels need room to the right.
    var start = max(0, min(first - room / 3, total - room))
    if last - start >= room { start = max(0, min(first - 2, total - room)) }
    var slice = DisplayWidth.slice(text, from: start, width: room)
    var shift = -start
    if start > 0 {
      slice = "…" + slice
      shift += 1
    }
    if start + room < total { slice += "…" }
    return (slice, shift)
  }

  /// The carets with the last label beside its caret, and each other label on a line below, from right to left.
  private func caretLines(_ marks: [Mark]) -> [StyledText] {
    guard let last = marks.last else { return [] }
    let texts = aligned(marks)
    var first = StyledText()
    for mark in marks {
      first = first.padded(to: mark.column)
      first.append("^", .error)
    }
    var result = [first]
    if !last.text.isEmpty {
      let beside = first + StyledText(" " + (texts.last ?? ""), .error)
      if !wraps || beside.width <= width - 4 {
        result = [beside]
      } else {
        result += placed(last.text, near: last.column)
      }
    }
    let rest = zip(marks, texts).dropLast().filter { !$0.0.text.isEmpty }
    for (index, item) in rest.enumerated().reversed() {
      if wraps, item.0.column + DisplayWidth.of(item.1) > width - 4 {
        result += placed(item.0.text, near: item.0.column)
        continue
      }
      var line = StyledText()
      for earlier in rest.prefix(index) {
        line = line.padded(to: earlier.0.column)
        line.append("|", .error)
      }
      line = line.padded(to: item.0.column)
      line.append(item.1, .error)
      result.append(line)
    }
    return result
  }

  /// A label that has no room to the right of its caret, on lines of its own below it.
  private func placed(_ text: String, near column: Int) -> [StyledText] {
    let room = width - 4
    return StyledText(text, .error).wrapped(to: room, indent: 0).map { line in
      StyledText().padded(to: max(0, min(column, room - line.width))) + line
    }
  }

  /// Puts what follows the shape in the labels (`I = 3`), behind three blanks, under one another.
  private func aligned(_ marks: [Mark]) -> [String] {
    let parts = marks.map { mark -> [String] in
      guard let gap = mark.text.firstRange(of: "   ") else { return [mark.text] }
      return [String(mark.text[..<gap.lowerBound]), String(mark.text[gap.upperBound...].drop { $0 == " " })]
    }
    var stop = 0
    for (index, mark) in marks.enumerated() where parts[index].count == 2 {
      let isBeside = index == marks.count - 1
      stop = max(stop, mark.column + (isBeside ? 2 : 0) + DisplayWidth.of(parts[index][0]) + 3)
    }
    return zip(marks, parts).enumerated().map { index, item in
      let (mark, part) = item
      guard part.count == 2 else { return part.first ?? "" }
      let start = mark.column + (index == marks.count - 1 ? 2 : 0)
      let gap = stop - start - DisplayWidth.of(part[0])
      return part[0] + String(repeating: " ", count: max(1, gap)) + part[1]
    }
  }
}

extension Array {
  fileprivate func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
