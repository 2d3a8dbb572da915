internal import ConvoEngine
internal import ConvoTensor

/// A pattern of `rearrange`, settled for the shape of a tensor.
struct RearrangePattern {
  /// The extents of the parts on the left.
  private var extents: [Int] = []
  /// What they are; in the same order.
  private var parts: [AxisPattern.Part] = []
  /// The names of the axes that they are parts of, where a part is a whole one.
  private var names: [AxisName] = []
  private let right: AxisPattern

  init(_ text: String, _ x: Tensor) throws(Failure) {
    let sides = try AxisPattern.sides(of: text)
    let left = try AxisPattern(sides.left)
    right = try AxisPattern(sides.right)
    guard left.groups.count == x.rank else {
      throw Failure(
        "the pattern has \(Wording.count(left.groups.count, "place")) on the left, x has shape \(x.shape)",
        labels: [.init(operand: "x", text: x.axesText), .init(operand: "pattern", text: "")])
    }
    for (axis, group) in left.groups.enumerated() {
      try settle(group, axis, x.shape[axis])
      names += group.map { part in
        if case .word(let word) = part, AxisPattern.axisName(word) != .unnamed {
          return AxisPattern.axisName(word)
        }
        return group.count == 1 ? x.axes.names[axis] : .unnamed
      }
    }
    try RearrangePattern.check(left.words, right.words)
  }

  /// Finds the extents of the parts of one axis: at most one of them is not known.
  private mutating func settle(_ group: [AxisPattern.Part], _ axis: Int, _ extent: Int) throws(Failure) {
    var known = 1
    var open = 0
    for part in group {
      switch part {
      case .number(let number):
        let (product, overflow) = known.multipliedReportingOverflow(by: number)
        known = overflow ? Int.max : product
      case .word: open += 1
      }
    }
    if open > 1 {
      throw AxisPattern.mistake(
        "an axis of \(extent) cannot be split between two words; write one as a number")
    }
    guard open == 1 ? extent % known == 0 : extent == known else {
      throw Failure(
        "axis \(axis) has \(extent), which \(open == 1 ? "is no multiple of \(known)" : "is not \(known)")",
        labels: [.init(operand: "x", text: ""), .init(operand: "pattern", text: "")])
    }
    for part in group {
      parts.append(part)
      if case .number(let number) = part { extents.append(number) } else { extents.append(extent / known) }
    }
  }

  private static func check(_ left: [String], _ right: [String]) throws(Failure) {
    for words in [left, right] {
      for (index, word) in words.enumerated() where words[..<index].contains(word) {
        throw AxisPattern.mistake("\(word) stands twice on one side")
      }
    }
    if let word = right.first(where: { !left.contains($0) }) {
      throw AxisPattern.mistake("\(word) does not stand on the left")
    }
    if let word = left.first(where: { !right.contains($0) }) {
      throw AxisPattern.mistake(
        "\(word) does not stand on the right",
        helps: [.init("sum(x, axis)", gives: "folds an axis away, as mean and max do")])
    }
  }

  /// The operation on the tensor.
  func operation(_ x: Tensor) throws(Failure) -> Rearrangement {
    var isUsed = [Bool](repeating: false, count: parts.count)
    var groups: [[Rearrangement.Part]] = []
    var axes: [AxisName] = []
    for group in right.groups {
      var result: [Rearrangement.Part] = []
      var found: [AxisName] = []
      for part in group {
        // A number is the same as the first on the left that is not taken yet; else it repeats.
        if let source = parts.indices.first(where: { parts[$0] == part && !isUsed[$0] }) {
          isUsed[source] = true
          result.append(.init(extent: extents[source], source: source))
          if names[source] != .unnamed { found.append(names[source]) }
        } else if case .number(let number) = part {
          result.append(.init(extent: number, source: nil))
        }
      }
      groups.append(result)
      axes.append(found.count == 1 ? found[0] : .unnamed)
    }
    if let lost = parts.indices.first(where: { !isUsed[$0] && extents[$0] != 1 }) {
      throw AxisPattern.mistake("\(extents[lost]) does not stand on the right")
    }
    return Rearrangement(input: x, parts: extents, groups: groups, axes: Axes(axes))
  }
}
