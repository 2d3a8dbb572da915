/// Breaks the text of a value between its elements, so that no terminal breaks a number or a word.
///
///     [        0, 0.0344828, 0.0689655,  0.103448,
///       0.137931,  0.172414,  0.206897]
enum ValueLayout {
  /// The text in lines of at most `width` columns.
  ///
  /// - Parameter start: the columns of the first line that are taken already.
  static func broken(_ text: String, to width: Int, from start: Int = 0) -> String {
    var column = start
    if text.utf8.count + start <= width { return text }
    var state = Brackets()
    var result = ""
    result.reserveCapacity(text.utf8.count + text.utf8.count / 32)
    var isFirst = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !isFirst {
        result += "\n"
        column = 0
      }
      isFirst = false
      let elements = aligned(state.elements(of: line, from: column), in: line, width: width - column)
      for (index, element) in elements.enumerated() {
        let room = DisplayWidth.of(element.text) - (element.text.hasSuffix(" ") ? 1 : 0)
        if index > 0 || column == start && start > 0, column + room > width {
          while result.last == " " { result.removeLast() }
          let indent = element.indent <= max(8, width / 3) ? element.indent : 2
          result += "\n" + String(repeating: " ", count: indent)
          column = indent
        }
        if column + room > width {
          // An element that is longer than the screen is wide is broken between its words.
          let lines = StyledText(String(element.text)).wrapped(
            to: width, indent: element.indent + 2, from: column)
          result += lines.map(\.string).joined(separator: "\n")
          column = lines.last?.width ?? 0
        } else {
          result += element.text
          column += DisplayWidth.of(element.text)
        }
      }
    }
    return result
  }

  /// A part of a line that stays whole, and the column where a line begins that begins with it.
  private struct Element {
    var text: Substring
    var indent: Int
  }

  /// The brackets that are open where a line begins.
  private struct Brackets {
    /// The column behind each.
    var columns: [Int] = []
    var isQuoted = false

    /// The elements of a line: each ends with its comma and the blank behind it.
    mutating func elements(of line: Substring, from start: Int) -> [Element] {
      var elements: [Element] = []
      var column = start
      var begin = line.startIndex
      var indent = 0
      var isEscaped = false
      var isAfterComma = false
      for index in line.unicodeScalars.indices {
        let character = line.unicodeScalars[index]
        if isAfterComma, character != " ", !isQuoted {
          elements.append(Element(text: line[begin..<index], indent: indent))
          begin = index
          indent = columns.last ?? start
          isAfterComma = false
        }
        column += DisplayWidth.of(character)
        if isEscaped {
          isEscaped = false
        } else if isQuoted {
          isEscaped = character == "\\"
          if character == "\"" { isQuoted = false }
        } else {
          switch character {
          case "\"": isQuoted = true
          case "[", "{", "(": columns.append(column)
          case "]", "}", ")": _ = columns.popLast()
          case ",": isAfterComma = true
          default: break
          }
        }
      }
      elements.append(Element(text: line[begin...], indent: indent))
      return elements
    }
  }

  /// Numbers of one list that goes over several lines stand below one another.
  private static func aligned(_ elements: [Element], in line: Substring, width: Int) -> [Element] {
    guard elements.count > 2, line.hasPrefix("["), line.hasSuffix("]"), DisplayWidth.of(line) > width,
      line.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x22 && $0 != 0x7B && $0 != 0x28 }),
      line.dropFirst().utf8.allSatisfy({ $0 != 0x5B }), line.dropLast().utf8.allSatisfy({ $0 != 0x5D })
    else { return elements }
    func word(_ element: Element) -> Substring {
      element.text.drop { $0 == "[" }.prefix { $0 != "," && $0 != "]" }
    }
    let widest = elements.map { word($0).utf8.count }.max() ?? 0
    guard widest <= 24 else { return elements }
    return elements.enumerated().map { index, element in
      let blanks = String(repeating: " ", count: widest - word(element).utf8.count)
      let text = index == 0 ? "[" + blanks + element.text.dropFirst() : blanks + element.text
      return Element(text: Substring(text), indent: element.indent)
    }
  }
}
