internal import ConvoTensor

/// A text as a picture of how much of each pixel its lines cover, from 0 to 1.
enum TextCover {
  /// Lines of a text are so many capital heights apart.
  private static let lineHeight = 1.7

  /// The picture, whose first pixel lies `margin` above and to the left of the first capital letter.
  ///
  /// - Parameters:
  ///   - size: the height of a capital letter in pixels.
  ///   - room: nothing beyond this extent is drawn.
  static func tensor(_ text: String, size: Double, room: (height: Int, width: Int)) throws -> (
    cover: Tensor, margin: Int
  ) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // Letters such as g reach below their line, and thick lines beyond the letter.
    let margin = Int((size * 0.4).rounded(.up)) + 1
    let width = lines.reduce(0.0) { max($0, Canvas.width(of: $1, size: size)) }
    let height = size * (1 + lineHeight * Double(lines.count - 1))
    let rows = min(Int(min(height, 1e6)) + 2 * margin, room.height + margin)
    let columns = min(Int(min(width, 1e6)) + 2 * margin, room.width + margin)
    let (bytes, overflow) = max(rows, 1).multipliedReportingOverflow(by: 24 * max(columns, 1))
    try Value.checkRoom(bytes: overflow ? Int.max : bytes)
    var canvas = Canvas(height: max(rows, 1), width: max(columns, 1))
    for (index, line) in lines.enumerated() {
      let baseline = Double(margin) + size * (1 + lineHeight * Double(index))
      if baseline > Double(canvas.height) + size { break }
      canvas.write(line, at: Canvas.Point(x: Double(margin), y: baseline), size: size, (0, 0, 0))
    }
    return (try canvas.darkness(), margin)
  }
}
