extension StyledText {
  /// The text in lines of at most `width` columns, broken between words; a word that is longer stays whole.
  ///
  /// - Parameters:
  ///   - indent: the blanks before every line but the first; fewer where the lines are short.
  ///   - keepsQuotes: whether a text in quotes is one word, because a newline would become a part of it.
  ///   - start: the columns of the first line that are taken already.
  func wrapped(to width: Int, indent: Int, keepsQuotes: Bool = false, from start: Int = 0) -> [StyledText] {
    if self.width <= width - start { return [self] }
    let margin = StyledText(String(repeating: " ", count: max(0, min(indent, max(width / 4, width - 30)))))
    var lines: [StyledText] = []
    var line = StyledText()
    var column = start
    var hasWord = start > 0
    // The blanks stand at the end of what they follow, and are dropped where a line ends.
    var blanks = StyledText()
    for (piece, isBlank) in pieces(keepsQuotes: keepsQuotes) {
      if isBlank {
        blanks.append(piece)
        continue
      }
      let room = piece.width
      if hasWord, column + blanks.width + room > width {
        lines.append(line)
        line = margin
        column = margin.width
      } else {
        line.append(blanks)
        column += blanks.width
      }
      line.append(piece)
      column += room
      hasWord = true
      blanks = StyledText()
    }
    return lines + [line]
  }

  /// The words and the blanks between them. Where the look changes inside a word, it is not broken either.
  private func pieces(keepsQuotes: Bool) -> [(text: StyledText, isBlank: Bool)] {
    var pieces: [(text: StyledText, isBlank: Bool)] = []
    var isQuoted = false
    for run in runs {
      for character in run.text {
        if keepsQuotes, character == "\"" { isQuoted.toggle() }
        let isBlank = character == " " && !isQuoted
        if let last = pieces.indices.last, pieces[last].isBlank == isBlank {
          pieces[last].text.append(String(character), run.style)
        } else {
          pieces.append((StyledText(String(character), run.style), isBlank))
        }
      }
    }
    return pieces
  }
}
