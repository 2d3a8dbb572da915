/// The members of an archive or record file that are sound, but hold what a tensor cannot.
///
/// They are passed over with one warning; where nothing else is in the file, they are its error.
struct SkippedMembers {
  /// The most members that are named.
  private static let shownCount = 8
  /// The bytes of the longest name that is shown whole.
  private static let longestName = 200

  private var members: [(name: String, what: String)] = []

  /// Remembers a member and what it holds.
  mutating func add(_ name: String, _ what: String) { members.append((name, what)) }

  /// The warning, if any member was passed over.
  ///
  /// - Parameter others: how many members were read.
  /// - Throws: what is wrong with a file of which nothing can be read.
  func warnings(format: String, others: Int, instead: String) throws(FormatProblem) -> [FormatWarning] {
    if members.isEmpty { return [] }
    let list = words
    guard others > 0 else {
      throw .unsupported(format: format, what: "nothing that can be read: \(list)", instead: instead)
    }
    return [.skippedMembers("\(members.count) of \(members.count + others) members (\(list))")]
  }

  /// `names: Python objects; readme.txt: no .npy file`
  private var words: String {
    var parts = members.prefix(SkippedMembers.shownCount).map { member in
      let isLong = member.name.utf8.count > SkippedMembers.longestName
      return
        "\(isLong ? member.name.prefix(SkippedMembers.longestName / 4) + "…" : member.name): \(member.what)"
    }
    if members.count > parts.count { parts.append("\(members.count - parts.count) more") }
    return parts.joined(separator: "; ")
  }
}
