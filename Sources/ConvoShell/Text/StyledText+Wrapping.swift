extension StyledText {
  /// The text in lines of at most `width` columns, broken between words; a word that is longer stays whole.
  ///
  /// - Parameter indent: the blanks before every line but the first.
  func wrapped(to width: Int, indent: Int) -> [StyledText] {
    if self.width <= width { return [self] }
    let margin = StyledText(String(repeating: " ", count: min(indent, max(0, width - 20))))
    var lines: [StyledText] = []
    var line = StyledText()
    var column = 0
    var hasWord = false
    // The blanks stand at the end of what they follow, and are dropped where a line ends.
    var blanks = StyledText()
    for (word, isBlank) in pieces {
      let room = DisplayWidth.of(word.text)
      if isBlank {
        blanks.append(word.text, word.style)
        continue
      }
      if hasWord, column + blanks.width + room > width {
        lines.append(line)
        line = margin
        column = margin.width
      } else {
        line.append(blanks)
        column += blanks.width
      }
      line.append(word.text, word.style)
      column += room
      hasWord = true
      blanks = StyledText()
    }
    return lines + [line]
  }

  /// The words and the blanks between them. Where the look changes inside a word, it is not broken either.
  private var pieces: [(run: Run, isBlank: Bool)] {
    runs.flatMap { run in
      var pieces: [(run: Run, isBlank: Bool)] = []
      for character in run.text {
        let isBlank = character == " "
        if let last = pieces.indices.last, pieces[last].isBlank == isBlank {
          pieces[last].run.text.append(character)
        } else {
          pieces.append((Run(text: String(character), style: run.style), isBlank))
        }
      }
      return pieces
    }
  }
}
