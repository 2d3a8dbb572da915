/// Finds the names that somebody may have meant.
public enum Suggestion {
  /// Up to `count` candidates that are near to `name`, the nearest first.
  ///
  /// Near means an edit distance of at most a third of the length, or one name beginning with the other.
  ///
  /// - Parameter isFar: whether names that are not near follow, so that there always are `count`.
  public static func nearest(
    to name: String, among candidates: some Sequence<String>, count: Int = 1, isFar: Bool = false
  ) -> [String] {
    let wanted = Array(name.lowercased().utf8)
    var found: [(name: String, distance: Int)] = []
    for candidate in candidates where candidate != name {
      let other = Array(candidate.lowercased().utf8)
      let limit = (max(wanted.count, other.count) + 1) / 3
      guard isFar || abs(other.count - wanted.count) <= limit || starts(other, wanted) else { continue }
      let distance = editDistance(wanted, other)
      if distance <= limit {
        found.append((candidate, distance))
      } else if wanted.count >= 3, starts(other, wanted) {
        found.append((candidate, limit + 1))
      } else if isFar {
        found.append((candidate, distance + limit))
      }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return found.prefix(count).map(\.name)
  }

  private static func starts(_ text: [UInt8], _ prefix: [UInt8]) -> Bool {
    text.count >= prefix.count && text.prefix(prefix.count).elementsEqual(prefix)
  }

  /// The fewest insertions, deletions, replacements and swaps of neighbours between two names.
  ///
  /// - Source: Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964.
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.count > 64 || right.count > 64 { return Int.max / 2 }
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for i in 0..<left.count {
      var current = [i + 1] + [Int](repeating: 0, count: right.count)
      for j in 0..<right.count {
        var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          best = min(best, beforePrevious[j - 1] + 1)
        }
        current[j + 1] = best
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
