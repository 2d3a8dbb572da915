/// What a user should know of a file that was read or written all the same.
public enum FormatWarning: Sendable, Hashable {
  /// Values became the nearest float32 (`reading`) or the nearest value that the file can hold.
  case inexact(key: String?, count: Int, total: Int, elementType: ElementType, reading: Bool)
  /// Values outside 0…255 were cut; `low` and `high` are the range that was found.
  case cut(count: Int, total: Int, low: Float, high: Float)
  /// NaN was written as 0.
  case notNumbers(count: Int, total: Int)
  /// The alpha of a picture was left out.
  case alphaDropped(format: String)
  /// Something in the file was passed over.
  case skipped(String)
  /// Members of an archive, counted and named, were passed over.
  case skippedMembers(String)
  /// A flaw that took nothing from the content.
  case flaw(String)

  /// A warning if any value is not exact.
  static func inexact(
    _ count: Int, of total: Int, key: String?, _ type: ElementType, reading: Bool
  ) -> [FormatWarning] {
    count == 0 ? [] : [.inexact(key: key, count: count, total: total, elementType: type, reading: reading)]
  }

  /// One line for the user, without `warning:`.
  public var message: String { words.visible }

  private var words: String {
    switch self {
    case .inexact(let key, let count, let total, let type, let reading):
      (key.map { "\($0): " } ?? "") + "\(count) of \(total) values are not exact as "
        + (reading ? "float32 (the file holds \(type.name))" : type.name)
    case .cut(let count, let total, let low, let high):
      "\(count) of \(total) values were outside 0…255 and cut; they range from \(shortestText(of: low)) to \(shortestText(of: high)) "
        + "(normalize=true stretches them)"
    case .notNumbers(let count, let total): "\(count) of \(total) values are NaN and became 0"
    case .alphaDropped(let format): "\(format) has no alpha: it was left out"
    case .skipped(let what): "\(what) was passed over"
    case .skippedMembers(let what): "\(what) were passed over"
    case .flaw(let what): what
    }
  }
}
