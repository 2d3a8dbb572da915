/// A range of a source text in UTF-8 bytes, half open.
public struct Span: Sendable, Hashable {
  /// The first byte.
  public var start: Int
  /// The byte after the last.
  public var end: Int

  /// The bytes `start ..< end`.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest span that covers both.
  public func union(_ other: Span) -> Span {
    Span(min(start, other.start), max(end, other.end))
  }
}

/// A text with the name under which errors speak of it: a file's path, or `repl`.
public final class SourceText: Sendable {
  /// What stands before the line number in an error.
  public let name: String
  /// The text.
  public let bytes: [UInt8]
  /// The number of the text's first line; a prompt goes on counting.
  public let firstLine: Int
  private let lineStarts: [Int]

  /// Finds the lines of a text once.
  public init(name: String, bytes: [UInt8], firstLine: Int = 1) {
    self.name = name
    self.bytes = bytes
    self.firstLine = firstLine
    var starts = [0]
    for index in bytes.indices where bytes[index] == 0x0A { starts.append(index + 1) }
    self.lineStarts = starts
  }

  /// A text given as a string.
  public convenience init(name: String, _ text: String, firstLine: Int = 1) {
    self.init(name: name, bytes: Array(text.utf8), firstLine: firstLine)
  }

  /// The number of lines, at least 1.
  public var lineCount: Int { lineStarts.count }

  /// The line number that users see, and the byte offset from the line's start (0-based).
  public func location(of offset: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + firstLine, offset - lineStarts[low])
  }

  /// The text of a line, by the number that users see, without its end; damaged UTF-8 is repaired.
  public func line(_ number: Int) -> String {
    let index = number - firstLine
    guard lineStarts.indices.contains(index) else { return "" }
    let end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    var slice = bytes[lineStarts[index]..<max(lineStarts[index], end)]
    if slice.last == 0x0D { slice = slice.dropLast() }
    return String(decoding: slice, as: UTF8.self)
  }

  /// The text of a span; damaged UTF-8 is repaired.
  public func text(of span: Span) -> String {
    let start = min(max(0, span.start), bytes.count)
    return String(decoding: bytes[start..<min(bytes.count, max(start, span.end))], as: UTF8.self)
  }
}
