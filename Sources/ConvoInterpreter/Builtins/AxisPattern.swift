internal import ConvoTensor

/// One side of a pattern of axes: `N C (H 2) W`.
struct AxisPattern {
  /// A part of an axis.
  enum Part: Equatable {
    /// A letter or a word that stands for an extent.
    case word(String)
    /// The extent itself.
    case number(Int)
  }

  /// The axes, each of one part or, in parentheses, of several.
  let groups: [[Part]]

  /// All parts in order.
  var parts: [Part] { Array(groups.joined()) }

  /// The words in order.
  var words: [String] {
    parts.compactMap { part in
      if case .word(let word) = part { return word }
      return nil
    }
  }

  /// Reads one side.
  init(_ text: Substring) throws(Failure) {
    var groups: [[Part]] = []
    var open: [Part]?
    var rest = text
    while let next = rest.first {
      if next.isWhitespace {
        rest.removeFirst()
      } else if next == "(" {
        guard open == nil else { throw AxisPattern.mistake("parentheses do not stand in one another") }
        open = []
        rest.removeFirst()
      } else if next == ")" {
        guard let group = open else { throw AxisPattern.mistake("there is a ) without a (") }
        groups.append(group)
        open = nil
        rest.removeFirst()
      } else {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !word.isEmpty else {
          throw AxisPattern.mistake("\(next) is no axis; letters, words and numbers are")
        }
        let part: Part
        if next.isNumber {
          guard let number = Int(word), number > 0 else { throw AxisPattern.mistake("\(word) is no extent") }
          part = .number(number)
        } else {
          part = .word(String(word))
        }
        if open != nil { open?.append(part) } else { groups.append([part]) }
        rest = rest.dropFirst(word.count)
      }
    }
    if open != nil { throw AxisPattern.mistake("a ( is not closed") }
    self.groups = groups
  }

  /// Both sides of `left -> right`.
  static func sides(of text: String) throws(Failure) -> (left: Substring, right: Substring) {
    let characters = text[...]
    guard let arrow = characters.range(of: "->") else {
      throw mistake("there is no -> in \(ValueText.quoted(text))")
    }
    let right = characters[arrow.upperBound...]
    if right.range(of: "->") != nil { throw mistake("-> stands twice") }
    return (characters[..<arrow.lowerBound], right)
  }

  static func mistake(_ message: String, helps: [Failure.Help] = []) -> Failure {
    Failure(message, labels: [.init(operand: "pattern", text: "")], helps: helps)
  }

  /// The name of the axis that a word stands for, where convo knows it.
  static func axisName(_ word: String) -> AxisName {
    switch word {
    case "N": .batch
    case "C": .channel
    case "H": .height
    case "W": .width
    case "O": .output
    case "I": .input
    case "F": .feature
    default: .unnamed
    }
  }
}

extension Substring {
  /// Where a text stands first.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
